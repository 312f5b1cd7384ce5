import { decide, mayReach, type Action, type Decision, type PolicySet, type Principal } from '@smcp/policy';
import { PROMPTS, TOOLS } from '../catalog/index.ts';
import type { AuditLog, CallFacts, OutcomeEntry, Redactor } from '../audit/index.ts';
import { digestArguments } from '../audit/index.ts';
import type { Limiter } from '../limit/index.ts';
import type { CallSpan, Logger, Telemetry } from '../telemetry/telemetry.ts';
import {
  isJsonObject,
  spliceRequest,
  type JsonDocument,
  type JsonObject,
  type JsonValue,
} from '@smcp/protocol';
import type { UpstreamReply } from '../upstream/index.ts';
import { failureOf, outcomeOf } from './call-outcome.ts';
import type { GateRefusalCode, GateReply, GateRequest } from './gate-request.ts';
import { unknownParams } from './known-params.ts';
import { outgoingMeta, traceCarrier } from './outgoing-meta.ts';
import type { RefusalBudget } from './refusal-budget.ts';
import type { Route, ServerEntry } from './server-entry.ts';
import { reasonOf } from '../lib/reason-of.ts';

/** Everything a decision depends on, replaced as a whole by a reload. A call keeps the state with which it began. */
export interface GateState {
  readonly policy: PolicySet;
  readonly servers: ReadonlyMap<string, ServerEntry>;
  readonly limiter: Limiter;
  readonly refusals: RefusalBudget;
  readonly redactor: Redactor;
  readonly keepArguments: boolean;
}

export interface GateDeps {
  readonly audit: AuditLog;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly now: () => Date;
  /** Microseconds of a monotonic clock. */
  readonly micros: () => number;
  readonly newCallId: () => string;
}

interface CallContext {
  readonly request: GateRequest;
  readonly id: string;
  readonly decision: Decision;
  readonly policyMicros: number;
}

/**
 * The one road of every call: decide, find, limit, credential, record, forward, record. Nothing else in the product reaches an upstream on behalf
 * of a caller. Never throws: a refusal, an upstream failure and a failure of its own are all values, and all are recorded.
 */
export class Gate {
  readonly #deps: GateDeps;
  #state: GateState;

  constructor(state: GateState, deps: GateDeps) {
    this.#state = state;
    this.#deps = deps;
  }

  get state(): GateState {
    return this.#state;
  }

  replaceState(state: GateState): void {
    this.#state = state;
  }

  /** Whether the principal may, for some arguments, do this; what it may not do is not listed. */
  isVisible(principal: Principal, action: Action): boolean {
    return decide(this.#state.policy, principal, action, {}).effect !== 'deny';
  }

  /** Whether the principal may do anything at all at a server; otherwise the server does not exist for it. */
  mayReach(principal: Principal, server: string): boolean {
    return mayReach(this.#state.policy, principal, server);
  }

  async call(request: GateRequest): Promise<GateReply> {
    const started = this.#deps.micros();
    const state = this.#state;
    const { action, caller, document } = request;
    const params = paramsOf(document);
    const decision = decide(state.policy, caller.principal, action, {
      arguments: params?.['arguments'] ?? {},
      exactNumbers: document.exactNumbers,
    });
    const context: CallContext = {
      request,
      id: this.#deps.newCallId(),
      decision,
      policyMicros: this.#deps.micros() - started,
    };
    const server = state.servers.get(action.server);
    if (server === undefined) {
      return await this.#refuse(state, context, 'UNKNOWN', `Unknown server: ${action.server.slice(0, 64)}`);
    }
    if (decision.effect !== 'allow') {
      return await this.#refuse(state, context, 'DENIED', `Unknown ${action.kind}: ${shown(action.name)}`);
    }
    const slot = state.limiter.acquire({
      principalId: caller.principal.id,
      tenant: caller.principal.tenant,
      server: action.server,
      tool: action.name,
    });
    if (!slot.ok) {
      return await this.#refuse(state, context, 'RATE_LIMITED', slot.message, slot.retryAfterMs);
    }
    try {
      return await this.#route(state, context, server, params);
    } finally {
      slot.release();
    }
  }

  async #route(
    state: GateState,
    context: CallContext,
    server: ServerEntry,
    params: JsonObject | undefined,
  ): Promise<GateReply> {
    const { action, caller } = context.request;
    const routed = server.route(caller);
    if (!routed.ok) {
      return await this.#refuse(state, context, routed.code, routed.message);
    }
    try {
      if (!(await isOffered(action, routed.route))) {
        return await this.#refuse(state, context, 'UNKNOWN', `Unknown ${action.kind}: ${shown(action.name)}`);
      }
    } catch (error) {
      return await this.#refuse(state, context, 'UNAVAILABLE', reasonOf(error));
    }
    context.request.onRoute?.(routed.route.upstream);
    return await this.#forward(state, context, server, routed.route, params);
  }

  async #forward(
    state: GateState,
    context: CallContext,
    server: ServerEntry,
    route: Route,
    params: JsonObject | undefined,
  ): Promise<GateReply> {
    const { request, id } = context;
    const given = params?.['_meta'];
    const meta = isJsonObject(given) ? given : undefined;
    const span = this.#startSpan(request, meta);
    try {
      await this.#deps.audit.append({
        type: 'call',
        time: this.#time(),
        ...this.#facts(state, context, request.action.kind !== 'resource', span.traceId),
      });
    } catch (error) {
      this.#deps.logger.error('call refused: it cannot be recorded', { call: id, reason: reasonOf(error) });
      span.end({ outcome: 'not_sent', policyMicros: context.policyMicros, upstreamMicros: 0 });
      this.#deps.telemetry.countRefusal('AUDIT_UNAVAILABLE');
      return {
        ok: false,
        code: 'AUDIT_UNAVAILABLE',
        message: 'The call cannot be recorded and was not made',
        call: id,
      };
    }
    const sent = this.#deps.micros();
    let reply: GateReply;
    let outcome: Omit<OutcomeEntry, 'type' | 'time' | 'call' | 'upstreamMicros'>;
    const redact = (text: string): string => state.redactor.redactText(text);
    try {
      const answer = await this.#send(request, server, route, meta, span);
      outcome = outcomeOf(answer, redact);
      reply = { ok: true, ...answer };
    } catch (error) {
      const failure = failureOf(error, redact);
      outcome = failure.outcome;
      reply = { ok: false, code: failure.code, message: failure.message, call: id };
    }
    const upstreamMicros = Math.round(this.#deps.micros() - sent);
    this.#record({ type: 'outcome', time: this.#time(), call: id, upstreamMicros, ...outcome });
    span.end({ outcome: outcome.outcome, policyMicros: context.policyMicros, upstreamMicros });
    return reply;
  }

  async #send(
    request: GateRequest,
    server: ServerEntry,
    route: Route,
    meta: JsonObject | undefined,
    span: CallSpan,
  ): Promise<UpstreamReply> {
    const { document, method, replace, onNotification } = request;
    if (request.perform !== undefined) {
      await request.perform(route.upstream);
      return EMPTY_REPLY;
    }
    const token = meta?.['progressToken'];
    const encode = (id: number): string => {
      const changes = new Map(replace);
      for (const key of unknownParams(document, method)) {
        changes.set(key, '');
      }
      const metaText = outgoingMeta(meta, id, span.next);
      if (metaText !== '' || meta !== undefined) {
        changes.set('_meta', metaText);
      }
      return spliceRequest(document, { id, params: changes });
    };
    return await route.upstream.request(method, encode, {
      timeoutMs: server.toolSettings(request.action.name).timeoutMs,
      maxBytes: server.config.max_result_bytes,
      signal: request.signal,
      onNotification: onNotification === undefined ? undefined : withCallerToken(onNotification, token),
    });
  }

  async #refuse(
    state: GateState,
    context: CallContext,
    code: GateRefusalCode,
    message: string,
    retryAfterMs?: number,
  ): Promise<GateReply> {
    const { request, id, decision } = context;
    this.#deps.telemetry.countRefusal(code);
    try {
      await this.#recordRefusal(state, context, code);
    } catch (error) {
      // The caller is refused either way; that the record is missing must be seen.
      this.#deps.logger.error('a refusal could not be recorded', {
        call: id,
        code,
        method: request.method,
        reason: reasonOf(error),
      });
    }
    return {
      ok: false,
      code,
      message,
      call: id,
      decision,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  }

  async #recordRefusal(state: GateState, context: CallContext, code: GateRefusalCode): Promise<void> {
    const { id, tenant } = context.request.caller.principal;
    const budget = state.refusals.take(`${tenant} ${id}`);
    if (budget.record) {
      const facts = this.#facts(state, context, false, undefined);
      const { unrecordedBefore } = budget;
      const gap = unrecordedBefore === 0 ? {} : { unrecordedBefore };
      await this.#deps.audit.append({ type: 'refusal', time: this.#time(), code, ...gap, ...facts });
    }
  }

  /** @param offered Whether the name is one that the server lists; any other is the caller's own text and may hold a secret. */
  #facts(state: GateState, context: CallContext, offered: boolean, traceId: string | undefined): CallFacts {
    const { request, id, policyMicros } = context;
    const { action, caller, document } = request;
    const { principal } = caller;
    const span = document.paramMembers.get('arguments');
    const value = paramsOf(document)?.['arguments'];
    const name = offered ? action.name : state.redactor.redactText(action.name);
    // The reasons quote the name.
    const decision =
      name === action.name ? context.decision : { ...context.decision, reasons: NAME_HELD_SECRET };
    return {
      call: id,
      principal: principal.id,
      tenant: principal.tenant,
      ...(principal.delegation === undefined
        ? {}
        : { delegation: principal.delegation.grants.map((grant) => grant.delegator) }),
      door: request.door,
      ...(caller.session === undefined ? {} : { session: caller.session }),
      server: action.server,
      kind: action.kind,
      name,
      method: request.method,
      decision,
      ...(span === undefined
        ? {}
        : { argumentsDigest: digestArguments(document.text.slice(span.start, span.end)) }),
      ...(span === undefined || !state.keepArguments
        ? {}
        : { arguments: this.#redacted(state, action, value) }),
      policyMicros: Math.round(policyMicros),
      ...(traceId === undefined ? {} : { traceId }),
    };
  }

  #redacted(state: GateState, action: Action, value: JsonValue | undefined): unknown {
    const paths = state.servers.get(action.server)?.toolSettings(action.name).redact ?? [];
    return state.redactor.redactValue(value, paths);
  }

  #startSpan({ action, method, door, caller }: GateRequest, meta: JsonObject | undefined): CallSpan {
    return this.#deps.telemetry.startCall(
      {
        server: action.server,
        kind: action.kind,
        name: action.name,
        method,
        door,
        principal: caller.principal.id,
      },
      traceCarrier(meta),
    );
  }

  #time(): string {
    return this.#deps.now().toISOString();
  }

  /** The call has happened already; a record that fails now is an alarm, not a reason to keep the answer. */
  #record(entry: OutcomeEntry): void {
    this.#deps.audit.append(entry).catch((error: unknown) => {
      this.#deps.logger.error('an outcome could not be recorded', {
        call: entry.call,
        reason: reasonOf(error),
      });
    });
  }
}

const NAME_HELD_SECRET: readonly string[] = Object.freeze([
  'Left out: they quote the name, which holds what looks like a secret',
]);

const EMPTY_REPLY: UpstreamReply = Object.freeze({
  text: '{"jsonrpc":"2.0","id":0,"result":{}}',
  message: { jsonrpc: '2.0', id: 0, result: {} } as const,
});

// Resources may come from a template, so only the server can tell whether one exists.
async function isOffered({ kind, name }: Action, { upstream, catalog }: Route): Promise<boolean> {
  return (
    kind === 'resource' ||
    (await catalog.find(kind === 'tool' ? TOOLS : PROMPTS, name, upstream)) !== undefined
  );
}

function paramsOf({ value }: JsonDocument): JsonObject | undefined {
  const params = isJsonObject(value) ? value['params'] : undefined;
  return isJsonObject(params) ? params : undefined;
}

function withCallerToken(
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

/** A name as it may stand in a message: cut, and without anything that could start a new line. */
function shown(name: string): string {
  return JSON.stringify(name.slice(0, 128)).slice(1, -1);
}
