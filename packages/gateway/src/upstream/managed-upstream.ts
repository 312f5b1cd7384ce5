import type { JsonObject } from '@smcp/protocol';
import { BackOff } from './back-off.ts';
import {
  quoted,
  requestText,
  type Connection,
  type RequestOptions,
  type UpstreamReply,
} from './connection.ts';
import { openConnection, type OpenOptions } from './open-connection.ts';
import type { ServerDescription } from './server-description.ts';
import { Subscriptions } from './subscriptions.ts';
import { UpstreamError } from './upstream-error.ts';
import type { UpstreamSpec } from './upstream-spec.ts';
import {
  isListChanged,
  LOG_LEVELS,
  type LogLevel,
  type Upstream,
  type UpstreamHealth,
  type UpstreamListener,
} from './upstream.ts';

const SETTING_TIMEOUT_MS = 10_000;
const DRAIN_POLL_MS = 25;

export interface ManagedUpstreamOptions extends Omit<OpenOptions, 'events' | 'signal'> {
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** Hears everything the server says on its own, before the listeners do. */
  readonly onNotification: (method: string, params: JsonObject) => void;
  /** A new connection is up; whatever was learnt from an earlier one may be outdated. */
  readonly onReady: () => void;
  /** It could not be started or reached. */
  readonly onFailure: (error: UpstreamError) => void;
  readonly onEnd: (error: UpstreamError, diagnosis: string) => void;
}

/** An `Upstream` that keeps at most one connection in use and opens it when it is needed. */
export class ManagedUpstream implements Upstream {
  readonly #spec: UpstreamSpec;
  readonly #options: ManagedUpstreamOptions;
  readonly #backOff = new BackOff();
  readonly #listeners = new Set<UpstreamListener>();
  readonly #logLevels = new Map<UpstreamListener, LogLevel>();
  readonly #subscriptions = new Subscriptions();
  readonly #closing = new AbortController();
  /** Connections whose session is lost while calls on them still wait for their own answers. */
  readonly #retired = new Set<Connection>();
  readonly #ending = new Set<Promise<void>>();
  /** Principals that have listened to the present connection; two are enough to know that there were several. */
  #principals = new Set<string>();
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
    return await this.#using(async () => (await this.#connect()).description);
  }

  async request(
    method: string,
    encode: (id: number) => string,
    options: RequestOptions,
  ): Promise<UpstreamReply> {
    return await this.#using(async () => {
      const connection = this.#connection ?? (await this.#connectFor(options.signal));
      try {
        return await this.#send(connection, method, encode, options);
      } catch (error) {
        if (!(error instanceof UpstreamError) || error.code !== 'UPSTREAM_SESSION_LOST') {
          throw error;
        }
        this.#retire(connection, error);
      }
      return await this.#send(await this.#connectFor(options.signal), method, encode, options);
    });
  }

  attach(listener: UpstreamListener): () => void {
    this.#listeners.add(listener);
    if (this.#principals.size < 2) {
      this.#principals.add(listener.principal);
    }
    return () => {
      this.#detach(listener);
    };
  }

  async setLogLevel(listener: UpstreamListener, level: LogLevel): Promise<void> {
    if (!this.#listeners.has(listener)) {
      return;
    }
    this.#logLevels.set(listener, level);
    const { capabilities } = await this.describe();
    const wished = this.#wishedLogLevel();
    if (wished !== undefined && capabilities['logging'] !== undefined) {
      await this.#ask('logging/setLevel', { level: wished });
    }
  }

  async subscribe(listener: UpstreamListener, uri: string): Promise<void> {
    await this.#using(async () => {
      await this.#subscriptions.add(listener, uri, async () => {
        await this.#ask('resources/subscribe', { uri });
      });
    });
    // It may have left meanwhile, and nobody would unsubscribe for it.
    if (!this.#listeners.has(listener)) {
      await this.unsubscribe(listener, uri);
    }
  }

  async unsubscribe(listener: UpstreamListener, uri: string): Promise<void> {
    await this.#using(async () => {
      await this.#subscriptions.remove(listener, uri, async () => {
        if (this.#connection !== undefined) {
          await this.#ask('resources/unsubscribe', { uri });
        }
      });
    });
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

  /** Counts as a use: whoever holds it now is about to. */
  touch(): void {
    this.#lastUsed = this.#options.now();
  }

  /** Ends the connection when nobody has used it for the configured time. Returns whether this upstream holds nothing any more. */
  async stopIfIdle(): Promise<boolean> {
    const connection = this.#connection;
    if (connection !== undefined && this.#isIdle() && this.#subscriptions.size === 0) {
      this.#connection = undefined;
      await this.#end(connection);
    }
    return (
      this.#isIdle() &&
      this.#connection === undefined &&
      this.#ending.size === 0 &&
      this.#listeners.size === 0
    );
  }

  /** Waits until no call is in flight, at most `withinMs`, then ends. New calls are still accepted meanwhile. */
  async drain(withinMs: number): Promise<void> {
    const until = this.#options.now() + withinMs;
    while (this.#active > 0 && this.#options.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS));
    }
    await this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    const connections = [this.#connection, ...this.#retired];
    this.#connection = undefined;
    this.#retired.clear();
    for (const connection of connections) {
      if (connection !== undefined) {
        void this.#end(connection);
      }
    }
    // Aborted by now; it ends what it had started before it rejects.
    await this.#opening?.catch(() => undefined);
    await Promise.all(this.#ending);
  }

  async #using<T>(work: () => Promise<T>): Promise<T> {
    this.#active += 1;
    this.touch();
    try {
      return await work();
    } finally {
      this.#active -= 1;
      this.touch();
    }
  }

  #isIdle(): boolean {
    return (
      this.#active === 0 &&
      this.#opening === undefined &&
      this.#options.now() - this.#lastUsed >= this.#spec.idleMs
    );
  }

  /** Waits for a connection no longer than the caller does. */
  async #connectFor(signal: AbortSignal | undefined): Promise<Connection> {
    if (signal === undefined) {
      return await this.#connect();
    }
    const { promise: givenUp, reject } = Promise.withResolvers<never>();
    const onAbort = (): void => {
      reject(new UpstreamError('UPSTREAM_CANCELLED', 'Cancelled before it was sent'));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([this.#connect(), givenUp]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  #connect(): Promise<Connection> {
    if (this.#closing.signal.aborted) {
      return Promise.reject(
        new UpstreamError('UPSTREAM_UNAVAILABLE', `Server "${this.server}" was removed or is stopping`),
      );
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
      throw new UpstreamError(
        'UPSTREAM_UNAVAILABLE',
        `Server "${this.server}" keeps failing; next start in ${Math.ceil(waitMs / 1000)} s. Last: ${this.#lastError ?? 'unknown'}`,
      );
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
    } catch (cause) {
      throw this.#failed(cause);
    }
    if (this.#closing.signal.aborted) {
      await opened[Symbol.asyncDispose]();
      throw new UpstreamError('UPSTREAM_UNAVAILABLE', `Server "${this.server}" was removed or is stopping`);
    }
    this.#connection = opened;
    this.#readyAt = this.#options.now();
    this.#lastError = undefined;
    this.#principals = new Set([...this.#listeners].map(({ principal }) => principal));
    this.#options.onReady();
    this.#restore(opened);
    return opened;
  }

  #failed(cause: unknown): UpstreamError {
    const known = cause instanceof UpstreamError ? cause : undefined;
    const message = known?.message ?? `Server "${this.server}" could not be started`;
    const diagnosis = known?.diagnosis ?? '';
    const error =
      known?.mayHaveRun === false
        ? known
        : new UpstreamError('UPSTREAM_UNAVAILABLE', message, { cause, diagnosis });
    if (!this.#closing.signal.aborted) {
      this.#backOff.failed(this.#options.now());
      this.#lastError = message;
      this.#diagnosis = diagnosis;
      this.#options.onFailure(error);
    }
    return error;
  }

  /** Asks a new connection for what the listeners had asked an earlier one. Nobody waits: a server that refuses a setting still serves calls. */
  #restore(connection: Connection): void {
    this.#restoreLogLevel(connection);
    void this.#subscriptions.restore(async (uri) => {
      await this.#send(connection, ...setting('resources/subscribe', { uri }, this.#spec));
    });
  }

  #restoreLogLevel(connection: Connection): void {
    const level = this.#wishedLogLevel();
    if (level !== undefined && connection.description.capabilities['logging'] !== undefined) {
      this.#send(connection, ...setting('logging/setLevel', { level }, this.#spec)).catch(() => undefined);
    }
  }

  /** The most verbose of all wishes. */
  #wishedLogLevel(): LogLevel | undefined {
    const wishes = [...this.#logLevels.values()].map((level) => LOG_LEVELS.indexOf(level));
    return wishes.length === 0 ? undefined : LOG_LEVELS[Math.min(...wishes)];
  }

  async #ask(method: string, params: JsonObject): Promise<void> {
    const { message } = await this.request(...setting(method, params, this.#spec));
    if ('error' in message) {
      throw new UpstreamError(
        'UPSTREAM_REFUSED',
        `Server "${this.server}" refused ${method}: ${quoted(message.error.message)}`,
      );
    }
  }

  async #send(
    connection: Connection,
    method: string,
    encode: (id: number) => string,
    options: RequestOptions,
  ): Promise<UpstreamReply> {
    try {
      return await connection.request(method, encode, options);
    } finally {
      if (connection.inFlight === 0 && this.#retired.delete(connection)) {
        void this.#end(connection);
      }
    }
  }

  /** Takes a connection out of use because its session is lost. Calls that still wait on it get answers of their own, mostly the same one. */
  #retire(connection: Connection, error: UpstreamError): void {
    if (this.#connection !== connection) {
      return;
    }
    this.#connection = undefined;
    this.#options.onEnd(error, connection.diagnosis());
    if (connection.inFlight > 0) {
      this.#retired.add(connection);
    } else {
      void this.#end(connection);
    }
  }

  /** A connection has ended by itself. */
  #drop(connection: Connection, error: UpstreamError): void {
    const wasInUse = this.#connection === connection;
    if (!wasInUse && !this.#retired.delete(connection)) {
      return;
    }
    void this.#end(connection);
    if (wasInUse) {
      const now = this.#options.now();
      this.#connection = undefined;
      this.#diagnosis = connection.diagnosis();
      this.#lastError = error.message;
      this.#backOff.ended(now, now - this.#readyAt);
      this.#options.onEnd(error, this.#diagnosis);
      this.#reopenForFollowers();
    }
  }

  /** Whoever follows a resource makes no call that would start the server again. */
  #reopenForFollowers(): void {
    if (this.#subscriptions.size > 0 && !this.#closing.signal.aborted) {
      // A failure is told to `onFailure`; the next call tries again.
      this.#connect().catch(() => undefined);
    }
  }

  async #end(connection: Connection): Promise<void> {
    const ending = connection[Symbol.asyncDispose]()
      // Whoever waits on it has been told; what cannot be ended now cannot be ended better later.
      .catch(() => undefined)
      .finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
    await ending;
  }

  #detach(listener: UpstreamListener): void {
    const before = this.#wishedLogLevel();
    this.#listeners.delete(listener);
    this.#logLevels.delete(listener);
    for (const uri of this.#subscriptions.of(listener)) {
      this.unsubscribe(listener, uri).catch(() => undefined);
    }
    const after = this.#wishedLogLevel();
    if (after !== before && after !== undefined && this.#connection !== undefined) {
      this.#restoreLogLevel(this.#connection);
    }
  }

  /**
   * What a server says on its own may tell what one caller did, now or a while ago. So it goes to listeners only while one principal alone has
   * listened to this connection; with several, they hear of changed lists, and of the resources that they follow.
   */
  #onNotification(method: string, params: JsonObject): void {
    this.#options.onNotification(method, params);
    const { uri } = params;
    if (method === 'notifications/resources/updated') {
      this.#tell(typeof uri === 'string' ? this.#subscriptions.followers(uri) : [], method, params);
    } else if (isListChanged(method) || this.#principals.size === 1) {
      this.#tell(this.#listeners, method, params);
    }
  }

  #tell(listeners: Iterable<UpstreamListener>, method: string, params: JsonObject): void {
    for (const listener of listeners) {
      listener.notification(method, params);
    }
  }
}

function setting(
  method: string,
  params: JsonObject,
  { maxResultBytes }: UpstreamSpec,
): [string, (id: number) => string, RequestOptions] {
  return [
    method,
    (id) => requestText(id, method, params),
    { timeoutMs: SETTING_TIMEOUT_MS, maxBytes: maxResultBytes },
  ];
}
