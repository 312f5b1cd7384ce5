import { reasonOf } from '../lib/reason-of.ts';
import type { Sealer } from '../seal/index.ts';
import type { CallSpan } from '../telemetry/telemetry.ts';
import type { UpstreamReply } from '../upstream/index.ts';
import { failureOf, outcomeOf } from './call-outcome.ts';
import { answersOf } from './conversation/answers-of.ts';
import type { OpenedState, UpstreamState } from './conversation/call-state.ts';
import { converse, retryMembers, type Ended } from './conversation/converse.ts';
import { isPlain } from './conversation/result-kind.ts';
import { Exchange, type Destination } from './exchange.ts';
import { unaskedAnswers, type GateCall } from './gate-call.ts';
import type { GateReply } from './gate-request.ts';
import type { GateDeps } from './gate-state.ts';
import { traceCarrier } from './outgoing-meta.ts';
import type { Outcome, Records } from './records.ts';
import { completeHandshakeTask, runsOnlyAsTask } from './tasks/complete-handshake-task.ts';
import { showTaskReply } from './tasks/show-task.ts';

export interface ForwardDeps extends Pick<GateDeps, 'telemetry' | 'logger' | 'micros'> {
  readonly records: Records;
  readonly sealer: Sealer;
  readonly askTimeoutMs: number;
}

export interface Forwarding extends Destination {
  /** What the client came back with, when the server had asked something. */
  readonly came: OpenedState<UpstreamState> | undefined;
}

/** Records a call, sends it, brings it to an end that the client can be given, and records that. Never throws. */
export class Forwarder {
  readonly #deps: ForwardDeps;

  constructor(deps: ForwardDeps) {
    this.#deps = deps;
  }

  async forward(call: GateCall, to: Forwarding): Promise<GateReply> {
    const { records, micros } = this.#deps;
    const span = this.#startSpan(call);
    try {
      await records.begin(call, span.traceId);
    } catch (error) {
      return this.#unrecorded(call, span, error);
    }
    const sent = micros();
    const exchange = new Exchange(call, to, span.next, this.#deps);
    const redact = (text: string): string => call.state.redactor.redactText(text);
    let reply: GateReply;
    let outcome: Outcome;
    try {
      const ended = await this.#run(exchange, to);
      reply = { ok: true, ...ended.answer };
      const seen = outcomeOf(ended.answer, redact);
      outcome = ended.outcome === undefined ? seen : { ...seen, outcome: ended.outcome };
    } catch (error) {
      const { outcome: failed, ...failure } = failureOf(error, redact);
      outcome = to.open?.isExpired === true ? { ...failed, error: NOBODY_CAME_BACK } : failed;
      reply = { ok: false, ...failure, call: call.id, decision: call.decision };
    }
    const upstreamMicros = Math.round(micros() - sent);
    records.end(call.id, upstreamMicros, withConversation(outcome, exchange));
    span.end({ outcome: outcome.outcome, policyMicros: call.policyMicros, upstreamMicros });
    return reply;
  }

  async #run(exchange: Exchange, { route, came, definition }: Forwarding): Promise<Ended> {
    const { call } = exchange;
    const { perform, method, task } = call.request;
    if (perform !== undefined) {
      await perform(route.upstream);
      return { answer: EMPTY_REPLY };
    }
    if (method === 'tools/call' && runsOnlyAsTask(definition)) {
      const { era } = await route.upstream.describe();
      if (era === 'handshake') {
        return { answer: await completeHandshakeTask(exchange) };
      }
    }
    const answers = came === undefined ? unaskedAnswers(call) : answersOf(exchange, came.state);
    const isFirst = came === undefined && Object.keys(answers).length === 0;
    const answer = await exchange.send(isFirst ? undefined : retryMembers(answers, came?.state.state));
    if (isPlain(answer.message)) {
      return { answer: task === undefined ? answer : showTaskReply(exchange, answer) };
    }
    return await converse(exchange, answer, this.#deps.sealer);
  }

  #startSpan({ request, meta }: GateCall): CallSpan {
    const { action, method, door, caller } = request;
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

  #unrecorded(call: GateCall, span: CallSpan, error: unknown): GateReply {
    this.#deps.logger.error('call refused: it cannot be recorded', {
      call: call.id,
      reason: reasonOf(error),
    });
    span.end({ outcome: 'not_sent', policyMicros: call.policyMicros, upstreamMicros: 0 });
    this.#deps.telemetry.countRefusal('AUDIT_UNAVAILABLE');
    return {
      ok: false,
      code: 'AUDIT_UNAVAILABLE',
      message: 'The call cannot be recorded and was not made',
      call: call.id,
    };
  }
}

const NOBODY_CAME_BACK = 'The client did not come back with answers in time';

const EMPTY_REPLY: UpstreamReply = Object.freeze({
  text: '{"jsonrpc":"2.0","id":0,"result":{}}',
  message: { jsonrpc: '2.0', id: 0, result: {} } as const,
});

function withConversation(outcome: Outcome, { sent, askedSoFar }: Exchange): Outcome {
  const questions = askedSoFar?.tally.counts;
  return sent <= 1 && questions === undefined
    ? outcome
    : {
        ...outcome,
        ...(sent <= 1 ? {} : { rounds: sent }),
        ...(questions === undefined ? {} : { questions }),
      };
}
