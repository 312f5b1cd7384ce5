import type { JsonObject, RequestId } from '@smcp/protocol';
import type { Principal } from '@smcp/policy';
import {
  isLogLevel,
  LOG_LEVELS,
  type LogLevel,
  type Upstream,
  type UpstreamListener,
} from '../../upstream/index.ts';
import type { EventSink } from '../http/event-sink.ts';

const MAX_WAITING = 100;
const LIST_CHANGED = /^notifications\/(?:tools|prompts|resources)\/list_changed$/;

/**
 * One client at one endpoint, between `initialize` and its end. Belongs to the principal that opened it; holds its calls in flight, its stream for
 * what the gateway says on its own, and its wishes towards upstreams.
 */
export class McpSession implements UpstreamListener {
  readonly id: string;
  /** Path of the endpoint: a session of one endpoint is unknown at every other. */
  readonly endpoint: string;
  readonly protocolVersion: string;
  readonly inFlight = new Map<RequestId, AbortController>();
  principalNow: Principal;
  lastUsed: number;
  #stream: EventSink | undefined;
  #waiting: string[] = [];
  #logLevel: LogLevel | undefined;
  #ended = false;
  readonly #attached = new Map<Upstream, () => void>();

  constructor(options: {
    readonly id: string;
    readonly endpoint: string;
    readonly protocolVersion: string;
    readonly principal: Principal;
    readonly now: number;
  }) {
    this.id = options.id;
    this.endpoint = options.endpoint;
    this.protocolVersion = options.protocolVersion;
    this.principalNow = options.principal;
    this.lastUsed = options.now;
  }

  /** Who listens: two sessions count as one listener only when the same people stand behind them. */
  get principal(): string {
    return identityOf(this.principalNow);
  }

  get busy(): boolean {
    return this.inFlight.size > 0 || this.#stream !== undefined;
  }

  /** Whether this principal may use the session: the same one, with the same delegators behind it. */
  belongsTo(principal: Principal): boolean {
    return identityOf(principal) === identityOf(this.principalNow);
  }

  /** Joins the listeners of an upstream, once. */
  attach(upstream: Upstream): void {
    // A call that outlives its session must not leave a listener behind that keeps the server running.
    if (this.#ended || this.#attached.has(upstream)) {
      return;
    }
    for (const known of this.#attached.keys()) {
      if (known.state === 'closed') {
        this.#attached.delete(known);
      }
    }
    this.#attached.set(upstream, upstream.attach(this));
    if (this.#logLevel !== undefined) {
      // A server that refuses a level still serves calls.
      upstream.setLogLevel(this, this.#logLevel).catch(() => undefined);
    }
  }

  async setLogLevel(level: LogLevel): Promise<void> {
    this.#logLevel = level;
    await Promise.allSettled(
      [...this.#attached.keys()].map(async (upstream) => await upstream.setLogLevel(this, level)),
    );
  }

  /** Whether a log message of this level was asked for. Before any wish, the server decides. */
  wantsLog(level: unknown): boolean {
    return (
      this.#logLevel === undefined ||
      (isLogLevel(level) && LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(this.#logLevel))
    );
  }

  /** From an upstream that this session uses. List changes come through the door, because names differ from endpoint to endpoint. */
  notification(method: string, params: JsonObject): void {
    if (
      LIST_CHANGED.test(method) ||
      (method === 'notifications/message' && !this.wantsLog(params['level']))
    ) {
      return;
    }
    this.tell(method, params);
  }

  tell(method: string, params?: JsonObject): void {
    const text = JSON.stringify({ jsonrpc: '2.0', method, ...(params === undefined ? {} : { params }) });
    if (this.#stream?.send(text) === true) {
      return;
    }
    this.#stream = undefined;
    if (this.#waiting.length < MAX_WAITING && !this.#waiting.includes(text)) {
      this.#waiting.push(text);
    }
  }

  /** Takes over as the one stream of this session; an older stream ends, for its client has come back. */
  openStream(sink: EventSink): void {
    this.#stream?.end();
    this.#stream = sink;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const text of waiting) {
      sink.send(text);
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
    for (const detach of this.#attached.values()) {
      detach();
    }
    this.#attached.clear();
    this.#stream?.end();
    this.#stream = undefined;
  }
}

function identityOf({ tenant, id, delegation }: Principal): string {
  return JSON.stringify([tenant, id, delegation?.grants.map((grant) => grant.delegator) ?? []]);
}
