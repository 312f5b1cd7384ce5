import { isJsonObject, type JsonObject, type RequestId } from '@smcp/protocol';
import type { Principal } from '@smcp/policy';
import type { ListKind } from '../../catalog/index.ts';
import {
  isListChanged,
  isLogLevel,
  LOG_LEVELS,
  UpstreamError,
  type LogLevel,
  type Upstream,
} from '../../upstream/index.ts';
import type { EventSink } from '../http/event-sink.ts';
import { SessionListener } from './session-listener.ts';
import { WaitingMessages } from './waiting-messages.ts';

/** Upstreams that one session listens to: a caller may change its own credential with every call, and each is an upstream of its own. */
const MAX_ATTACHED = 256;

/** Whether a principal may, by the policy of this moment, hear what a server says on its own, and of the resource `uri` of it. */
export type MayHear = (principal: Principal, server: string, uri: string | undefined) => boolean;

/**
 * One client at one endpoint, between `initialize` and its end. Belongs to the principal that opened it; holds its calls in flight, its stream for
 * what the gateway says on its own, and its wishes towards upstreams.
 */
export class McpSession {
  readonly id: string;
  /** Path of the endpoint: a session of one endpoint is unknown at every other. */
  readonly endpoint: string;
  readonly protocolVersion: string;
  readonly inFlight = new Map<RequestId, AbortController>();
  principalNow: Principal;
  lastUsed: number;
  /** What was offered in the handshake. */
  capabilities: JsonObject = {};
  readonly #mayHear: MayHear;
  readonly #waiting = new WaitingMessages();
  #stream: EventSink | undefined;
  #logLevel: LogLevel | undefined;
  #ended = false;
  readonly #attached = new Map<
    Upstream,
    { readonly listener: SessionListener; readonly detach: () => void }
  >();

  constructor(options: {
    readonly id: string;
    readonly endpoint: string;
    readonly protocolVersion: string;
    readonly principal: Principal;
    readonly now: number;
    readonly mayHear: MayHear;
  }) {
    this.id = options.id;
    this.endpoint = options.endpoint;
    this.protocolVersion = options.protocolVersion;
    this.principalNow = options.principal;
    this.lastUsed = options.now;
    this.#mayHear = options.mayHear;
  }

  get busy(): boolean {
    return this.inFlight.size > 0 || this.#stream !== undefined;
  }

  /** Whether this principal may use the session: the same one, with the same delegators behind it. */
  belongsTo(principal: Principal): boolean {
    // Nearly always it is the very same object, which the authenticator keeps for a token.
    return principal === this.principalNow || identityOf(principal) === identityOf(this.principalNow);
  }

  /** Joins the listeners of an upstream, once. Undefined when the session has ended. */
  attach(upstream: Upstream): SessionListener | undefined {
    const known = this.#attached.get(upstream);
    // A call that outlives its session must not leave a listener behind that keeps the server running.
    if (this.#ended || known !== undefined) {
      return known?.listener;
    }
    this.#makeRoom();
    const listener = new SessionListener(
      () => identityOf(this.principalNow),
      (method, params, uri) => {
        this.#hear(upstream.server, method, params, uri);
      },
    );
    this.#attached.set(upstream, { listener, detach: upstream.attach(listener) });
    if (this.#logLevel !== undefined) {
      // A server that refuses a level still serves calls.
      upstream.setLogLevel(listener, this.#logLevel).catch(() => undefined);
    }
    return listener;
  }

  /**
   * Begins or ends following a resource, of which the client is told under its public URI.
   *
   * @throws {UpstreamError} `UPSTREAM_CANCELLED` when the session has ended, and whatever the upstream throws.
   */
  async follow(
    upstream: Upstream,
    change: 'subscribe' | 'unsubscribe',
    uri: string,
    publicUri: string,
  ): Promise<void> {
    const listener = this.attach(upstream);
    if (listener === undefined) {
      throw new UpstreamError('UPSTREAM_CANCELLED', 'The session has ended');
    }
    listener.name(uri, change === 'subscribe' ? publicUri : uri);
    await upstream[change](listener, uri);
  }

  async setLogLevel(level: LogLevel): Promise<void> {
    this.#logLevel = level;
    await Promise.allSettled(
      [...this.#attached].map(
        async ([upstream, { listener }]) => await upstream.setLogLevel(listener, level),
      ),
    );
  }

  /** Whether a log message of this level was asked for. Before any wish, the server decides. */
  wantsLog(level: unknown): boolean {
    return (
      this.#logLevel === undefined ||
      (isLogLevel(level) && LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(this.#logLevel))
    );
  }

  /** Tells the client that a list has changed, if the handshake promised that. */
  tellListChanged({ capability, changed }: Pick<ListKind, 'capability' | 'changed'>): void {
    const offered = this.capabilities[capability];
    if (isJsonObject(offered) && offered['listChanged'] === true) {
      this.#tell(JSON.stringify({ jsonrpc: '2.0', method: changed }), true);
    }
  }

  /** Takes over as the one stream of this session; an older stream ends, for its client has come back. */
  openStream(sink: EventSink): void {
    this.#stream?.end();
    this.#stream = sink;
    for (const text of this.#waiting.take()) {
      this.#tell(text);
    }
  }

  closeStream(sink: EventSink): void {
    if (this.#stream === sink) {
      this.#stream = undefined;
    }
  }

  end(): void {
    this.#ended = true;
    for (const controller of this.inFlight.values()) {
      controller.abort();
    }
    this.inFlight.clear();
    for (const { detach } of this.#attached.values()) {
      detach();
    }
    this.#attached.clear();
    this.#stream?.end();
    this.#stream = undefined;
    this.#waiting.take();
  }

  /** Forgets upstreams that are no more, and the one attached longest ago when there are too many. */
  #makeRoom(): void {
    for (const known of this.#attached.keys()) {
      if (known.state === 'closed') {
        this.#attached.delete(known);
      }
    }
    const [oldest] = this.#attached;
    if (this.#attached.size >= MAX_ATTACHED && oldest !== undefined) {
      this.#attached.delete(oldest[0]);
      oldest[1].detach();
    }
  }

  /** From an upstream that this session uses. List changes come through the door, because names differ from endpoint to endpoint. */
  #hear(server: string, method: string, params: JsonObject, uri: string | undefined): void {
    if (
      isListChanged(method) ||
      (method === 'notifications/message' && !this.wantsLog(params['level'])) ||
      !this.#mayHear(this.principalNow, server, uri)
    ) {
      return;
    }
    this.#tell(JSON.stringify({ jsonrpc: '2.0', method, params }));
  }

  #tell(text: string, kept = false): void {
    if (this.#stream?.send(text) !== true) {
      this.#stream = undefined;
      this.#waiting.add(text, kept);
    }
  }
}

function identityOf({ tenant, id, delegation }: Principal): string {
  return JSON.stringify([tenant, id, delegation?.grants.map((grant) => grant.delegator) ?? []]);
}
