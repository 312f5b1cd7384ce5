import type { Outcome } from '../../src/index.ts';

/** What a run looked like from outside. */
export interface Observed {
  readonly outcome: Outcome;
  /** The returned value, read from its JSON text; undefined without one. */
  readonly value: unknown;
  readonly stdout: string;
  /** Calls that reached the host, with what they were given. */
  readonly calls: readonly { readonly name: string; readonly input: string }[];
}

/** One attempt of a script to do what it must not, and what has to be seen instead. */
export interface Attempt {
  readonly name: string;
  readonly code: string;
  /** How it may end. Default: `ok` or `error`. */
  readonly status?: readonly Outcome['status'][];
  /** What it must return; compared deeply. */
  readonly value?: unknown;
  /** What its error says. */
  readonly error?: RegExp;
  /** What else must hold; a text says what does not. */
  readonly holds?: (observed: Observed) => boolean | string;
  /** Scripts that the same owner ran before it, each in a run of its own. */
  readonly before?: readonly string[];
}

/** What the host answers to each call that attempts make. */
export const HOST_ANSWERS: Readonly<Record<string, (input: string) => string>> = {
  echo: (input) => input,
  proto: () => '{"__proto__":{"admin":true},"a":1}',
  nestedProto: () => '{"constructor":{"prototype":{"admin":true}},"b":[{"__proto__":{"admin":true}}]}',
  thenable: () => '{"then":"later","value":2}',
  deep: () => `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
  long: () => JSON.stringify('x'.repeat(2_000_000)),
  surrogate: () => '"\\ud800"',
};
