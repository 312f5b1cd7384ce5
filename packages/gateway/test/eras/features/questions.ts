import { expect } from 'vitest';
import { CONSENT_URL } from '../server/texts.ts';
import { textOf, type Feature } from './feature.ts';

/** What a server may ask the client for in the middle of a call. */
export const QUESTIONS: readonly Feature[] = [
  {
    name: 'elicitation: accepted',
    joined: true,
    show: async ({ client, named }) => {
      expect(textOf(await client.callTool(named('ask_name')))).toBe('Ada');
      expect(client.asked).toHaveLength(1);
      expect(client.asked[0]?.params).toMatchObject({
        message: expect.stringMatching(/Your name\?$/),
        requestedSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
      });
    },
  },
  {
    name: 'elicitation: declined',
    show: async ({ client, named }) => {
      client.answers = { ...client.answers, elicit: () => ({ action: 'decline' }) };
      expect(textOf(await client.callTool(named('ask_name')))).toBe('decline');
      expect(client.asked).toHaveLength(1);
    },
  },
  {
    name: 'elicitation: cancelled',
    show: async ({ client, named }) => {
      client.answers = { ...client.answers, elicit: () => ({ action: 'cancel' }) };
      expect(textOf(await client.callTool(named('ask_name')))).toBe('cancel');
    },
  },
  {
    name: 'elicitation: two in turn',
    joined: true,
    show: async ({ client, named }) => {
      expect(textOf(await client.callTool(named('ask_in_turn')))).toBe('Ada blue');
      // Where several servers share an endpoint the question says whose it is.
      expect(client.asked.map(({ params }) => params['message'])).toEqual([
        expect.stringMatching(/Your name\?$/),
        expect.stringMatching(/Your colour\?$/),
      ]);
    },
  },
  {
    name: 'elicitation: two at once',
    show: async ({ client, named }) => {
      expect(textOf(await client.callTool(named('ask_at_once')))).toBe('Ada blue');
      const messages = client.asked.map(({ params }) => params['message']);
      expect(new Set(messages)).toEqual(new Set(['Your name?', 'Your colour?']));
      expect(messages).toHaveLength(2);
    },
  },
  {
    name: 'elicitation: of two clients',
    show: async ({ client, named, another }) => {
      await using other = await another();
      other.answers = {
        ...other.answers,
        elicit: ({ message }) => ({
          action: 'accept',
          content: String(message).endsWith('name?') ? { name: 'Bob' } : { colour: 'red' },
        }),
      };
      const said = await Promise.allSettled(
        [client, other].map(async (one) => textOf(await one.callTool(named('ask_in_turn')))),
      );
      // Where nothing tells whose call a question belongs to it may be refused, but never be put to somebody else.
      const [mine, others] = said.map((one) => (one.status === 'fulfilled' ? String(one.value) : 'Refused'));
      expect(mine).not.toMatch(/Bob|red/);
      expect(others).not.toMatch(/Ada|blue/);
      expect([...client.asked, ...other.asked].length).toBeLessThanOrEqual(4);
    },
  },
  {
    name: 'elicitation: in a prompt',
    joined: true,
    show: async ({ client, named }) => {
      const { messages } = await client.getPrompt(named('briefing'));
      expect(messages).toEqual([{ role: 'user', content: { type: 'text', text: 'Brief Ada' } }]);
    },
  },
  {
    name: 'elicitation: URL',
    show: async ({ client, named }) => {
      expect(textOf(await client.callTool(named('ask_url')))).toBe('accept');
      expect(client.asked).toHaveLength(1);
      expect(client.asked[0]?.params).toMatchObject({
        mode: 'url',
        message: 'Please agree',
        url: CONSENT_URL,
      });
    },
  },
  {
    name: 'sampling',
    joined: true,
    show: async ({ client, named }) => {
      client.answers = { ...client.answers, sample: 'Perhaps' };
      expect(textOf(await client.callTool(named('ask_model')))).toBe('Perhaps');
      expect(client.asked).toHaveLength(1);
      expect(client.asked[0]).toMatchObject({ method: 'sampling/createMessage', params: { maxTokens: 10 } });
    },
  },
  {
    name: 'roots',
    show: async ({ client, named }) => {
      client.answers = { ...client.answers, roots: ['file:///tmp/a', 'file:///tmp/b'] };
      expect(textOf(await client.callTool(named('ask_roots')))).toBe('file:///tmp/a file:///tmp/b');
      expect(client.asked.map(({ method }) => method)).toEqual(['roots/list']);
    },
  },
];
