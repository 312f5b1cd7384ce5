import type { JsonObject } from '@smcp/protocol';
import { BackOff } from './back-off.ts';
import { requestText, type Connection, type RequestOptions, type ServerDescription, type UpstreamReply } from './connection.ts';
import { openConnection, type OpenOptions } from './open-connection.ts';
import { UpstreamError } from './upstream-error.ts';
import type { UpstreamSpec } from './upstream-spec.ts';
import { LOG_LEVELS, type LogLevel, type Upstream, type UpstreamHealth, type UpstreamListener } from './upstream.ts';

const SETTING_TIMEOUT_MS = 10_000;

export interface ManagedUpstreamOptions extends Omit<OpenOptions, 'events' | 'signal'> {
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** Hears everything the server says on its own, before the listeners do. */
  readonly onNotification: (method: string, params: JsonObject) => void;
  /** A new connection is up; whatever was learnt from an earlier one may be outdated. */
  readonly onReady: () => void;
  readonly onEnd: (error: UpstreamError, diagnosis: string) => void;
}

/** An `Upstream` that keeps at most one connection and opens it when it is needed. */
export class ManagedUpstream implements Upstream {
  readonly #spec: UpstreamSpec;
  readonly #options: ManagedUpstreamOptions;
  readonly #backOff = new BackOff();
  readonly #listeners = new Set<UpstreamListener>();
  readonly #logLevels = new Map<UpstreamListener, LogLevel>();
  readonly #subscriptions = new Map<string, Set<UpstreamListener>>();
  readonly #closing = new AbortController();
  #connection: Connection | undefined;
  #opening: Promise<Connection> | undefined;
  #readyAt = 0;
  #lastUsed: number;
  #starts = 0;
  #active = 0;
  #lastError: string | undefined;
  #diagnosis = '';

  constructor(spec: UpstreamSpec, options: ManagedUpstreamOptions) {
    this.#spec = spec;
    this.#options = options;
    this.#lastUsed = options.now();
  }

  get server(): string {
    return this.#spec.server;
  }

  get state(): Upstream['state'] {
    if (this.#closing.signal.aborted) {
      return 'closed';
    }
    if (this.#connection !== undefined) {
      return 'ready';
    }
    if (this.#opening !== undefined) {
      return 'starting';
    }
    return this.#lastError === undefined ? 'idle' : 'failed';
  }

  async describe(): Promise<ServerDescription> {
    this.#lastUsed = this.#options.now();
    return (await this.#connect()).description;
  }

  async request(method: string, encode: (id: number) => string, options: RequestOptions): Promise<UpstreamReply> {
    this.#active += 1;
    this.#lastUsed = this.#options.now();
    try {
      const connection = this.#connection ?? (await this.#connect());
      try {
        return await connection.request(method, encode, options);
      } catch (error) {
        if (!(error instanceof UpstreamError) || error.code !== 'UPSTREAM_SESSION_LOST') {
          throw error;
        }
        this.#drop(connection, error);
      }
      return await (await this.#connect()).request(method, encode, options);
    } finally {
      this.#active -= 1;
      this.#lastUsed = this.#options.now();
    }
  }

  attach(listener: UpstreamListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#detach(listener);
    };
  }

  async setLogLevel(listener: UpstreamListener, level: LogLevel): Promise<void> {
    this.#logLevels.set(listener, level);
    await this.#sendLogLevel(await this.#connect());
  }

  async subscribe(listener: UpstreamListener, uri: string): Promise<void> {
    const connection = await this.#connect();
    const followers = this.#subscriptions.get(uri) ?? new Set();
    if (followers.size === 0) {
      await this.#setting(connection, 'resources/subscribe', { uri });
    }
    this.#subscriptions.set(uri, followers.add(listener));
  }

  async unsubscribe(listener: UpstreamListener, uri: string): Promise<void> {
    const followers = this.#subscriptions.get(uri);
    if (followers?.delete(listener) === true && followers.size === 0) {
      this.#subscriptions.delete(uri);
      if (this.#connection !== undefined) {
        await this.#setting(this.#connection, 'resources/unsubscribe', { uri });
      }
    }
  }

  health(): UpstreamHealth {
    return {
      server: this.server,
      state: this.state,
      inFlight: this.#active,
      starts: this.#starts,
      pid: this.#connection?.pid,
      lastError: this.#lastError,
      diagnosis: this.#connection?.diagnosis() ?? this.#diagnosis,
    };
  }

  /** Ends the connection when nobody has used it for the configured time. Returns whether this upstream holds nothing any more. */
  async stopIfIdle(): Promise<boolean> {
    const idle = this.#active === 0 && this.#opening === undefined && this.#options.now() - this.#lastUsed >= this.#spec.idleMs;
    if (idle && this.#subscriptions.size === 0 && this.#connection !== undefined) {
      const connection = this.#connection;
      this.#connection = undefined;
      await connection[Symbol.asyncDispose]();
    }
    return idle && this.#connection === undefined && this.#listeners.size === 0;
  }

  /** Waits until no call is in flight, at most `withinMs`, then ends. New calls are still accepted meanwhile. */
  async drain(withinMs: number): Promise<void> {
    const until = this.#options.now() + withinMs;
    while (this.#active > 0 && this.#options.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    await this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    const connection = this.#connection ?? (await this.#opening?.catch(() => undefined));
    this.#connection = undefined;
    await connection?.[Symbol.asyncDispose]();
  }

  #connect(): Promise<Connection> {
    if (this.#closing.signal.aborted) {
      return Promise.reject(new UpstreamError('UPSTREAM_UNAVAILABLE', `Server "${this.server}" was removed or is stopping`));
    }
    if (this.#connection !== undefined) {
      return Promise.resolve(this.#connection);
    }
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #open(): Promise<Connection> {
    const waitMs = this.#backOff.waitMs(this.#options.now());
    if (waitMs > 0) {
      throw new UpstreamError('UPSTREAM_UNAVAILABLE', `Server "${this.server}" keeps failing; next start in ${Math.ceil(waitMs / 1000)} s. Last: ${this.#lastError ?? 'unknown'}`);
    }
    this.#starts += 1;
    let opened: Connection | undefined;
    try {
      opened = await openConnection(this.#spec, {
        ...this.#options,
        signal: this.#closing.signal,
        events: {
          notification: (method, params) => {
            this.#onNotification(method, params);
          },
          close: (error) => {
            if (opened !== undefined) {
              this.#drop(opened, error);
            }
          },
        },
      });
    } catch (error) {
      this.#backOff.failed(this.#options.now());
      this.#lastError = (error as Error).message;
      throw error instanceof UpstreamError && !error.mayHaveRun
        ? error
        : new UpstreamError('UPSTREAM_UNAVAILABLE', (error as Error).message, { cause: error });
    }
    this.#connection = opened;
    this.#readyAt = this.#options.now();
    this.#lastError = undefined;
    this.#options.onReady();
    // A server that refuses a setting still serves calls.
    await this.#restore(opened).catch(() => undefined);
    return opened;
  }

  /** Asks a new connection for what the listeners had asked an earlier one. */
  async #restore(connection: Connection): Promise<void> {
    await this.#sendLogLevel(connection);
    for (const uri of this.#subscriptions.keys()) {
      await this.#setting(connection, 'resources/subscribe', { uri });
    }
  }

  async #sendLogLevel(connection: Connection): Promise<void> {
    const wishes = [...this.#logLevels.values()].map((level) => LOG_LEVELS.indexOf(level));
    if (wishes.length > 0 && connection.description.capabilities['logging'] !== undefined) {
      await this.#setting(connection, 'logging/setLevel', { level: LOG_LEVELS[Math.min(...wishes)] ?? 'info' });
    }
  }

  async #setting(connection: Connection, method: string, params: JsonObject): Promise<void> {
    const { message } = await connection.request(method, (id) => requestText(id, method, params), {
      timeoutMs: SETTING_TIMEOUT_MS,
      maxBytes: this.#spec.maxResultBytes,
    });
    if ('error' in message) {
      throw new UpstreamError('UPSTREAM_REFUSED', `Server "${this.server}" refused ${method}: ${message.error.message}`);
    }
  }

  #drop(connection: Connection, error: UpstreamError): void {
    if (this.#connection !== connection) {
      return;
    }
    this.#connection = undefined;
    this.#diagnosis = connection.diagnosis();
    this.#lastError = error.message;
    const now = this.#options.now();
    if (error.code !== 'UPSTREAM_SESSION_LOST') {
      this.#backOff.ended(now, now - this.#readyAt);
    }
    this.#options.onEnd(error, this.#diagnosis);
    // Whoever waits on it has been told; ending the rest of it may take its time.
    connection[Symbol.asyncDispose]().catch(() => undefined);
  }

  #detach(listener: UpstreamListener): void {
    this.#listeners.delete(listener);
    this.#logLevels.delete(listener);
    for (const uri of [...this.#subscriptions.keys()]) {
      this.unsubscribe(listener, uri).catch(() => undefined);
    }
  }

  /**
   * Log messages may carry what one caller did. They go to listeners only while all of them are the same principal; with several, only those that
   * came on a call's own stream are delivered, by the connection.
   */
  #onNotification(method: string, params: JsonObject): void {
    this.#options.onNotification(method, params);
    if (method === 'notifications/message' && new Set([...this.#listeners].map((listener) => listener.principal)).size !== 1) {
      return;
    }
    const followers =
      method === 'notifications/resources/updated' ? this.#subscriptions.get(String(params['uri'])) : this.#listeners;
    for (const listener of followers ?? []) {
      listener.notification(method, params);
    }
  }
}
