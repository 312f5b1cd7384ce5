import { CodeModeError } from '../code-mode-error.ts';
import { scriptOf, type KeptPlan, type PlannedScript } from './kept-plan.ts';

const MINUTE_MS = 60 * 1000;

export interface PlanBounds {
  readonly ttlMs: number;
  readonly maxPerOwner: number;
  readonly max: number;
  readonly maxBytes: number;
}

export const PLAN_BOUNDS: PlanBounds = Object.freeze({
  ttlMs: 10 * MINUTE_MS,
  maxPerOwner: 8,
  max: 1000,
  maxBytes: 64 * 1024 * 1024,
});

interface Entry {
  readonly owner: string;
  readonly plan: KeptPlan;
  readonly expiresAt: number;
}

/** Plans that wait to be applied, each its owner's alone. Beyond the bounds the oldest are dropped. */
export class PlanStore {
  readonly #now: () => number;
  readonly #bounds: PlanBounds;
  /** Oldest first. */
  #entries: readonly Entry[] = [];

  constructor(now: () => number, bounds: PlanBounds = PLAN_BOUNDS) {
    this.#now = now;
    this.#bounds = bounds;
  }

  keep(owner: string, plan: KeptPlan): void {
    const now = this.#now();
    const others = this.#entries.filter(
      (entry) => entry.expiresAt > now && !(entry.owner === owner && entry.plan.digest === plan.digest),
    );
    const { ttlMs } = this.#bounds;
    this.#entries = this.#within([...others, { owner, plan, expiresAt: now + ttlMs }], owner);
  }

  /**
   * Takes a plan out, so that it is applied once.
   *
   * @throws {CodeModeError} `PLAN_UNKNOWN`; `PLAN_DIFFERS` when it is of another script, and then it stays.
   */
  take(owner: string, digest: string, script: PlannedScript): KeptPlan {
    const now = this.#now();
    const entry = this.#entries.find((each) => each.owner === owner && each.plan.digest === digest);
    if (entry === undefined || entry.expiresAt <= now) {
      const minutes = Math.round(this.#bounds.ttlMs / MINUTE_MS);
      throw new CodeModeError(
        'PLAN_UNKNOWN',
        `There is no such plan of yours: a plan can be applied once, within ${minutes} minutes of its preview. Run the script again in mode "preview" and apply the plan that it gives`,
      );
    }
    if (entry.plan.script !== scriptOf(script)) {
      throw new CodeModeError(
        'PLAN_DIFFERS',
        'The plan is of another script: apply it with exactly the code and language of its preview, or preview this script',
      );
    }
    this.#entries = this.#entries.filter((each) => each !== entry && each.expiresAt > now);
    return entry.plan;
  }

  #within(entries: readonly Entry[], owner: string): readonly Entry[] {
    const { maxPerOwner, max, maxBytes } = this.#bounds;
    let [own, all, bytes] = [0, 0, 0];
    const kept = entries.toReversed().filter((entry) => {
      if (entry.owner === owner) own += 1;
      if (entry.owner === owner && own > maxPerOwner) return false;
      all += 1;
      bytes += entry.plan.bytes;
      return all <= max && bytes <= maxBytes;
    });
    return kept.toReversed();
  }
}
