import { randomUUID } from 'node:crypto';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { ElicitResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { COLOUR_SCHEMA, CONSENT_URL, NAME_SCHEMA, spoken, text } from '../texts.ts';

/** Tools and a prompt that ask the client in the middle of a call: some beside it, some as part of it. */
export function addQuestions(mcp: McpServer): void {
  const { server } = mcp;
  const name = { mode: 'form' as const, message: 'Your name?', requestedSchema: NAME_SCHEMA };
  const colour = { mode: 'form' as const, message: 'Your colour?', requestedSchema: COLOUR_SCHEMA };

  mcp.registerTool('ask_name', {}, async () => text(spoken(await server.elicitInput(name))));
  mcp.registerTool('ask_in_turn', {}, async ({ sendRequest }) => {
    const first = await sendRequest({ method: 'elicitation/create', params: name }, ElicitResultSchema);
    const second = await sendRequest({ method: 'elicitation/create', params: colour }, ElicitResultSchema);
    return text(`${spoken(first)} ${spoken(second)}`);
  });
  mcp.registerTool('ask_at_once', {}, async ({ sendRequest }) => {
    const answers = await Promise.all([
      sendRequest({ method: 'elicitation/create', params: name }, ElicitResultSchema),
      sendRequest({ method: 'elicitation/create', params: colour }, ElicitResultSchema),
    ]);
    return text(answers.map(spoken).join(' '));
  });
  mcp.registerTool('ask_url', {}, async ({ requestId }) => {
    const elicitationId = randomUUID();
    const params = { mode: 'url' as const, message: 'Please agree', url: CONSENT_URL, elicitationId };
    const { action } = await server.elicitInput(params, { relatedRequestId: requestId });
    return text(action);
  });
  mcp.registerTool('ask_model', {}, async ({ requestId }) => {
    const params = {
      messages: [{ role: 'user' as const, content: { type: 'text' as const, text: 'One word?' } }],
      maxTokens: 10,
    };
    const { content } = await server.createMessage(params, { relatedRequestId: requestId });
    return text(content.type === 'text' ? content.text : content.type);
  });
  mcp.registerTool('ask_roots', {}, async ({ requestId }) => {
    const { roots } = await server.listRoots({}, { relatedRequestId: requestId });
    return text(roots.map(({ uri }) => uri).join(' '));
  });
  mcp.registerPrompt('briefing', {}, async ({ requestId }) => {
    const said = spoken(await server.elicitInput(name, { relatedRequestId: requestId }));
    return { messages: [{ role: 'user', content: { type: 'text', text: `Brief ${said}` } }] };
  });
}
