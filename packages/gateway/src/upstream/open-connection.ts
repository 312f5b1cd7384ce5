import type { Dispatcher } from 'undici';
import { Connection, type ConnectionEvents } from './connection.ts';
import { SseTransport } from './http/sse-transport.ts';
import { StreamableTransport } from './http/streamable-transport.ts';
import { StdioTransport } from './stdio/stdio-transport.ts';
import type { Transport } from './transport.ts';
import { UpstreamError } from './upstream-error.ts';
import type { HttpSpec, UpstreamSpec } from './upstream-spec.ts';

export interface OpenOptions {
  readonly clientInfo: { readonly name: string; readonly version: string };
  readonly pool: Dispatcher;
  readonly events: ConnectionEvents;
  readonly signal?: AbortSignal | undefined;
}

// Answers of an older HTTP+SSE server to the POST of a newer client.
const NOT_STREAMABLE: ReadonlySet<number> = new Set([400, 404, 405, 406, 415]);

/** Starts or reaches the server and shakes hands. What was started is ended again when that fails. */
export async function openConnection(spec: UpstreamSpec, options: OpenOptions): Promise<Connection> {
  if (spec.kind === 'stdio') {
    return await shakeHands(
      spec,
      new StdioTransport({ ...spec, name: spec.server, maxLineBytes: spec.maxResultBytes }),
      options,
    );
  }
  const http = { name: spec.server, url: spec.url, headers: spec.headers, pool: options.pool };
  if (spec.transport === 'sse') {
    return await shakeHands(spec, new SseTransport(http, spec.maxResultBytes), options);
  }
  try {
    return await shakeHands(spec, new StreamableTransport(http), options);
  } catch (error) {
    if (!mayBeOlder(spec, error)) {
      throw error;
    }
    try {
      return await shakeHands(spec, new SseTransport(http, spec.maxResultBytes), options);
    } catch {
      // It speaks neither; the answer to the first attempt tells more.
      throw error;
    }
  }
}

function mayBeOlder(spec: HttpSpec, error: unknown): boolean {
  return (
    spec.transport === 'auto' &&
    error instanceof UpstreamError &&
    error.status !== undefined &&
    NOT_STREAMABLE.has(error.status)
  );
}

async function shakeHands(
  spec: UpstreamSpec,
  transport: Transport,
  options: OpenOptions,
): Promise<Connection> {
  const connection = new Connection(spec.server, transport, options.events);
  try {
    await connection.open(options.clientInfo, {
      timeoutMs: spec.startTimeoutMs,
      maxBytes: spec.maxResultBytes,
      signal: options.signal,
    });
    return connection;
  } catch (error) {
    const diagnosis = connection.diagnosis();
    await connection[Symbol.asyncDispose]();
    if (error instanceof UpstreamError && diagnosis !== '') {
      throw new UpstreamError(error.code, error.message, { cause: error, diagnosis });
    }
    throw error;
  }
}
