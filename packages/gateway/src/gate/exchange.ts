import type { JsonObject, JsonValue } from '@smcp/protocol';
import { TOOLS } from '../catalog/index.ts';
import type { Logger, TraceCarrier } from '../telemetry/telemetry.ts';
import type { ClientFacts, OutgoingRequest, RequestOptions, UpstreamReply } from '../upstream/index.ts';
import { askerOf, type AskingClient } from './client-side.ts';
import type { OpenCall } from './conversation/open-call.ts';
import type { GateCall } from './gate-call.ts';
import { OutgoingCall, type AddedParams } from './outgoing-call.ts';
import { withTasks } from './questions/capabilities.ts';
import { Questions, type PutQuestion } from './questions/questions.ts';
import type { Route, ServerEntry } from './server-entry.ts';

const EMPTY: JsonObject = Object.freeze({});

/** Where a call goes, once everything has been decided. */
export interface Destination {
  readonly server: ServerEntry;
  readonly route: Route;
  /** Of the tool, if it is one. */
  readonly definition: JsonObject | undefined;
  /** Set when questions end the request of the client at hand. */
  readonly open: OpenCall | undefined;
}

export interface ExchangeSettings {
  readonly askTimeoutMs: number;
  readonly logger: Logger;
}

/** One call at one upstream: sends it once or several times, and knows how the client behind it can be asked. */
export class Exchange {
  readonly call: GateCall;
  readonly server: ServerEntry;
  readonly route: Route;
  /** How often the call was sent. */
  sent = 0;
  /** What was added when it was sent last. */
  added: AddedParams | undefined;
  definition: JsonObject | undefined;
  readonly #open: OpenCall | undefined;
  readonly #trace: TraceCarrier;
  readonly #settings: ExchangeSettings;
  #questions: Questions | undefined;
  #seesToTasks = false;

  constructor(call: GateCall, to: Destination, trace: TraceCarrier, settings: ExchangeSettings) {
    this.call = call;
    this.server = to.server;
    this.route = to.route;
    this.definition = to.definition;
    this.#open = to.open;
    this.#trace = trace;
    this.#settings = settings;
  }

  get timeoutMs(): number {
    return this.server.toolSettings(this.call.request.action.name).timeoutMs;
  }

  get askTimeoutMs(): number {
    return this.#settings.askTimeoutMs;
  }

  get signal(): AbortSignal | undefined {
    return this.#open?.signal ?? this.call.request.signal;
  }

  /** What the client declared. */
  get declared(): JsonObject {
    return this.call.request.client?.capabilities ?? EMPTY;
  }

  /** What of it the server may use. */
  get capabilities(): JsonObject {
    return this.server.asks.capabilitiesFor(this.declared);
  }

  /** Whether the client can be asked before the call has ended. */
  get canAsk(): boolean {
    return this.#put() !== undefined;
  }

  /** What was asked so far; undefined when nothing was. */
  get askedSoFar(): Questions | undefined {
    return this.#questions;
  }

  get questions(): Questions {
    this.#questions ??= new Questions(
      {
        server: this.server.name,
        declared: this.declared,
        capabilities: this.capabilities,
        mayShowPage: this.server.asks.mayShowPage,
        label: this.call.request.labelQuestions === true,
      },
      this.#put(),
      (method, reason) => {
        this.warn(`a question of a server was refused: ${reason}`, method);
      },
    );
    return this.#questions;
  }

  /** Whether the server may answer with a task although the client knows none. */
  get seesToTasks(): boolean {
    return this.#seesToTasks;
  }

  /** From now on the server may answer with a task, which the gateway then sees to. */
  seeToTasks(): void {
    this.#seesToTasks = true;
  }

  /** Sends the call. */
  async send(added?: AddedParams): Promise<UpstreamReply> {
    this.sent += 1;
    this.added = added;
    const outgoing = new OutgoingCall(this.call, this.#trace, this.definition, added);
    return await this.route.upstream.request(outgoing, this.options(this.timeoutMs));
  }

  /** Sends something of the gateway's own on behalf of the call. */
  async sendOwn(request: OutgoingRequest, timeoutMs: number): Promise<UpstreamReply> {
    return await this.route.upstream.request(request, this.options(timeoutMs));
  }

  /** Sends what is to arrive even when the caller has gone. Nobody waits for its answer. */
  tell(request: OutgoingRequest, timeoutMs: number): void {
    const { signal: _, ...options } = this.options(timeoutMs);
    // The server is told as a courtesy; if it cannot be reached, it need not be told.
    this.route.upstream.request(request, options).catch(() => undefined);
  }

  /** Looks at the definition of the tool anew. False when there is none any more. */
  async refreshDefinition(): Promise<boolean> {
    const { catalog, upstream } = this.route;
    catalog.invalidate(TOOLS);
    this.definition = await catalog.find(TOOLS, this.call.request.action.name, upstream);
    return this.definition !== undefined;
  }

  /** Tells operators of something that callers need not know. */
  warn(message: string, method: string): void {
    this.#settings.logger.warn(message, { server: this.server.name, call: this.call.id, method });
  }

  options(timeoutMs: number): RequestOptions {
    const { request, meta } = this.call;
    const { onNotification } = request;
    return {
      timeoutMs,
      maxBytes: this.server.config.max_result_bytes,
      signal: this.signal,
      onNotification:
        this.#open?.notify ??
        (onNotification === undefined ? undefined : withCallerToken(onNotification, meta?.['progressToken'])),
      client: this.#clientFacts(),
      call: this.call.id,
      depth: request.parent?.depth,
      askTimeoutMs: this.askTimeoutMs,
    };
  }

  #clientFacts(): ClientFacts | undefined {
    const { client, caller } = this.call.request;
    if (client === undefined && !this.#seesToTasks) {
      return undefined;
    }
    const capabilities = this.#seesToTasks ? withTasks(this.capabilities) : this.capabilities;
    // A client that comes back by itself answers for this one call; one with a session for all of that session.
    const who = client?.style === 'ask' ? (caller.session ?? this.call.id) : this.call.id;
    return {
      capabilities,
      logLevel: client?.logLevel,
      asker: askerOf(caller.principal, who),
      ask: this.canAsk ? async (question, signal) => await this.questions.ask(question, signal) : undefined,
    };
  }

  #put(): PutQuestion | undefined {
    const { client } = this.call.request;
    if (this.#open !== undefined) {
      return this.#open.put;
    }
    return client?.style === 'ask' ? putTo(client, this.askTimeoutMs) : undefined;
  }
}

function putTo(client: AskingClient, timeoutMs: number): PutQuestion {
  return async (request, signal) =>
    await client.ask(request, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
}

/** Notifications for a caller, progress under its own token and only if it gave one. */
export function withCallerToken(
  deliver: (method: string, params: JsonObject) => void,
  token: JsonValue | undefined,
): (method: string, params: JsonObject) => void {
  return (method, params) => {
    if (method !== 'notifications/progress') {
      deliver(method, params);
    } else if (token !== undefined) {
      deliver(method, { ...params, progressToken: token });
    }
  };
}
