import type { CallHook, CallHookOptions, CallHooks } from '../execute/call-hook.ts';
import { PlanRun } from './plan-run.ts';
import { PlanStore, type PlanBounds } from './plan-store.ts';
import { PreviewRecorder } from './preview-recorder.ts';

/** Previews, and runs of what was previewed. Plans live in this process, for a while. */
export class PreviewHooks implements CallHooks {
  readonly #plans: PlanStore;

  /** @param now Milliseconds since 1970. */
  constructor(now: () => number, bounds?: PlanBounds) {
    this.#plans = new PlanStore(now, bounds);
  }

  open({ mode, owner, code, language }: CallHookOptions): CallHook {
    const script = { code, language };
    if (mode.kind === 'apply') return new PlanRun(this.#plans.take(owner, mode.plan, script));
    return new PreviewRecorder(script, (plan) => {
      this.#plans.keep(owner, plan);
    });
  }
}
