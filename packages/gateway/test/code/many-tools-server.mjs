// An MCP server over stdio with as many tools as it is told: node many-tools-server.mjs COUNT
import { createInterface } from 'node:readline';

const count = Number(process.argv[2]);
const text = { type: 'string', description: 'What the zebra is to be told' };
const tools = Array.from({ length: count }, (_, index) => ({
  name: `zebra_tool_${index}`,
  description: `Tells the zebra of the number ${index} something`,
  inputSchema: { type: 'object', properties: { text }, required: ['text'] },
}));
const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (method === 'initialize') {
    const serverInfo = { name: 'zebras', version: '1' };
    send({
      id,
      result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo },
    });
  } else if (method === 'tools/list') {
    send({ id, result: { tools } });
  } else if (method === 'tools/call') {
    const said = { type: 'text', text: `${params.name}: ${params.arguments.text}` };
    send({ id, result: { content: [said] } });
  } else if (id !== undefined) {
    send({ id, error: { code: -32601, message: 'Method not found' } });
  }
}
