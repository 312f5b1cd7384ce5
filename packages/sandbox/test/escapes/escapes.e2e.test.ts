import { isDeepStrictEqual } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { createJavaScriptEngine } from '../../src/engines/javascript/javascript-engine.ts';
import { DEFAULT_LIMITS, HostCallError, type Outcome, type ScriptLimits } from '../../src/index.ts';
import { HOST_ANSWERS, type Attempt, type Observed } from './attempt.ts';
import { BOMBS } from './bombs.ts';
import { CHAINS } from './chains.ts';
import { LOADERS } from './loaders.ts';
import { LEFTOVERS } from './others.ts';
import { POLLUTION } from './pollution.ts';
import { TRAPS } from './traps.ts';
import { WORDS } from './words.ts';

const MIB = 1024 * 1024;
const LIMITS: ScriptLimits = {
  ...DEFAULT_LIMITS,
  heapBytes: 32 * MIB,
  cpuMs: 800,
  wallMs: 2000,
  outputBytes: 100_000,
  resultBytes: MIB,
  calls: 100,
  parallelCalls: 8,
  callInputBytes: 2 * MIB,
  callOutputBytes: MIB,
};
const PRELUDE = '(call, data) => { globalThis.call = call; }';
/** What a host error of ours may hold, and a script must never see. */
const SECRET = 'hunter2-of-the-host';

const FAMILIES: Readonly<Record<string, readonly Attempt[]>> = {
  chains: CHAINS,
  pollution: POLLUTION,
  traps: TRAPS,
  loaders: LOADERS,
  bombs: BOMBS,
  words: WORDS,
  leftovers: LEFTOVERS,
};

const ALL = Object.values(FAMILIES).flat();
const LISTED = Object.entries(FAMILIES).flatMap(([family, attempts]) =>
  attempts.map((attempt) => ({ family, attempt })),
);

describe('the list of attempts', () => {
  it('has at least eighty, each of its own name', () => {
    expect(ALL.length).toBeGreaterThanOrEqual(80);
    expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
  });
});

describe.each(['auto', 'none'] as const)(
  'attempts with containment %s [S0-10] [S0-19] [S0-20] (A92) (A93) (A94)',
  (containment) => {
    const engine = createJavaScriptEngine({ containment, pool: { warm: 2, max: 6 } });

    afterAll(async () => {
      await engine[Symbol.asyncDispose]();
    });

    async function observe(code: string, calls: { name: string; input: string }[]): Promise<Outcome> {
      await using session = await engine.open({ owner: 'attacker', persistent: false });
      const source = {
        language: 'typescript',
        code,
        name: 'script.ts',
        prelude: PRELUDE,
        data: '{}',
      } as const;
      const host = {
        call: async (name: string, input: string): Promise<string> => {
          calls.push({ name, input });
          if (name === 'secret') throw new Error(SECRET);
          const answer = Object.hasOwn(HOST_ANSWERS, name) ? HOST_ANSWERS[name] : undefined;
          if (answer === undefined)
            throw new HostCallError('ToolError', `Unknown call: ${name.slice(0, 40)}`);
          return answer(input);
        },
      };
      return await session.run(source, host, { limits: LIMITS });
    }

    it.each(LISTED)('$family: $attempt.name', async ({ attempt }) => {
      const calls: { name: string; input: string }[] = [];
      for (const code of attempt.before ?? []) await observe(code, calls);
      const outcome = await observe(attempt.code, calls);
      const value: unknown = outcome.value === undefined ? undefined : JSON.parse(outcome.value);
      const stdout = outcome.output.map(({ text }) => text).join('');
      expect(faultOf(attempt, { outcome, value, stdout, calls })).toBe('');
    });

    it('still runs a harmless script, after all of them', async () => {
      const { status, value } = await observe('const a: number = 1; return a + 1;', []);
      expect([status, value]).toEqual(['ok', '2']);
    });
  },
);

/** What was seen and must not be; empty when all is as stated. */
function faultOf(attempt: Attempt, observed: Observed): string {
  const { outcome, value } = observed;
  const { status, error } = outcome;
  const shown = JSON.stringify({ status, error, value: outcome.value }).slice(0, 2000);
  const held = attempt.holds?.(observed) ?? true;
  const faults = [
    (attempt.status ?? ['ok', 'error']).includes(status) ? '' : `it ended with ${status}`,
    !Object.hasOwn(attempt, 'value') || isDeepStrictEqual(value, attempt.value)
      ? ''
      : 'it returned something else',
    attempt.error?.test(error?.message ?? '') === false ? 'its error says something else' : '',
    held === true ? '' : `what has to hold does not: ${held === false ? '' : held}`,
    JSON.stringify(outcome).includes(SECRET) ? 'it saw an error of the host' : '',
  ].filter((fault) => fault !== '');
  return faults.length === 0 ? '' : `${faults.join('; ')}\n${shown}`;
}
