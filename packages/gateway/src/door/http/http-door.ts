import type { IncomingMessage, ServerResponse } from 'node:http';

/** A way in over HTTP. `path` has no query. Answers the request or says that the path is none of its own. */
export interface HttpDoor {
  handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean>;
}

/** One header value, or undefined when it is absent or was sent more than once. */
export function singleHeader(request: IncomingMessage, name: string): string | undefined {
  const values = request.headersDistinct[name];
  return values?.length === 1 ? values[0] : undefined;
}

/** Ends a response with a JSON body. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}
