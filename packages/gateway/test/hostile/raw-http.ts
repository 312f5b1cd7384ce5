import { connect, type Socket } from 'node:net';

export interface RawReply {
  readonly status: number;
  /** Names in lower case; values of a repeated header joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface SendOptions {
  /** Says that nothing more will come, once the bytes are out. */
  readonly end?: boolean | undefined;
  /** Sends this byte again and again, until the peer has had enough. */
  readonly trickle?: { readonly byte: string; readonly everyMs: number } | undefined;
}

const GIVE_UP_MS = 15_000;

/**
 * Writes bytes to a TCP port and reads until the peer closes. Gives every HTTP response found in what came back; a connection that was closed
 * without a word gives none.
 *
 * @throws {Error} when the peer keeps the connection open for 15 seconds.
 */
export async function sendRaw(
  port: number,
  bytes: Uint8Array,
  options: SendOptions = {},
): Promise<readonly RawReply[]> {
  const received = await exchange(port, bytes, options);
  return parseReplies(received.toString('utf8'));
}

async function exchange(port: number, bytes: Uint8Array, { end, trickle }: SendOptions): Promise<Buffer> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const parts: Buffer[] = [];
  socket.on('data', (part) => parts.push(part));
  // A reset only says that the peer did not want to hear the rest; what it said before counts.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.once('end', resolve).once('close', () => {
      resolve();
    });
  });
  socket.write(bytes);
  if (end === true) {
    socket.end();
  }
  const trickling = trickle === undefined ? undefined : startTrickle(socket, trickle);
  let timer: NodeJS.Timeout | undefined;
  try {
    await Promise.race([
      closed,
      new Promise((_resolve, reject) => {
        timer = setTimeout(() => {
          reject(
            new Error(
              `The peer kept the connection open; it said ${JSON.stringify(String(Buffer.concat(parts)))}`,
            ),
          );
        }, GIVE_UP_MS);
      }),
    ]);
  } finally {
    clearTimeout(timer);
    clearInterval(trickling);
    socket.destroy();
  }
  return Buffer.concat(parts);
}

function startTrickle(
  socket: Socket,
  { byte, everyMs }: { readonly byte: string; readonly everyMs: number },
): NodeJS.Timeout {
  return setInterval(() => {
    if (socket.writable) {
      socket.write(byte);
    }
  }, everyMs);
}

function parseReplies(text: string): readonly RawReply[] {
  const replies: RawReply[] = [];
  let rest = text;
  while (rest !== '') {
    const headEnd = rest.indexOf('\r\n\r\n');
    const [statusLine = '', ...lines] = rest.slice(0, headEnd).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1]);
    if (headEnd === -1 || Number.isNaN(status)) {
      throw new Error(`Not an HTTP response: ${JSON.stringify(rest.slice(0, 200))}`);
    }
    const headers = readHeaders(lines);
    const [body, after] = takeBody(rest.slice(headEnd + 4), headers);
    replies.push({ status, headers, body });
    rest = after;
  }
  return replies;
}

/** The body and what stands behind it. */
function takeBody(text: string, headers: Readonly<Record<string, string>>): readonly [string, string] {
  if (headers['transfer-encoding'] !== 'chunked') {
    const length = Number(headers['content-length'] ?? text.length);
    return [text.slice(0, length), text.slice(length)];
  }
  let body = '';
  let rest = text;
  for (;;) {
    const lineEnd = rest.indexOf('\r\n');
    const size = Number.parseInt(rest.slice(0, lineEnd), 16);
    if (lineEnd === -1 || Number.isNaN(size)) {
      throw new Error(`Not a chunk: ${JSON.stringify(rest.slice(0, 200))}`);
    }
    body += rest.slice(lineEnd + 2, lineEnd + 2 + size);
    rest = rest.slice(lineEnd + 2 + size + 2);
    if (size === 0) {
      return [body, rest];
    }
  }
}

function readHeaders(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}
