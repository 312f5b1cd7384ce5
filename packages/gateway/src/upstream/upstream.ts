import type { JsonObject } from '@smcp/protocol';
import type { RequestOptions, UpstreamReply } from './link.ts';
import type { OutgoingRequest } from './outgoing-request.ts';
import type { ServerDescription } from './server-description.ts';

/**
 * One way out, as the gate sees it: a server for one partition of callers, whether or not it runs at the moment.
 *
 * Promises: starts on first use and again after it ended, with back-off; never sends a call again that may have run; a session that the server
 * has forgotten is opened anew once, and the call, which surely did not run, is sent once more. The era of the server is found out when it is
 * reached, and anew when it is reached again.
 */
export interface Upstream extends AsyncDisposable {
  readonly server: string;
  readonly state: 'idle' | 'starting' | 'ready' | 'failed' | 'closed';
  /** Starts the server if needed and gives what it says of itself. */
  describe(): Promise<ServerDescription>;
  request(request: OutgoingRequest, options: RequestOptions): Promise<UpstreamReply>;
  /** Joins those who are told what the server says on its own; call the returned function to leave, which also ends its wishes below. */
  attach(listener: UpstreamListener): () => void;
  /**
   * Asks the server for log messages at `level` on behalf of an attached listener; the most verbose wish of all listeners counts. To a modern server
   * the level travels with each call instead, as `ClientFacts.logLevel`.
   */
  setLogLevel(listener: UpstreamListener, level: LogLevel): Promise<void>;
  /** Follows changes of a resource for an attached listener; the server is asked once for all listeners, and again after it started anew. */
  subscribe(listener: UpstreamListener, uri: string): Promise<void>;
  unsubscribe(listener: UpstreamListener, uri: string): Promise<void>;
  /**
   * Follows a task of the tasks extension (`notifications/tasks`) for an attached listener, as `subscribe` does a resource.
   *
   * @throws {UpstreamError} `UPSTREAM_REFUSED` when the server has no such notifications, as every server with a handshake.
   */
  followTask(listener: UpstreamListener, taskId: string): Promise<void>;
  unfollowTask(listener: UpstreamListener, taskId: string): Promise<void>;
  /**
   * The folders of a client have changed. Told to a server with a handshake that may ask for them and serves nobody but this client; dropped otherwise.
   *
   * @param asker As in `ClientFacts`.
   */
  rootsChanged(asker: string): void;
  health(): UpstreamHealth;
}

export interface UpstreamListener {
  /** Whose listener it is. What one principal caused is not told to another. */
  readonly principal: string;
  /** As in `ClientFacts`: what concerns one client alone is told to the listeners with the same. */
  readonly asker?: string | undefined;
  /** Must not throw. */
  notification(method: string, params: JsonObject): void;
}

export const LOG_LEVELS = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export function isLogLevel(value: unknown): value is LogLevel {
  return typeof value === 'string' && LOG_LEVELS.some((level) => level === value);
}

const LIST_CHANGED = /^notifications\/(?:tools|prompts|resources)\/list_changed$/;

/** Whether a notification says that a list has changed. */
export function isListChanged(method: string): boolean {
  return LIST_CHANGED.test(method);
}

export interface UpstreamHealth {
  readonly server: string;
  readonly state: Upstream['state'];
  readonly inFlight: number;
  readonly starts: number;
  readonly pid?: number | undefined;
  readonly lastError?: string | undefined;
  /** End of the server's standard error. */
  readonly diagnosis: string;
}
