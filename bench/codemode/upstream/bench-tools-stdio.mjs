import { BENCH_FUNCTIONS, BENCH_TOOLS } from './bench-tools.mjs';

/** The tools as an MCP server over stdio, as small as can be. */
const HANDLERS = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'bench-tools', version: '1.0.0' },
  }),
  ping: () => ({}),
  'tools/list': () => ({ tools: BENCH_TOOLS }),
  'tools/call': async ({ name, arguments: args }) => ({
    content: [{ type: 'text', text: await BENCH_FUNCTIONS[name](args) }],
  }),
};

async function answer(line) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) {
    return;
  }
  const handler = HANDLERS[method];
  const reply =
    handler === undefined
      ? { error: { code: -32601, message: 'Method not found' } }
      : { result: await handler(params ?? {}) };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...reply })}\n`);
}

let rest = '';
process.stdin.setEncoding('utf8').on('data', (chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  for (const line of lines) {
    if (line !== '') {
      void answer(line);
    }
  }
});
process.stdin.on('end', () => {
  process.exit(0);
});
