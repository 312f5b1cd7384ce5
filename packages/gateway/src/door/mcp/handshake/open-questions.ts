import { randomBytes } from 'node:crypto';
import type { ClassifiedMessage, InputRequest, JsonObject } from '@smcp/protocol';
import { AskError } from './ask-error.ts';

const MAX_OPEN = 32;
const ID_BYTES = 16;
const MINUTE_MS = 60_000;
/** Somebody may have to be fetched to answer; the call that waits may have a shorter deadline of its own. */
const ANSWER_WITHIN_MS = 15 * MINUTE_MS;

export type ClientResponse = Extract<ClassifiedMessage, { kind: 'response' }>;

/** The way to the client on which one question goes. */
export interface AskingWay {
  /** Puts a message on its way. False when it cannot be. */
  send(text: string): boolean;
}

interface Open {
  readonly resolve: (result: JsonObject) => void;
  readonly fail: (error: AskError) => void;
}

/**
 * The questions that one session has put to its client and that wait for an answer. Ids have 128 random bits and are known to this session alone, so an
 * answer from anywhere else matches none. A question settles once; what comes late, or twice, is no answer.
 */
export class OpenQuestions {
  readonly #open = new Map<string, Open>();
  #ended = false;

  get size(): number {
    return this.#open.size;
  }

  /**
   * Puts a question and waits for the result. When nobody waits any more, the client is told that it is cancelled.
   *
   * @throws {AskError} Any code but `ASK_UNSUPPORTED`.
   */
  async ask({ method, params }: InputRequest, signal: AbortSignal, way: AskingWay): Promise<JsonObject> {
    if (signal.aborted || this.#ended) {
      throw new AskError('ASK_CANCELLED', 'Nobody waits for an answer');
    }
    if (this.#open.size >= MAX_OPEN) {
      throw new AskError('ASK_TOO_MANY', `The client has ${MAX_OPEN} questions open already`);
    }
    const id = `ask-${randomBytes(ID_BYTES).toString('base64url')}`;
    if (!way.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))) {
      throw new AskError('ASK_UNREACHABLE', 'There is no stream on which the client could be asked');
    }
    const { promise, resolve, reject } = Promise.withResolvers<JsonObject>();
    this.#open.set(id, { resolve, fail: reject });
    const giveUp = (error: AskError): void => {
      if (this.#open.delete(id)) {
        const cancelled = { requestId: id, reason: error.message };
        way.send(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: cancelled }));
        reject(error);
      }
    };
    const onAbort = (): void => {
      giveUp(new AskError('ASK_CANCELLED', 'Nobody waits for an answer any more'));
    };
    const timer = setTimeout(() => {
      giveUp(new AskError('ASK_TIMEOUT', `The client gave no answer within ${ANSWER_WITHIN_MS} ms`));
    }, ANSWER_WITHIN_MS).unref();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Takes a response of the client. Returns false when it answers nothing that is open. */
  answer(response: ClientResponse): boolean {
    const { id } = response;
    const open = typeof id === 'string' ? this.#open.get(id) : undefined;
    if (typeof id !== 'string' || open === undefined) {
      return false;
    }
    this.#open.delete(id);
    if ('result' in response) {
      open.resolve(response.result);
    } else {
      const { code, message } = response.error;
      open.fail(
        new AskError('ASK_REFUSED', `The client answered with error ${code}: ${quoted(message)}`, code),
      );
    }
    return true;
  }

  /** The client is gone: nothing is answered any more. */
  end(): void {
    this.#ended = true;
    for (const { fail } of this.#open.values()) {
      fail(new AskError('ASK_CANCELLED', 'The session has ended'));
    }
    this.#open.clear();
  }
}

const QUOTED_CHARS = 300;

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, QUOTED_CHARS)).slice(1, -1);
}
