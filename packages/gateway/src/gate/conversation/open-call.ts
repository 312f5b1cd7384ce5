import { isJsonObject, type InputRequest, type InputResponses, type JsonObject } from '@smcp/protocol';
import type { GateReply } from '../gate-request.ts';
import { answerFault } from '../questions/check-answer.ts';
import type { PutQuestion } from '../questions/questions.ts';
import type { ParkedCalls } from './parked-calls.ts';
import { inputRequired } from './reply.ts';

export interface OpenCallOptions {
  readonly id: string;
  /** Equal for calls of the same principal. */
  readonly owner: string;
  readonly parked: ParkedCalls;
  readonly gatherMs: number;
  /** How long nobody may wait for the call before it is given up. */
  readonly expireMs: number;
  /** Answers that the client sent before anything was asked, by the names of the questions. */
  readonly given: InputResponses;
  /** The state with which the client comes back. */
  readonly seal: () => string;
}

/** In `_meta` of a question of a handshake-era server: the name by which clients of 2026-07-28 see it. Without it, questions are `q1`, `q2` …. */
const INPUT_KEY = 'smcp/input-key';
/** Never `q1`: those are ours. */
const NAME = /^(?!q\d+$)[A-Za-z0-9_.-]{1,128}$/;

/** One request of the client that waits for what comes next. */
export interface Round {
  readonly signal?: AbortSignal | undefined;
  /** Where notifications of the call go while this request waits. */
  readonly deliver?: ((method: string, params: JsonObject) => void) | undefined;
}

interface Waiting {
  readonly request: InputRequest;
  readonly answer: (answer: JsonObject) => void;
  readonly fail: (error: Error) => void;
}

/**
 * A call that stays open upstream over several requests of a client that cannot be asked in the middle of one: what the server asks ends the request at hand,
 * and the next one brings the answers.
 *
 * Promises: one request waits at a time; each question is answered once; a request that goes away while it waits, or a client that does not come back in
 * time, ends the call upstream. What the call ended with is kept for the client until then.
 */
export class OpenCall {
  readonly id: string;
  readonly owner: string;
  readonly #options: OpenCallOptions;
  readonly #controller = new AbortController();
  readonly #questions = new Map<string, Waiting>();
  readonly #named = new Set<string>();
  #numbered = 0;
  #isParked = false;
  #isExpired = false;
  #final: GateReply | undefined;
  #waiter: ((reply: GateReply) => void) | undefined;
  #deliver: Round['deliver'];
  #gathering: NodeJS.Timeout | undefined;
  #expiry: NodeJS.Timeout | undefined;

  constructor(options: OpenCallOptions) {
    this.id = options.id;
    this.owner = options.owner;
    this.#options = options;
  }

  /** Fires when the call is to end upstream. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isExpired(): boolean {
    return this.#isExpired;
  }

  /** Whether a request of the client waits at this moment. */
  get isAwaited(): boolean {
    return this.#waiter !== undefined;
  }

  readonly notify = (method: string, params: JsonObject): void => {
    this.#deliver?.(method, params);
  };

  /** Puts a question to the client with the next answer that it gets. Rejects when there is no room for calls that wait, or when the signal fires first. */
  readonly put: PutQuestion = async (request, signal) => {
    if (this.#controller.signal.aborted || this.#final !== undefined) {
      throw new Error('The call has ended');
    }
    const named = this.#ifNamed(request);
    const given = named === undefined ? undefined : this.#ifGiven(named, request);
    if (given !== undefined) {
      return given;
    }
    if (!this.#isParked && !this.#options.parked.admit(this)) {
      throw new Error('Too many calls wait for answers');
    }
    this.#isParked = true;
    this.#numbered += 1;
    const id = named ?? `q${this.#numbered}`;
    const { promise, resolve, reject } = Promise.withResolvers<JsonObject>();
    const onAbort = (): void => {
      reject(new Error('The server has withdrawn its question'));
    };
    this.#questions.set(id, { request, answer: resolve, fail: reject });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) {
      onAbort();
    }
    this.#gather();
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#questions.delete(id);
    }
  };

  /** What is wrong with answers to open questions; those to others do not count. */
  faultOf(responses: InputResponses): string | undefined {
    for (const [id, { request }] of this.#questions) {
      const fault = Object.hasOwn(responses, id) ? answerFault(request.method, responses[id]) : undefined;
      if (fault !== undefined) {
        return fault;
      }
    }
    return undefined;
  }

  /** Hands answers that have no fault to the server, each once. */
  answer(responses: InputResponses): void {
    for (const [id, { answer }] of this.#questions) {
      const response = Object.hasOwn(responses, id) ? responses[id] : undefined;
      if (response !== undefined) {
        this.#questions.delete(id);
        answer(response);
      }
    }
  }

  /** Waits for what comes next: open questions, or the end of the call. Not to be called while another request waits. */
  async wait({ signal, deliver }: Round): Promise<GateReply> {
    clearTimeout(this.#expiry);
    if (this.#final !== undefined) {
      this.#leave();
      return this.#final;
    }
    const { promise, resolve } = Promise.withResolvers<GateReply>();
    this.#waiter = resolve;
    this.#deliver = deliver;
    const onAbort = (): void => {
      this.#controller.abort();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) {
      onAbort();
    }
    this.#gather();
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** The call has ended upstream. */
  finish(reply: GateReply): void {
    clearTimeout(this.#gathering);
    this.#failQuestions();
    if (this.#waiter !== undefined) {
      this.#hand(reply);
      this.#leave();
    } else if (this.#isParked && !this.#isExpired) {
      this.#final = reply;
    }
  }

  /** Gives the call up, since nobody came back for it. */
  expire(): void {
    this.#isExpired = true;
    this.#leave();
    this.#failQuestions();
    this.#controller.abort();
  }

  /** The name that a server gives its question, unless one of that name is open or was answered. */
  #ifNamed({ params }: InputRequest): string | undefined {
    const meta = params['_meta'];
    const name = isJsonObject(meta) ? meta[INPUT_KEY] : undefined;
    const isFree = typeof name === 'string' && NAME.test(name) && !this.#named.has(name);
    if (!isFree) {
      return undefined;
    }
    this.#named.add(name);
    return name;
  }

  #ifGiven(name: string, { method }: InputRequest): JsonObject | undefined {
    const { given } = this.#options;
    const answer = Object.hasOwn(given, name) ? given[name] : undefined;
    return answer === undefined || answerFault(method, answer) !== undefined ? undefined : answer;
  }

  /** Questions that come within a moment go out together. */
  #gather(): void {
    if (this.#waiter !== undefined && this.#questions.size > 0 && this.#gathering === undefined) {
      this.#gathering = setTimeout(() => {
        this.#gathering = undefined;
        this.#giveRound();
      }, this.#options.gatherMs);
    }
  }

  #giveRound(): void {
    if (this.#waiter === undefined || this.#questions.size === 0) {
      return;
    }
    const requests = [...this.#questions].map(([id, { request }]) => [id, { ...request }] as const);
    this.#expiry = setTimeout(() => {
      this.expire();
    }, this.#options.expireMs).unref();
    this.#hand({ ok: true, ...inputRequired(Object.fromEntries(requests), this.#options.seal()) });
  }

  #hand(reply: GateReply): void {
    this.#waiter?.(reply);
    this.#waiter = undefined;
    this.#deliver = undefined;
  }

  #failQuestions(): void {
    for (const { fail } of this.#questions.values()) {
      fail(new Error('The call has ended'));
    }
    this.#questions.clear();
  }

  #leave(): void {
    clearTimeout(this.#expiry);
    this.#options.parked.remove(this);
  }
}
