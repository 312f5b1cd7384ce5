import { createSecretKey, randomBytes } from 'node:crypto';
import { DecisionMemo, type Action, type Principal } from '@smcp/policy';
import type { JsonObject } from '@smcp/protocol';
import { reasonOf } from '../lib/reason-of.ts';
import { createSealer, type Sealer } from '../seal/index.ts';
import { approve, type ApprovalStep } from './approve.ts';
import { ifHeldCall, type OpenedState, type UpstreamState } from './conversation/call-state.ts';
import { Conversations } from './conversation/conversations.ts';
import type { OpenCall } from './conversation/open-call.ts';
import { UsedStates } from './conversation/used-states.ts';
import { Forwarder } from './forward.ts';
import { GateCall, ownerOf, paramsOf, shown } from './gate-call.ts';
import type { GateReply, GateRequest } from './gate-request.ts';
import { CONVERSATION, type ConversationSettings, type GateDeps, type GateState } from './gate-state.ts';
import { ifOffered, inspect } from './inspect.ts';
import { Questions } from './questions/questions.ts';
import { Records } from './records.ts';
import type { ServerEntry } from './server-entry.ts';
import { showTask } from './tasks/show-task.ts';
import { openTask, type TaskRoute } from './tasks/task-id.ts';

/**
 * The one road of every call: decide, limit, find, inspect, approve, record, forward, record. Nothing else in the product reaches an upstream on behalf of
 * a caller. Never throws: a refusal, an upstream failure and a failure of its own are all values, and all are recorded.
 *
 * A call may take several requests of its client, when the server or a person has to be answered first; each but the last is answered `input_required`.
 */
export class Gate implements Disposable {
  readonly #deps: GateDeps;
  readonly #settings: ConversationSettings;
  readonly #sealer: Sealer;
  readonly #records: Records;
  readonly #forwarder: Forwarder;
  readonly #conversations: Conversations;
  readonly #used: UsedStates;
  readonly #id = randomBytes(12).toString('base64url');
  #state: GateState;
  #decisions: DecisionMemo;

  constructor(state: GateState, deps: GateDeps) {
    this.#state = state;
    this.#decisions = new DecisionMemo(state.policy);
    this.#deps = deps;
    const { telemetry, logger, micros } = deps;
    const settings = { ...CONVERSATION, ...deps.conversation };
    const { askTimeoutMs } = settings;
    const sealer = deps.sealer ?? createOwnSealer(deps);
    const records = new Records(deps);
    this.#settings = settings;
    this.#sealer = sealer;
    this.#records = records;
    this.#forwarder = new Forwarder({ telemetry, logger, micros, records, sealer, askTimeoutMs });
    this.#conversations = new Conversations({ sealer, records, logger, settings });
    this.#used = new UsedStates(() => micros() / 1000, askTimeoutMs);
  }

  get state(): GateState {
    return this.#state;
  }

  /** Calls that are open upstream while their clients are away to fetch answers. */
  get parkedCalls(): number {
    return this.#conversations.parkedCalls;
  }

  replaceState(state: GateState): void {
    this.#state = state;
    this.#decisions = new DecisionMemo(state.policy);
  }

  /** Whether the principal may, for some arguments and perhaps after approval, do this; what it may not do is not listed. */
  isVisible(principal: Principal, action: Action): boolean {
    return this.#decisions.decide(principal, action, NO_FACTS).effect !== 'deny';
  }

  /** Whether the principal may do anything at all at a server; otherwise the server does not exist for it. */
  mayReach(principal: Principal, server: string): boolean {
    return this.#decisions.mayReach(principal, server);
  }

  /**
   * The call, by its id, in whose gate's memory the rest of a call is kept: when a client comes back with this state, only that gate can go on. Undefined when any
   * gate with the same key can, and for a state that does not open for this principal.
   */
  heldBy(state: string, principal: Principal): string | undefined {
    return ifHeldCall(this.#sealer, ownerOf(principal), state);
  }

  /** Where a task lives that this principal was given; undefined for any other id. Whether it may still be used is decided by `call`. */
  openTask(id: string, principal: Principal): TaskRoute | undefined {
    return openTask(this.#sealer, id, ownerOf(principal));
  }

  /**
   * What `notifications/tasks` of a server says, as the principal that follows the task may see it. Undefined when it is of another task, or the principal may
   * no longer know of it.
   *
   * @param id The id that the principal was given.
   * @param params As the server wrote them.
   */
  showTask(
    id: string,
    params: JsonObject,
    to: Pick<GateRequest, 'caller' | 'client' | 'labelQuestions'>,
  ): JsonObject | undefined {
    const { principal } = to.caller;
    const route = this.openTask(id, principal);
    const server = route === undefined ? undefined : this.#state.servers.get(route.server);
    if (route === undefined || server === undefined || params['taskId'] !== route.task) {
      return undefined;
    }
    if (!this.isVisible(principal, { kind: 'tool', server: route.server, name: route.name })) {
      return undefined;
    }
    const declared = to.client?.capabilities ?? NO_FACTS;
    const questions = new Questions(
      {
        server: server.name,
        declared,
        capabilities: server.asks.capabilitiesFor(declared),
        mayShowPage: server.asks.mayShowPage,
        label: to.labelQuestions === true,
      },
      undefined,
      // The client asks for the task before it answers, and then it is told and recorded.
      () => undefined,
    );
    return showTask(params, id, questions).details;
  }

  async call(request: GateRequest): Promise<GateReply> {
    const call = this.#begin(request);
    const { state, decision } = call;
    const { action, caller } = request;
    const server = state.servers.get(action.server) ?? request.server;
    if (server?.name !== action.server) {
      return await this.#records.refuse(call, 'UNKNOWN', `Unknown server: ${action.server.slice(0, 64)}`);
    }
    const came = this.#conversations.comeBack(call);
    const opened = came?.ok === true ? came.opened : undefined;
    const goesOn = opened?.state.kind === 'parked';
    if (decision.effect === 'deny') {
      if (goesOn) {
        this.#conversations.expire(opened.call);
      }
      return await this.#records.refuse(call, 'DENIED', `Unknown ${action.kind}: ${shown(action.name)}`);
    }
    if (came?.ok === false) {
      return await this.#conversations.refuseState(call, came.reason);
    }
    if (goesOn) {
      return await this.#conversations.resume(call, opened.call);
    }
    const admission = state.limiter.acquire({
      principalId: caller.principal.id,
      tenant: caller.principal.tenant,
      server: action.server,
      tool: action.name,
    });
    // Only a limiter in another process takes its time.
    const slot = admission instanceof Promise ? await admission : admission;
    if (!slot.ok) {
      const { retryAfterMs } = slot;
      return await this.#records.refuse(call, 'RATE_LIMITED', slot.message, { retryAfterMs });
    }
    const open = this.#conversations.ifOpenCall(call, server);
    const run = async (): Promise<GateReply> => {
      try {
        return await this.#run(call, server, opened, open);
      } finally {
        slot.release();
      }
    };
    return open === undefined ? await run() : await this.#conversations.begin(call, open, run);
  }

  /** Refuses what a door found out not to exist for its caller, and records that; sends nothing. Never rejects. */
  async refuseUnknown(request: GateRequest): Promise<GateReply> {
    const call = this.#begin(request);
    const { kind, name } = request.action;
    const code = call.decision.effect === 'deny' ? 'DENIED' : 'UNKNOWN';
    return await this.#records.refuse(call, code, `Unknown ${kind}: ${shown(name)}`);
  }

  /** Ends what waits for clients. */
  [Symbol.dispose](): void {
    this.#conversations[Symbol.dispose]();
  }

  #begin(request: GateRequest): GateCall {
    const started = this.#deps.micros();
    const { action, caller, document, task } = request;
    const params = paramsOf(document);
    // What is asked about a task is decided like its call, whose arguments were judged when it was made.
    const facts =
      task === undefined
        ? { arguments: params?.['arguments'] ?? NO_FACTS, exactNumbers: document.exactNumbers }
        : NO_FACTS;
    const decision = this.#decisions.decide(caller.principal, action, facts);
    const policyMicros = this.#deps.micros() - started;
    return new GateCall(this.#deps.newCallId(), request, this.#state, { decision, policyMicros, params });
  }

  /** From the limits to the end. */
  async #run(
    call: GateCall,
    server: ServerEntry,
    opened: OpenedState | undefined,
    open: OpenCall | undefined,
  ): Promise<GateReply> {
    const { action, caller } = call.request;
    const routed = server.route(caller);
    if (!routed.ok) {
      return await this.#records.refuse(call, routed.code, routed.message);
    }
    const { route } = routed;
    let definition: JsonObject | undefined;
    try {
      definition = await ifOffered(call, route);
    } catch (error) {
      return await this.#records.refuse(call, 'UNAVAILABLE', reasonOf(error));
    }
    if (definition === undefined) {
      return await this.#records.refuse(call, 'UNKNOWN', `Unknown ${action.kind}: ${shown(action.name)}`);
    }
    const came = ifUpstream(opened);
    const finding = inspect(call, server, definition, came?.state);
    if (finding !== undefined) {
      return await this.#records.refuse(call, finding.code, finding.message, finding);
    }
    // What is asked about a task belongs to a call that was approved.
    if (call.decision.effect === 'ask' && call.request.task === undefined) {
      const step = await this.#approve(call, server, opened);
      if (step.step === 'ask') {
        await this.#records.notMade(call, 'APPROVAL_ASKED');
        return { ok: true, ...step.reply };
      }
      if (step.step === 'refuse') {
        return await this.#records.refuse(call, step.code, step.message);
      }
    }
    call.request.onRoute?.(route.upstream);
    const tool = action.kind === 'tool' ? definition : undefined;
    return await this.#forwarder.forward(call, { server, route, definition: tool, open, came });
  }

  async #approve(
    call: GateCall,
    server: ServerEntry,
    opened: OpenedState | undefined,
  ): Promise<ApprovalStep> {
    try {
      return await approve(call, server, opened, {
        sealer: this.#sealer,
        askTimeoutMs: this.#settings.askTimeoutMs,
        gate: this.#id,
        now: () => this.#deps.now().getTime(),
        isFirstUse: (before) => this.#used.isFirstUse(before),
      });
    } catch (error) {
      const reason = reasonOf(error);
      this.#deps.logger.error('call refused: approvals cannot be looked up', { call: call.id, reason });
      const message = 'Approvals cannot be looked up; the call was not made';
      return { step: 'refuse', code: 'UNAVAILABLE', message };
    }
  }
}

const NO_FACTS: JsonObject = Object.freeze({});

function createOwnSealer({ now }: GateDeps): Sealer {
  return createSealer({
    key: createSecretKey(randomBytes(32)),
    now: () => now().getTime(),
    random: randomBytes,
  });
}

function ifUpstream(opened: OpenedState | undefined): OpenedState<UpstreamState> | undefined {
  return opened?.state.kind === 'upstream' ? { call: opened.call, state: opened.state } : undefined;
}
