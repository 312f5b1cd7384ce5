import type { Action } from './decision.ts';

/**
 * A compiled list of `server:tool` globs. `*` stands for any run of characters (none included), every other character for itself; case matters.
 * A tool part that starts with `prompts/` or `resources/` speaks of prompts by name or resources by URI and never of a tool; a tool part that is
 * exactly `*` covers tools, prompts and resources; every other tool part covers tools only. A pattern without a colon is refused.
 */
export interface PatternSet {
  readonly patterns: readonly string[];
  matches(action: Action): boolean;
}
