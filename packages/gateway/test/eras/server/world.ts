import { appendFileSync } from 'node:fs';

/** What can change in the lists of a server. */
export const CHANGING = ['tools', 'prompts', 'resources'] as const;

export type Changing = (typeof CHANGING)[number];

/** State of one server process that outlives a request and a session. */
export interface World {
  /** Ids of `wait` calls that were cancelled. */
  readonly cancelled: Set<string>;
  /** Lists that show their extra entry at the moment. */
  readonly extended: Set<Changing>;
  /** Text of the resource that changes. */
  counter: number;
  /** Writes down that a call runs, before anything else happens. */
  executed(tag: string): void;
}

/** @param logFile One line per call of `count`; none when absent. */
export function createWorld(logFile?: string): World {
  return {
    cancelled: new Set(),
    extended: new Set(),
    counter: 0,
    executed: (tag) => {
      if (logFile !== undefined) appendFileSync(logFile, `${tag}\n`);
    },
  };
}

/** Shows the extra entry of a list, or hides it again. */
export function toggle(world: World, what: Changing): boolean {
  const shown = !world.extended.has(what);
  if (shown) world.extended.add(what);
  else world.extended.delete(what);
  return shown;
}
