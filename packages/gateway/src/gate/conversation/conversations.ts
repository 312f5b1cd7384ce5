import { reasonOf } from '../../lib/reason-of.ts';
import type { Sealer } from '../../seal/index.ts';
import type { Logger } from '../../telemetry/telemetry.ts';
import { withCallerToken } from '../exchange.ts';
import { responsesOf, unaskedAnswers, type GateCall } from '../gate-call.ts';
import type { GateReply } from '../gate-request.ts';
import type { ConversationSettings } from '../gate-state.ts';
import { canBeAsked } from '../questions/capabilities.ts';
import type { Records } from '../records.ts';
import type { ServerEntry } from '../server-entry.ts';
import { openState, sealState, type OpenedState } from './call-state.ts';
import { OpenCall, type Round } from './open-call.ts';
import { ParkedCalls } from './parked-calls.ts';
import { ASKING_METHODS } from './result-kind.ts';

export interface ConversationsDeps {
  readonly sealer: Sealer;
  readonly records: Records;
  readonly logger: Logger;
  readonly settings: ConversationSettings;
}

/** What a client carried back from the round before, or why it does not count. */
export type ComeBack =
  | { readonly ok: true; readonly opened: OpenedState }
  | { readonly ok: false; readonly reason: string };

/** Calls that take several requests of their client. */
export class Conversations implements Disposable {
  readonly #deps: ConversationsDeps;
  readonly #parked: ParkedCalls;

  constructor(deps: ConversationsDeps) {
    this.#deps = deps;
    this.#parked = new ParkedCalls(deps.settings);
  }

  /** Calls that are open upstream while their clients are away to fetch answers. */
  get parkedCalls(): number {
    return this.#parked.size;
  }

  /** Undefined when this is the first request of the call. */
  comeBack(call: GateCall): ComeBack | undefined {
    const { client } = call.request;
    const text = client?.style === 'retry' ? client.resume?.state : undefined;
    if (text === undefined) {
      return undefined;
    }
    const opened = openState(this.#deps.sealer, call, text);
    if (typeof opened === 'string') {
      return { ok: false, reason: opened };
    }
    call.continues = opened.call;
    return { ok: true, opened };
  }

  /** Goes on with a call that is open upstream. It was recorded and limited when it began. */
  async resume(call: GateCall, before: string): Promise<GateReply> {
    const open = this.#parked.find(before);
    if (open === undefined || open.isAwaited) {
      return await this.refuseState(
        call,
        open === undefined ? 'the call is over' : 'the call is awaited already',
      );
    }
    const responses = responsesOf(call);
    const fault = open.faultOf(responses);
    if (fault !== undefined) {
      return await this.#deps.records.refuse(call, 'STATE_INVALID', fault);
    }
    open.answer(responses);
    return await open.wait(roundOf(call));
  }

  /** Gives up a call that is open upstream and may not go on. */
  expire(before: string): void {
    this.#parked.find(before)?.expire();
  }

  /** The reason is for the log: whoever tries states out learns nothing from us. */
  async refuseState(call: GateCall, reason: string): Promise<GateReply> {
    const { server } = call.request.action;
    this.#deps.logger.warn('a state that a client came back with was refused', {
      call: call.id,
      server,
      reason,
    });
    return await this.#deps.records.refuse(
      call,
      'STATE_INVALID',
      'The requestState is not valid for this request',
    );
  }

  /** Set when something may be asked that ends the request at hand. */
  ifOpenCall(call: GateCall, server: ServerEntry): OpenCall | undefined {
    const { client, method, perform, caller } = call.request;
    if (
      client?.style !== 'retry' ||
      perform !== undefined ||
      !ASKING_METHODS.has(method) ||
      !canBeAsked(server.asks.capabilitiesFor(client.capabilities))
    ) {
      return undefined;
    }
    const { sealer, settings } = this.#deps;
    const { askTimeoutMs, gatherMs } = settings;
    return new OpenCall({
      id: call.id,
      owner: `${caller.principal.tenant}\n${caller.principal.id}`,
      parked: this.#parked,
      gatherMs,
      expireMs: askTimeoutMs,
      given: unaskedAnswers(call),
      seal: () => sealState(sealer, call, { kind: 'parked' }, askTimeoutMs),
    });
  }

  /** Runs a call that may outlast the request which began it, and answers that request with what comes first: a question, or the end. */
  async begin(call: GateCall, open: OpenCall, run: () => Promise<GateReply>): Promise<GateReply> {
    void this.#finish(call, open, run);
    return await open.wait(roundOf(call));
  }

  [Symbol.dispose](): void {
    this.#parked[Symbol.dispose]();
  }

  async #finish(call: GateCall, open: OpenCall, run: () => Promise<GateReply>): Promise<void> {
    try {
      open.finish(await run());
    } catch (error) {
      this.#deps.logger.error('request failed', { call: call.id, reason: reasonOf(error) });
      const message = 'The gateway failed; the call may have run';
      open.finish({ ok: false, code: 'OUTCOME_UNKNOWN', message, call: call.id });
    }
  }
}

function roundOf({ request, meta }: GateCall): Round {
  const { signal, onNotification } = request;
  return {
    signal,
    deliver:
      onNotification === undefined ? undefined : withCallerToken(onNotification, meta?.['progressToken']),
  };
}
