import { isJsonObject, type HandshakeVersion, type JsonObject, type RequestId } from '@smcp/protocol';
import type { Principal } from '@smcp/policy';
import type { ListKind } from '../../../catalog/index.ts';
import { askerOf } from '../../../gate/index.ts';
import {
  isListChanged,
  isLogLevel,
  LOG_LEVELS,
  type LogLevel,
  type Upstream,
} from '../../../upstream/index.ts';
import type { EventSink } from '../../http/event-sink.ts';
import { Attachments, type MayHear } from '../hearing/attachments.ts';
import type { Hearer } from '../hearing/hearer.ts';
import { identityOf } from '../hearing/identity-of.ts';
import type { PublicListener } from '../hearing/public-listener.ts';
import { OpenQuestions } from './open-questions.ts';
import { WaitingMessages } from './waiting-messages.ts';

/** What an `initialize` agreed on. */
export interface SessionTerms {
  readonly protocolVersion: HandshakeVersion;
  /** What the client can be asked, in the form of MCP 2026-07-28. */
  readonly askable: JsonObject;
}

export interface McpSessionOptions extends SessionTerms {
  readonly id: string;
  readonly endpoint: string;
  readonly principal: Principal;
  readonly now: number;
  readonly mayHear: MayHear;
}

/**
 * One client at one endpoint, between `initialize` and its end. Belongs to the principal that opened it; holds its calls in flight, the questions put to
 * it, its stream for what the gateway says on its own, and its wishes towards upstreams.
 */
export class McpSession implements Hearer {
  readonly id: string;
  /** Path of the endpoint: a session of one endpoint is unknown at every other. */
  readonly endpoint: string;
  readonly protocolVersion: HandshakeVersion;
  readonly askable: JsonObject;
  readonly inFlight = new Map<RequestId, AbortController>();
  readonly questions = new OpenQuestions();
  principalNow: Principal;
  lastUsed: number;
  /** What was offered in the handshake. */
  capabilities: JsonObject = {};
  readonly #attachments: Attachments;
  readonly #waiting = new WaitingMessages();
  readonly #listed = new Set<ListKind>();
  #stream: EventSink | undefined;
  #logLevel: LogLevel | undefined;

  constructor({ id, endpoint, protocolVersion, askable, principal, now, mayHear }: McpSessionOptions) {
    this.id = id;
    this.endpoint = endpoint;
    this.protocolVersion = protocolVersion;
    this.askable = askable;
    this.principalNow = principal;
    this.lastUsed = now;
    this.#attachments = new Attachments({
      principal: () => this.principalNow,
      mayHear,
      asker: () => this.asker,
      hear: (method, params) => {
        this.#hear(method, params);
      },
    });
  }

  get busy(): boolean {
    return this.inFlight.size > 0 || this.#stream !== undefined;
  }

  /** The level that the client asked for, if it did. */
  get logLevel(): LogLevel | undefined {
    return this.#logLevel;
  }

  /** As in `ClientFacts`: the same for every call of this session, and for no other. */
  get asker(): string {
    return askerOf(this.principalNow, this.id);
  }

  /** Whether this principal may use the session: the same one, with the same delegators behind it. */
  belongsTo(principal: Principal): boolean {
    // Nearly always it is the very same object, which the authenticator keeps for a token.
    return principal === this.principalNow || identityOf(principal) === identityOf(this.principalNow);
  }

  /** Joins the listeners of an upstream, once. Undefined when the session has ended. */
  attach(upstream: Upstream): PublicListener | undefined {
    return this.#attachments.attach(upstream, (listener) => {
      this.#wishLogLevel(upstream, listener);
    });
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
    this.attach(upstream);
    await this.#attachments.follow(upstream, change, uri, publicUri);
  }

  async setLogLevel(level: LogLevel): Promise<void> {
    this.#logLevel = level;
    await Promise.allSettled(
      [...this.#attachments.entries()].map(
        async ([upstream, listener]) => await upstream.setLogLevel(listener, level),
      ),
    );
  }

  /** The folders of the client have changed: told to the servers that may ask for them. */
  rootsChanged(): void {
    for (const [upstream] of this.#attachments.entries()) {
      upstream.rootsChanged(this.asker);
    }
  }

  /** Whether a log message of this level was asked for. Before any wish, the server decides. */
  wantsLog(level: unknown): boolean {
    return (
      this.#logLevel === undefined ||
      (isLogLevel(level) && LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(this.#logLevel))
    );
  }

  /** The client has been given this list. */
  noteListed(kind: ListKind): void {
    this.#listed.add(kind);
  }

  hasListed(kind: ListKind): boolean {
    return this.#listed.has(kind);
  }

  /** Tells the client that a list has changed, if the handshake promised that. */
  tellListChanged({ capability, changed }: Pick<ListKind, 'capability' | 'changed'>): void {
    const offered = this.capabilities[capability];
    if (isJsonObject(offered) && offered['listChanged'] === true) {
      this.#tell(JSON.stringify({ jsonrpc: '2.0', method: changed }), true);
    }
  }

  /** Says something on the stream of the session now, or not at all. False when there is none. */
  sendNow(text: string): boolean {
    return this.#stream?.send(text) === true;
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
    for (const controller of this.inFlight.values()) {
      controller.abort();
    }
    this.inFlight.clear();
    this.questions.end();
    this.#attachments.end();
    this.#stream?.end();
    this.#stream = undefined;
    this.#waiting.take();
  }

  #wishLogLevel(upstream: Upstream, listener: PublicListener): void {
    if (this.#logLevel !== undefined) {
      // A server that refuses a level still serves calls.
      upstream.setLogLevel(listener, this.#logLevel).catch(() => undefined);
    }
  }

  /** From an upstream that this session uses. List changes come through the door, because names differ from endpoint to endpoint. */
  #hear(method: string, params: JsonObject): void {
    if (!isListChanged(method) && (method !== 'notifications/message' || this.wantsLog(params['level']))) {
      this.#tell(JSON.stringify({ jsonrpc: '2.0', method, params }));
    }
  }

  #tell(text: string, kept = false): void {
    if (this.#stream?.send(text) !== true) {
      this.#stream = undefined;
      this.#waiting.add(text, kept);
    }
  }
}
