import { isInputMethod, RPC_ERRORS, type InputMethod, type JsonObject, type RequestId } from '@smcp/protocol';
import type { Channel } from '../channel.ts';
import type { PendingCall } from '../pending-call.ts';
import type { MayAsk } from '../upstream-spec.ts';
import { isAllowed } from './client-capabilities.ts';
import type { Elicitations } from './elicitations.ts';
import { findAskedCall } from './find-asked-call.ts';
import { Question } from './question.ts';

/** Questions of one call, in all and at the same time; a server that asks more gets errors. */
const MAX_PER_CALL = 16;
const MAX_AT_ONCE = 4;
/** A question that is open for so long gives way when nobody can tell whether the next one is for the same client: its call is given up. */
const GIVES_WAY_MS = 30_000;
/** Answers of ours on their way at the same time; a server that asks for more gets none. */
const MAX_ANSWERING = 32;

export interface QuestionsOptions {
  readonly channel: Channel;
  readonly mayAsk: readonly MayAsk[];
  readonly elicitations: Elicitations;
  /** Told once that a question could belong to several clients. */
  readonly onAmbiguous: () => void;
}

interface ServerRequest {
  readonly id: RequestId;
  readonly method: string;
  readonly params: JsonObject;
}

/** What a server with a handshake asks of us: `ping`, and questions to the client behind a call. Every request is answered once, except beyond the bounds. */
export class Questions {
  readonly #options: QuestionsOptions;
  readonly #open = new Map<RequestId, Question>();
  readonly #counts = new WeakMap<PendingCall, number>();
  #answering = 0;
  #wasAmbiguous = false;

  constructor(options: QuestionsOptions) {
    this.#options = options;
  }

  /** @param relatedId The request on whose answer stream it came. */
  hear({ id, method, params }: ServerRequest, relatedId: number | undefined): void {
    if (method === 'ping') {
      this.#answer(id, { result: {} });
    } else if (isInputMethod(method) && isAllowed(method, this.#options.mayAsk)) {
      this.#ask(id, method, params, relatedId);
    } else {
      this.#refuse(id, RPC_ERRORS.methodNotFound, `Method ${method} is not supported by this client`);
    }
  }

  /** The server no longer wants to know. */
  withdraw(id: RequestId): void {
    const question = this.#open.get(id);
    if (question !== undefined) {
      question.wantsAnswer = false;
      question.withdraw();
    }
  }

  #ask(id: RequestId, method: InputMethod, params: JsonObject, relatedId: number | undefined): void {
    const { channel, elicitations } = this.#options;
    const asked = findAskedCall(channel, relatedId);
    if (asked === 'several') {
      this.#refuse(id, RPC_ERRORS.internal, 'Cannot tell whose call this is for; set scope: session');
      this.#giveWay();
      if (!this.#wasAmbiguous) {
        this.#wasAmbiguous = true;
        this.#options.onAmbiguous();
      }
      return;
    }
    if (asked === 'nobody') {
      this.#refuse(id, RPC_ERRORS.internal, 'There is no client that could be asked now');
      return;
    }
    const { call, asker, ask } = asked;
    const refusal = this.#refusalFor(id, call);
    if (refusal !== undefined) {
      this.#refuse(id, RPC_ERRORS.internal, refusal);
      return;
    }
    elicitations.remember(params['elicitationId'], asker, call);
    this.#counts.set(call, (this.#counts.get(call) ?? 0) + 1);
    const question = new Question(call);
    this.#open.set(id, question);
    call.onSettled = () => {
      this.#endOf(call);
    };
    question.put(ask, { method, params }).then(
      (result) => {
        this.#close(id, question);
        this.#answer(id, { result });
      },
      () => {
        this.#close(id, question);
        if (question.wantsAnswer) {
          // Why is between the client and us.
          this.#refuse(id, RPC_ERRORS.internal, 'The client did not answer');
        }
      },
    );
  }

  /** Otherwise one client that never answers would keep all others from being asked. */
  #giveWay(): void {
    const stale = [...this.#open.values()].filter(({ ageMs }) => ageMs >= GIVES_WAY_MS);
    for (const call of new Set(stale.map((question) => question.call))) {
      call.handleEvent();
    }
  }

  #refusalFor(id: RequestId, call: PendingCall): string | undefined {
    if (this.#open.has(id)) {
      return 'The id is that of a question that is still open';
    }
    if ((this.#counts.get(call) ?? 0) >= MAX_PER_CALL) {
      return `A call may ask at most ${MAX_PER_CALL} questions`;
    }
    const open = [...this.#open.values()].filter((question) => question.call === call).length;
    return open >= MAX_AT_ONCE ? `A call may ask at most ${MAX_AT_ONCE} questions at a time` : undefined;
  }

  #close(id: RequestId, { call }: Question): void {
    this.#open.delete(id);
    if (call.goOn()) {
      this.#options.channel.moved(call);
    }
  }

  #endOf(call: PendingCall): void {
    for (const question of this.#open.values()) {
      if (question.call === call) {
        question.withdraw();
      }
    }
  }

  #refuse(id: RequestId, code: number, message: string): void {
    this.#answer(id, { error: { code, message } });
  }

  #answer(id: RequestId, body: JsonObject): void {
    if (this.#answering >= MAX_ANSWERING) {
      return;
    }
    this.#answering += 1;
    this.#options.channel
      .send({ jsonrpc: '2.0', id, ...body })
      // It is the server that waits for it, and the server that is gone.
      .catch(() => undefined)
      .finally(() => {
        this.#answering -= 1;
      });
  }
}
