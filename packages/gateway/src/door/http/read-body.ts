import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

export type BodyResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly status: 400 | 413; readonly message: string };

/** Reads a request body of at most `maxBytes` that must be valid UTF-8. Resolves to undefined when the client went away meanwhile. */
export async function readRequestBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<BodyResult | undefined> {
  const tooLarge: BodyResult = { ok: false, status: 413, message: `The body is over ${maxBytes} bytes` };
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    return tooLarge;
  }
  const parts: Buffer[] = [];
  let size = 0;
  return await new Promise((resolve) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        request.removeAllListeners('data');
        request.pause();
        resolve(tooLarge);
        return;
      }
      parts.push(chunk);
    });
    request.once('end', () => {
      const [only] = parts;
      const bytes = parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
      resolve(decode(bytes));
    });
    request.once('close', () => {
      resolve(undefined);
    });
    request.once('error', () => {
      resolve(undefined);
    });
  });
}

function decode(bytes: Buffer): BodyResult {
  return isUtf8(bytes)
    ? { ok: true, text: bytes.toString('utf8') }
    : { ok: false, status: 400, message: 'The body is not valid UTF-8' };
}
