import type { CallHook, CallVerdict, HookedCall } from '../execute/call-hook.ts';
import type { ToolReply } from '../tool-host.ts';
import { CallResults } from './call-results.ts';
import { isReadOnly, type KeptCall, type KeptPlan } from './kept-plan.ts';
import { matchesPlan } from './match-args.ts';
import { readArgs } from './read-args.ts';
import { referencedCalls, type Reference } from './reference.ts';

/**
 * Lets the calls of a plan through, each once and in any order, and those that are annotated read-only. Every other call is refused.
 */
export class PlanRun implements CallHook {
  readonly #calls: readonly KeptCall[];
  readonly #results = new CallResults();
  /** Numbers of calls whose results others depend on; those of the rest are not kept. */
  readonly #referenced: ReadonlySet<number>;
  readonly #used = new Set<KeptCall>();
  readonly #planned = new WeakMap<HookedCall, KeptCall>();

  constructor({ calls }: KeptPlan) {
    this.#calls = calls;
    this.#referenced = new Set(calls.flatMap(({ args }) => referencedCalls(args)));
  }

  before(call: HookedCall): CallVerdict {
    const { server, tool, args: text } = call;
    if (isReadOnly(tool.annotations)) return { kind: 'make' };
    const read = readArgs(text);
    if (!read.ok) return notPlanned(call, read.why);
    const look = (reference: Reference) => this.#results.look(reference);
    const named = this.#calls.filter((each) => each.server === server && each.tool === tool.name);
    const open = named.filter((each) => !this.#used.has(each));
    const planned = open.find((each) => matchesPlan(each.args, read.args, look));
    if (planned === undefined) return notPlanned(call, whyNot(named, open));
    this.#used.add(planned);
    this.#planned.set(call, planned);
    return { kind: 'make' };
  }

  after(call: HookedCall, reply: ToolReply): void {
    const planned = this.#planned.get(call);
    if (planned === undefined || !reply.ok) return;
    const number = this.#calls.indexOf(planned) + 1;
    if (this.#referenced.has(number)) this.#results.keep(number, reply.result, planned.raw);
  }

  finish(): undefined {
    return undefined;
  }
}

function whyNot(named: readonly KeptCall[], open: readonly KeptCall[]): string {
  if (named.length === 0) return 'it is not on the plan';
  if (open.length === 0)
    return `it is on the plan ${named.length === 1 ? 'once' : `${named.length} times`}, and was made`;
  return 'it is on the plan with other arguments';
}

function notPlanned({ server, tool }: HookedCall, why: string): CallVerdict {
  const message = `Call of "${tool.name}" of "${server}" is refused: ${why}. Preview the script again when it has to do more`;
  return { kind: 'refuse', code: 'NOT_PLANNED', message };
}
