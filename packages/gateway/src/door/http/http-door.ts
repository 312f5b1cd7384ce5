import type { IncomingMessage, ServerResponse } from 'node:http';

/** A way in over HTTP. `path` has no query. Answers the request or says that the path is none of its own. */
export interface HttpDoor {
  handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean>;
  /** True when any web page may read what is at `path`, because it is the same for everybody and needs no login. Default: never. */
  isForAnyOrigin?(path: string): boolean;
}

/** Header values by lower-case name; a list for one that came more than once. */
export type HeaderValues = Readonly<Record<string, string | readonly string[] | undefined>>;

const VALUES = new WeakMap<IncomingMessage, HeaderValues>();

/** All header values of a request, none lost: where a header came twice, both are there. */
export function headerValues(request: IncomingMessage): HeaderValues {
  const known = VALUES.get(request);
  if (known !== undefined) {
    return known;
  }
  const { headers, rawHeaders } = request;
  // Node keeps one value of most headers that come twice. When none does, which is nearly always, nothing has to be built a second time.
  const isDistinct = Object.keys(headers).length * 2 === rawHeaders.length;
  const values = isDistinct ? headers : readDistinct(request);
  VALUES.set(request, values);
  return values;
}

function readDistinct({ headersDistinct }: IncomingMessage): HeaderValues {
  const entries = Object.entries(headersDistinct);
  return Object.fromEntries(entries.map(([name, list = []]) => [name, list.length === 1 ? list[0] : list]));
}

/** One header value, or undefined when it is absent or was sent more than once. */
export function singleHeader(request: IncomingMessage, name: string): string | undefined {
  const values = headerValues(request);
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Whether a header came at all, once or more often. */
export function hasHeader(request: IncomingMessage, name: string): boolean {
  return Object.hasOwn(headerValues(request), name);
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
