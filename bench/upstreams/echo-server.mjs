/** The smallest useful MCP server: one tool, `echo`. Answers one message as JSON text; a notification gives undefined. */
export function answerTo(text) {
  const { id, method, params } = JSON.parse(text);
  if (id === undefined) {
    return undefined;
  }
  const handler = HANDLERS.get(method);
  return handler === undefined
    ? JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } })
    : JSON.stringify({ jsonrpc: '2.0', id, result: handler(params ?? {}) });
}

const TOOL = {
  name: 'echo',
  description: 'Echoes back the input',
  inputSchema: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
};

const HANDLERS = new Map([
  [
    'initialize',
    ({ protocolVersion }) => ({
      protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: 'bench-echo', version: '1.0.0' },
    }),
  ],
  ['ping', () => ({})],
  ['tools/list', () => ({ tools: [TOOL] })],
  ['tools/call', (params) => ({ content: [{ type: 'text', text: `Echo: ${params.arguments.message}` }] })],
]);
