import type { IncomingMessage } from 'node:http';

/** A request with these headers, each a pair of name and value, as far as the door looks at it. Of a header that came twice Node keeps the first value. */
export function fakeRequest(...pairs: readonly (readonly [string, string])[]): IncomingMessage {
  const headers: Record<string, string> = {};
  const headersDistinct: Record<string, string[]> = {};
  for (const [name, value] of pairs) {
    headers[name.toLowerCase()] ??= value;
    (headersDistinct[name.toLowerCase()] ??= []).push(value);
  }
  return { rawHeaders: pairs.flat(), headers, headersDistinct } as unknown as IncomingMessage;
}
