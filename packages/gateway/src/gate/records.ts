import type { Action } from '@smcp/policy';
import type { JsonValue } from '@smcp/protocol';
import { digestArguments, type CallFacts, type OutcomeEntry } from '../audit/index.ts';
import { reasonOf } from '../lib/reason-of.ts';
import type { GateCall } from './gate-call.ts';
import type { GateRefusalCode, GateReply } from './gate-request.ts';
import type { GateDeps, GateState } from './gate-state.ts';

export type GateRefusal = Extract<GateReply, { readonly ok: false }>;

type RefusalMore = Pick<GateRefusal, 'retryAfterMs' | 'scopes' | 'required'>;

/** What the gate writes down of a call. */
export class Records {
  readonly #deps: Pick<GateDeps, 'audit' | 'telemetry' | 'logger' | 'now'>;
  #writtenMs = Number.NaN;
  #written = '';

  constructor(deps: Pick<GateDeps, 'audit' | 'telemetry' | 'logger' | 'now'>) {
    this.#deps = deps;
  }

  /** Records a refusal and gives it as the reply. Never rejects. */
  async refuse(
    call: GateCall,
    code: GateRefusalCode,
    message: string,
    more: RefusalMore = {},
  ): Promise<GateRefusal> {
    await this.notMade(call, code);
    const { id, decision } = call;
    return { ok: false, code, message, call: id, decision, ...more };
  }

  /** Records that the call is not made, at least for now. Never rejects. */
  async notMade(call: GateCall, code: string): Promise<void> {
    this.#deps.telemetry.countRefusal(code);
    try {
      await this.#recordRefusal(call, code);
    } catch (error) {
      // The caller is refused either way; that the record is missing must be seen.
      this.#deps.logger.error('a refusal could not be recorded', {
        call: call.id,
        code,
        method: call.request.method,
        reason: reasonOf(error),
      });
    }
  }

  /** Writes down that the call is about to leave. Rejects when it is not in the log: then it must not leave. */
  async begin(call: GateCall, traceId: string | undefined): Promise<void> {
    const offered = call.request.action.kind !== 'resource';
    await this.#deps.audit.append({ type: 'call', time: this.#time(), ...factsOf(call, offered, traceId) });
  }

  /** The call has happened already; a record that fails now is an alarm, not a reason to keep the answer. */
  end(call: string, upstreamMicros: number, outcome: Outcome): void {
    const entry: OutcomeEntry = { type: 'outcome', time: this.#time(), call, upstreamMicros, ...outcome };
    this.#deps.audit.append(entry).catch((error: unknown) => {
      this.#deps.logger.error('an outcome could not be recorded', { call, reason: reasonOf(error) });
    });
  }

  async #recordRefusal(call: GateCall, code: string): Promise<void> {
    const { id, tenant } = call.request.caller.principal;
    const budget = call.state.refusals.take(`${tenant} ${id}`);
    if (budget.record) {
      const { unrecordedBefore } = budget;
      const gap = unrecordedBefore === 0 ? {} : { unrecordedBefore };
      const facts = factsOf(call, false, undefined);
      await this.#deps.audit.append({ type: 'refusal', time: this.#time(), code, ...gap, ...facts });
    }
  }

  /** Written out once a millisecond: doing so costs more than the rest of a small record. */
  #time(): string {
    const now = this.#deps.now();
    if (now.getTime() !== this.#writtenMs) {
      this.#writtenMs = now.getTime();
      this.#written = now.toISOString();
    }
    return this.#written;
  }
}

export type Outcome = Omit<OutcomeEntry, 'type' | 'time' | 'call' | 'upstreamMicros'>;

/** @param offered Whether the name is one that the server lists; any other is the caller's own text and may hold a secret. */
function factsOf(call: GateCall, offered: boolean, traceId: string | undefined): CallFacts {
  const { request, state, id, policyMicros, continues, approval } = call;
  const { action, caller, document } = request;
  const { principal } = caller;
  const name = offered ? action.name : state.redactor.redactText(action.name);
  // The reasons quote the name.
  const decision = name === action.name ? call.decision : { ...call.decision, reasons: NAME_HELD_SECRET };
  const span = document.paramMembers.get('arguments');
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
      : { arguments: redacted(state, action, call.params?.['arguments']) }),
    policyMicros: Math.round(policyMicros),
    ...(traceId === undefined ? {} : { traceId }),
    ...(continues === undefined ? {} : { continues }),
    ...(request.parent === undefined ? {} : { parent: request.parent.call }),
    ...(approval === undefined ? {} : { approval }),
  };
}

function redacted(state: GateState, action: Action, value: JsonValue | undefined): unknown {
  const paths = state.servers.get(action.server)?.toolSettings(action.name).redact ?? [];
  return state.redactor.redactValue(value, paths);
}

const NAME_HELD_SECRET: readonly string[] = Object.freeze([
  'Left out: they quote the name, which holds what looks like a secret',
]);
