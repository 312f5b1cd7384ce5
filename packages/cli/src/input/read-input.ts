import type { InStream } from '../cli/io.ts';
import { CliError } from '../errors/cli-error.ts';

/**
 * Reads a stream to its end as UTF-8.
 *
 * @throws {CliError} `INPUT_INVALID` beyond `maxBytes`, and for bytes that are not UTF-8.
 */
export async function readAll(stream: InStream, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array | string>) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    length += bytes.byteLength;
    if (length > maxBytes)
      throw new CliError('INPUT_INVALID', `Standard input has more than ${maxBytes} bytes`);
    chunks.push(bytes);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new CliError('INPUT_INVALID', 'Standard input is not UTF-8 text');
  }
}
