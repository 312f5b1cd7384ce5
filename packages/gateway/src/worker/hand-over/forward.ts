import { request as httpRequest, type Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { hasCode } from '../../lib/has-code.ts';
import { forwardedHeaders, INTERNAL, returnedHeaders } from './internal-headers.ts';

export interface ForwardOptions {
  /** Private socket of the worker that is to answer. */
  readonly socketPath: string;
  readonly agent: Agent;
  readonly token: string;
  /** Address of the client. */
  readonly source: string;
  /** The body, when it has been read already. */
  readonly body?: string | undefined;
}

/**
 * - `answered` the other worker has answered, or the client has gone
 * - `absent` there is no such worker at the moment; the request did not reach it
 * - `lost` it went away before it answered, and may have done what it was asked
 */
export type ForwardResult = 'answered' | 'absent' | 'lost';

/** Sends a request on and its answer back. Ends both when either side goes away. Never rejects. */
export async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  options: ForwardOptions,
): Promise<ForwardResult> {
  const { promise, resolve } = Promise.withResolvers<ForwardResult>();
  const { socketPath, agent, token, source, body } = options;
  const hasBody = request.method === 'POST';
  const outgoing = httpRequest({
    socketPath,
    agent,
    method: request.method,
    path: request.url,
    headers: [
      ...forwardedHeaders(request.rawHeaders),
      ...(hasBody ? bodyHeaders(request, body) : []),
      INTERNAL.token,
      token,
      INTERNAL.source,
      source,
    ],
    setHost: false,
  });
  const onClientGone = (): void => {
    outgoing.destroy();
    resolve('answered');
  };
  response.once('close', onClientGone);
  outgoing.on('error', (error) => {
    const isAbsent = hasCode(error, 'ENOENT') || hasCode(error, 'ECONNREFUSED');
    resolve(isAbsent ? 'absent' : 'lost');
  });
  outgoing.once('response', (answer) => {
    const isLast = answer.headers.connection === 'close';
    response.writeHead(answer.statusCode ?? 502, [
      ...returnedHeaders(answer.rawHeaders),
      ...(isLast ? ['connection', 'close'] : []),
    ]);
    // An event stream says nothing for a while, but that it is open must be known.
    response.flushHeaders();
    pipeline(answer, response)
      .catch(() => {
        response.destroy();
      })
      .finally(() => {
        resolve('answered');
      });
  });
  if (!hasBody) {
    // A body that nobody reads is not sent on, so that it can never be taken for the next request.
    outgoing.end();
  } else if (body === undefined) {
    request.on('error', () => {
      outgoing.destroy();
    });
    request.pipe(outgoing);
  } else {
    outgoing.end(body);
  }
  const result = await promise;
  response.off('close', onClientGone);
  return result;
}

function bodyHeaders(request: IncomingMessage, body: string | undefined): string[] {
  if (body !== undefined) {
    return ['content-length', String(Buffer.byteLength(body))];
  }
  // The parser has seen to it that the body is as long as its length says.
  const length = request.headers['content-length'];
  return length === undefined ? ['transfer-encoding', 'chunked'] : ['content-length', length];
}
