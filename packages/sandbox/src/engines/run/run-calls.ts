import { HostCallError, type ScriptHost } from '../../engine.ts';
import type { ScriptLimits } from '../../limits.ts';
import type { CallMade } from '../../outcome.ts';
import { isJsonTooDeep } from '../../wire/json-depth.ts';
import type { CallMessage, SettleMessage } from '../../wire/messages.ts';
import { ProtocolError } from '../../wire/protocol-error.ts';
import type { WallClock } from './wall-clock.ts';

const MAX_NAME_LENGTH = 256;
const MAX_MESSAGE_LENGTH = 64 * 1024;

export type Answer = Omit<SettleMessage, 'type' | 'run' | 'call'>;
type MutableCall = { -readonly [K in keyof CallMade]: CallMade[K] };

export interface RunCallsOptions {
  readonly host: ScriptHost;
  readonly limits: ScriptLimits;
  readonly wall: WallClock;
  /** Fires when the run has ended. */
  readonly signal: AbortSignal;
}

/**
 * The calls of one run. The runner keeps to the limits too; this is the side that counts.
 */
export class RunCalls {
  readonly #options: RunCallsOptions;
  readonly #made: MutableCall[] = [];
  #underWay = 0;

  constructor(options: RunCallsOptions) {
    this.#options = options;
  }

  /** Calls so far, as they stand. */
  get made(): readonly CallMade[] {
    return this.#made.map((call) => Object.freeze({ ...call }));
  }

  /**
   * Takes a call in.
   *
   * @returns False when it is one more than allowed in a run: then nothing was called.
   * @throws {ProtocolError} When no runner of ours makes such a call: its number is not the next one, or too many are under way.
   */
  begin(message: CallMessage): boolean {
    const { limits } = this.#options;
    if (message.call !== this.#made.length + 1) {
      throw new ProtocolError(`Call ${message.call} follows call ${this.#made.length}`);
    }
    if (this.#made.length >= limits.calls) {
      return false;
    }
    if (this.#underWay >= limits.parallelCalls) {
      throw new ProtocolError(`More than ${limits.parallelCalls} calls under way`);
    }
    this.#underWay += 1;
    this.#made.push({
      name: message.name.slice(0, MAX_NAME_LENGTH),
      startedMs: this.#options.wall.elapsedMs,
      inputBytes: Buffer.byteLength(message.input),
    });
    return true;
  }

  /**
   * Has the host answer a call that was begun. Never rejects.
   *
   * @param deliver Takes the answer to the runner; the call is under way until that is done, so that answers nobody reads do not pile up.
   */
  async answer(message: CallMessage, deliver: (answer: Answer) => Promise<void>): Promise<void> {
    const answer = await this.#answer(message);
    const call = this.#made[message.call - 1];
    if (call !== undefined && !this.#options.signal.aborted) {
      call.tookMs = this.#options.wall.elapsedMs - call.startedMs;
      call.ok = answer.error === undefined;
      if (answer.value !== undefined) {
        call.outputBytes = Buffer.byteLength(answer.value);
      }
      await deliver(answer);
    }
    this.#underWay -= 1;
  }

  async #answer({ name, input }: CallMessage): Promise<Answer> {
    const { host, limits, signal, wall } = this.#options;
    if (name.length > MAX_NAME_LENGTH) {
      return failed(
        'RangeError',
        `The name of a call has ${name.length} characters, more than ${MAX_NAME_LENGTH}`,
      );
    }
    const inputBytes = Buffer.byteLength(input);
    if (inputBytes > limits.callInputBytes) {
      return failed(
        'RangeError',
        `The input of "${name}" has ${inputBytes} bytes, more than the ${limits.callInputBytes} allowed`,
      );
    }
    if (isJsonTooDeep(input)) {
      return failed('RangeError', `The input of "${name}" is nested too deep`);
    }
    let value: string;
    try {
      value = await host.call(name, input, { signal, hold: () => wall.hold() });
    } catch (error) {
      return answerOfError(error);
    }
    const bytes = typeof value === 'string' ? Buffer.byteLength(value) : 0;
    if (bytes > limits.callOutputBytes) {
      return failed(
        'RangeError',
        `The result of "${name}" has ${bytes} bytes, more than the ${limits.callOutputBytes} allowed`,
      );
    }
    return typeof value === 'string' ? { value } : answerOfError(undefined);
  }
}

/** Only what is meant for scripts is told to them. */
function answerOfError(error: unknown): Answer {
  if (!(error instanceof HostCallError)) {
    return failed('Error', 'The call failed');
  }
  const { name, message, details } = error;
  return failed(name.slice(0, MAX_NAME_LENGTH), message.slice(0, MAX_MESSAGE_LENGTH), ifJson(details));
}

function failed(name: string, message: string, details?: unknown): Answer {
  return { error: details === undefined ? { name, message } : { name, message, details } };
}

/** The same value if JSON can hold it. */
function ifJson(value: unknown): unknown {
  try {
    return JSON.stringify(value) === undefined ? undefined : value;
  } catch {
    // Cyclic or with a BigInt: the error goes without it.
    return undefined;
  }
}
