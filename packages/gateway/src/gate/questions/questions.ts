import type { InputRequest, JsonObject } from '@smcp/protocol';
import { actionOf, answerFault } from './check-answer.ts';
import { checkQuestion, type CheckedQuestion, type QuestionRules } from './check-question.ts';
import { QuestionTally } from './question-tally.ts';

/** Questions that one call may put, over all its rounds on one connection. */
export const MAX_QUESTIONS = 32;
/** How many of them may cost the client an answer of its model. */
export const MAX_SAMPLING = 8;

/** Puts a question that has been checked to the client. Rejects when there is no answer. */
export type PutQuestion = (request: InputRequest, signal: AbortSignal) => Promise<JsonObject>;

/** What a server asks in the middle of one call: checked, counted and bounded before a client sees it, and its answer before the server does. */
export class Questions {
  readonly tally = new QuestionTally();
  readonly #rules: QuestionRules;
  readonly #put: PutQuestion | undefined;
  readonly #onRefused: (method: string, reason: string) => void;
  #asked = 0;
  #sampled = 0;

  /**
   * @param put Absent: the client cannot be asked while the call is under way.
   * @param onRefused Told of each question that no client gets to see.
   */
  constructor(
    rules: QuestionRules,
    put: PutQuestion | undefined,
    onRefused: (method: string, reason: string) => void,
  ) {
    this.#rules = rules;
    this.#put = put;
    this.#onRefused = onRefused;
  }

  /** Checks a question and takes it from the budget of the call. What is refused is counted and told. */
  check(question: unknown): CheckedQuestion {
    const checked = this.#withinBudget(checkQuestion(question, this.#rules));
    if (!checked.ok) {
      this.tally.count(checked.method, 'refused');
      this.#onRefused(checked.method, checked.reason);
    }
    return checked;
  }

  /**
   * Asks the client and gives what the server is answered with. A question that nobody should be asked is declined without asking.
   *
   * @throws {Error} When it may not be asked, or is not answered as it should be; an elicitation that is not answered counts as cancelled.
   */
  async ask(question: unknown, signal: AbortSignal): Promise<JsonObject> {
    const checked = this.check(question);
    if (checked.ok) {
      return await this.put(checked.request, signal);
    }
    if (checked.why === 'decline') {
      return { action: 'decline' };
    }
    throw new Error(checked.reason);
  }

  /** Asks what has been checked. */
  async put(request: InputRequest, signal: AbortSignal): Promise<JsonObject> {
    const { method } = request;
    let fault: string | undefined;
    try {
      const answer = await this.#orReject()(request, signal);
      fault = answerFault(method, answer);
      if (fault === undefined) {
        this.tally.count(method, actionOf(method, answer));
        return answer;
      }
    } catch (error) {
      if (signal.aborted) {
        throw error;
      }
      fault = 'The client gave no answer';
    }
    this.tally.count(method, 'failed');
    if (method === 'elicitation/create') {
      return { action: 'cancel' };
    }
    throw new Error(fault);
  }

  #orReject(): PutQuestion {
    if (this.#put === undefined) {
      throw new Error('The client cannot be asked while the call is under way');
    }
    return this.#put;
  }

  #withinBudget(checked: CheckedQuestion): CheckedQuestion {
    if (!checked.ok) {
      return checked;
    }
    const { method } = checked.request;
    this.#asked += 1;
    const isSampling = method === 'sampling/createMessage';
    this.#sampled += isSampling ? 1 : 0;
    return this.#asked > MAX_QUESTIONS || (isSampling && this.#sampled > MAX_SAMPLING)
      ? { ok: false, why: 'malformed', method, reason: 'The call has asked too much' }
      : checked;
  }
}
