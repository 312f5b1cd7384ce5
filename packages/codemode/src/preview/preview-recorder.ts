import type { CallHook, CallVerdict, HookedCall } from '../execute/call-hook.ts';
import { canonicalJson } from '@smcp/protocol';
import { isReadOnly, makePlan, type KeptCall, type KeptPlan, type PlannedScript } from './kept-plan.ts';
import type { Plan } from './plan.ts';
import { readArgs } from './read-args.ts';

const MAX_CALLS = 200;
const MAX_CHARS = 512 * 1024;

/** Lets calls through that are annotated read-only, and writes down all others in place of making them. */
export class PreviewRecorder implements CallHook {
  readonly #script: PlannedScript;
  readonly #keep: (plan: KeptPlan) => void;
  readonly #calls: KeptCall[] = [];
  #chars = 0;
  #made = 0;
  #isWhole = true;

  /** @param keep Given the plan when the run is over. */
  constructor(script: PlannedScript, keep: (plan: KeptPlan) => void) {
    this.#script = script;
    this.#keep = keep;
  }

  before({ server, tool, args: text, raw }: HookedCall): CallVerdict {
    if (isReadOnly(tool.annotations)) {
      this.#made += 1;
      return { kind: 'make' };
    }
    const read = readArgs(text);
    // The gate would refuse it as well.
    if (!read.ok) return refusal(`Call of "${tool.name}" cannot be planned: ${read.why}`);
    this.#chars += canonicalJson(read.args).length;
    if (this.#calls.length >= MAX_CALLS || this.#chars > MAX_CHARS) {
      this.#isWhole = false;
      return refusal(
        `A plan has at most ${MAX_CALLS} calls and ${MAX_CHARS} characters; do the work in parts`,
      );
    }
    this.#calls.push({ server, tool: tool.name, args: read.args, raw });
    return { kind: 'record', planned: this.#calls.length };
  }

  after(): void {
    // What a call that was made gave has no part in the plan.
  }

  /** No plan when a call has no place on it: it would not be what the script does. */
  finish(): Plan | undefined {
    if (!this.#isWhole) return undefined;
    const [plan, kept] = makePlan(this.#script, this.#calls, this.#made);
    this.#keep(kept);
    return plan;
  }
}

function refusal(message: string): CallVerdict {
  return { kind: 'refuse', code: 'PLAN_LIMIT', message };
}
