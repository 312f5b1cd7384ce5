import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { answerTo } from './echo-server.mjs';

const PATH = '/mcp';

// Streamable HTTP at its smallest: JSON answers, a session id that is given out and not checked, no stream of its own.
const server = createServer({ keepAliveTimeout: 65_000, noDelay: true }, (request, response) => {
  if (request.url !== PATH || request.method !== 'POST') {
    response.writeHead(request.method === 'DELETE' ? 204 : 405).end();
    return;
  }
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const answer = answerTo(parts.length === 1 ? parts[0].toString() : Buffer.concat(parts).toString());
    if (answer === undefined) {
      response.writeHead(202).end();
      return;
    }
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) };
    if (request.headers['mcp-session-id'] === undefined) {
      headers['mcp-session-id'] = randomUUID();
    }
    response.writeHead(200, headers).end(answer);
  });
});

server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${server.address().port}${PATH}` });
});
process.on('disconnect', () => {
  process.exit(0);
});
