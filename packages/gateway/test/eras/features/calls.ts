import { expect } from 'vitest';
import { NOTE_URI } from '../server/texts.ts';
import type { Feature } from './feature.ts';

/** Asking for lists and using what is on them. */
export const CALLS: readonly Feature[] = [
  {
    name: 'tools: list',
    joined: true,
    show: async ({ client, named }) => {
      const tools = await client.listTools();
      const add = tools.find(({ name }) => name === named('add'));
      expect(add).toMatchObject({
        inputSchema: { type: 'object', required: ['a', 'b'] },
        outputSchema: { type: 'object', required: ['sum'] },
      });
    },
  },
  {
    name: 'tools: call, text',
    joined: true,
    show: async ({ client, named }) => {
      const result = await client.callTool(named('echo'), { text: 'grüß dich ✓' });
      expect(result['content']).toEqual([{ type: 'text', text: 'grüß dich ✓' }]);
      expect(result['isError'] ?? false).toBe(false);
    },
  },
  {
    name: 'tools: call, structuredContent',
    show: async ({ client, named }) => {
      const result = await client.callTool(named('add'), { a: 2, b: 40 });
      expect(result['structuredContent']).toEqual({ sum: 42 });
    },
  },
  {
    name: 'tools: call, isError',
    show: async ({ client, named }) => {
      const result = await client.callTool(named('fail'));
      expect(result).toMatchObject({ isError: true, content: [{ type: 'text', text: 'it failed' }] });
    },
  },
  {
    name: 'prompts: list and get',
    joined: true,
    show: async ({ client, named }) => {
      const prompts = await client.listPrompts();
      expect(prompts.find(({ name }) => name === named('greet'))).toMatchObject({
        description: 'Greets',
        arguments: [{ name: 'style', required: true }],
      });
      const { messages } = await client.getPrompt(named('greet'), { style: 'short' });
      expect(messages).toEqual([{ role: 'user', content: { type: 'text', text: 'Greet in a short way' } }]);
    },
  },
  {
    name: 'resources: list and read',
    show: async ({ client }) => {
      const resources = await client.listResources();
      expect(resources.map(({ uri }) => uri)).toContain(NOTE_URI);
      const { contents } = await client.readResource(NOTE_URI);
      expect(contents).toEqual([{ uri: NOTE_URI, mimeType: 'text/plain', text: 'remember the milk' }]);
    },
  },
  {
    name: 'resources: templates',
    show: async ({ client }) => {
      const templates = await client.listTemplates();
      expect(templates.map(({ uriTemplate }) => uriTemplate)).toContain('era://city/{city}');
      const { contents } = await client.readResource('era://city/Rome');
      expect(contents).toEqual([{ uri: 'era://city/Rome', text: 'The city of Rome' }]);
    },
  },
  {
    name: 'completion: prompt argument',
    joined: true,
    show: async ({ client, named }) => {
      const values = await client.complete({ type: 'ref/prompt', name: named('greet') }, 'style', 'f');
      expect(values).toEqual(['formal', 'friendly']);
    },
  },
  {
    name: 'completion: resource template',
    show: async ({ client }) => {
      const of = { type: 'ref/resource', uri: 'era://city/{city}' } as const;
      expect(await client.complete(of, 'city', 'P')).toEqual(['Paris', 'Prague']);
    },
  },
  {
    name: 'errors: unknown tool',
    show: async ({ client, named }) => {
      const outcome = await client.callTool(named('no_such_tool')).catch((error: unknown) => error);
      // Servers of the first generation tell the model instead of the client.
      if (!(outcome instanceof Error)) expect(outcome).toMatchObject({ isError: true });
    },
  },
];
