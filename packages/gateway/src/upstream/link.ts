import type { JsonObject, RpcResponse } from '@smcp/protocol';
import type { ClientFacts, OutgoingRequest } from './outgoing-request.ts';
import type { ServerDescription } from './server-description.ts';
import type { UpstreamError } from './upstream-error.ts';
import type { LogLevel } from './upstream.ts';

/** An answer as it came: `text` still has our own id, `message` is the same text parsed once. */
export interface UpstreamReply {
  readonly text: string;
  readonly message: RpcResponse;
}

export interface RequestOptions {
  /** Milliseconds until the call is given up; Infinity for none. They stand still while the server waits for an answer of the client. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** Progress of this request, and log messages on its own answer stream. Must not throw. */
  readonly onNotification?: ((method: string, params: JsonObject) => void) | undefined;
  /** Absent: a request of the gateway itself, behind which nobody can be asked. */
  readonly client?: ClientFacts | undefined;
  /** Id of the call in the records. Absent: a request of the gateway itself. */
  readonly call?: string | undefined;
  /** How many calls of scripts stand above it. Default 0. */
  readonly depth?: number | undefined;
  /** Milliseconds that the client has for one answer to a server with a handshake. Default: 10 minutes. */
  readonly askTimeoutMs?: number | undefined;
}

/**
 * A server that was reached, of either era: what is different between them ends here.
 *
 * Never sends a request twice. A request settles exactly once; a late answer is dropped. After the end of a link nothing is sent or heard.
 */
export interface Link extends AsyncDisposable {
  readonly description: ServerDescription;
  /** Calls that wait for their answer. */
  readonly inFlight: number;
  readonly closed: boolean;
  /** Process id of the server, when it is a child of ours. */
  readonly pid: number | undefined;
  /** The newest words of the server about itself (standard error), for people. */
  diagnosis(): string;
  /** @throws {UpstreamError} whose `mayHaveRun` says whether the server may have acted. */
  request(request: OutgoingRequest, options: RequestOptions): Promise<UpstreamReply>;
  setLogLevel(level: LogLevel): Promise<void>;
  /** Resolves once the server has promised to tell of changes. @throws {UpstreamError} `UPSTREAM_REFUSED` when it does not. */
  subscribe(uri: string): Promise<void>;
  unsubscribe(uri: string): Promise<void>;
  /** As `subscribe`, for a task. */
  followTask(taskId: string): Promise<void>;
  unfollowTask(taskId: string): Promise<void>;
  rootsChanged(asker: string): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface LinkEvents {
  /**
   * A notification that belongs to no request of ours in particular. Must not throw.
   *
   * @param asker Whom alone it concerns, as in `ClientFacts`; absent: no one client.
   */
  notification(method: string, params: JsonObject, asker?: string): void;
  /** Something that the operator should know, in one sentence. Told once per link and reason. */
  warning(message: string): void;
  /** The link has ended by itself. Called at most once, never after `dispose`. */
  close(error: UpstreamError): void;
}
