import type { ScriptName } from '../scripts.ts';

/** What the process of a contender can be told to do. */
export type ContenderJob =
  /** Opens the contender and runs a first script. */
  | { readonly kind: 'open' }
  /** Runs a script again and again, one after another. */
  | {
      readonly kind: 'sequential';
      readonly script: ScriptName;
      readonly runs: number;
      /** No run is begun after this time. */
      readonly maxMs: number;
    }
  /** Runs a script again and again, so many at the same time. */
  | {
      readonly kind: 'parallel';
      readonly script: ScriptName;
      readonly clients: number;
      readonly ms: number;
    }
  /** Goes to the place where scripts are started so often, and starts none. */
  | { readonly kind: 'reach'; readonly times: number }
  /** Leaves so many sessions open. */
  | { readonly kind: 'hold'; readonly sessions: number };

/** Milliseconds of each run, in order; of `parallel` the one time from the first begin to the last end, and the number of runs in it. */
export interface ContenderTimes {
  readonly ms: readonly number[];
  readonly runs: number;
}

export type ContenderAnswer =
  | { readonly ok: true; readonly times: ContenderTimes }
  | { readonly ok: false; readonly message: string };
