import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { handshakeHttp, handshakeSse, serveHandshakeStdio } from './handshake/serve.ts';
import { modernHttp, serveModernStdio } from './modern/serve.ts';
import { createWorld } from './world.ts';

/*
 * A server of one era and nothing else.
 * Usage: program.ts modern|handshake stdio|http|sse [FILE of executed calls, or -] [PORT]
 * Over HTTP it writes its port to standard output once it listens.
 */
const [era, transport, log = '-', port = '0'] = process.argv.slice(2);
const world = createWorld(log === '-' ? undefined : log);
const kind = `${era}-${transport}`;

if (kind === 'modern-stdio') {
  serveModernStdio(world);
} else if (kind === 'handshake-stdio') {
  await serveHandshakeStdio(world);
} else {
  const makers = {
    'modern-http': modernHttp,
    'handshake-http': handshakeHttp,
    'handshake-sse': handshakeSse,
  };
  const make = makers[kind as keyof typeof makers];
  if (make === undefined) throw new TypeError(`There is no server of the kind ${kind}`);
  const http = createServer(make(world));
  // Ends with whoever started it.
  process.stdin.resume().once('end', () => process.exit());
  http.listen(Number(port), '127.0.0.1', () => {
    process.stdout.write(`${(http.address() as AddressInfo).port}\n`);
  });
}
