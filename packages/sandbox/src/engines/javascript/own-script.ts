import type { ScriptHost } from '../../engine.ts';
import { systemClock } from '../../lib/clock.ts';
import type { ScriptLimits } from '../../limits.ts';
import type { Outcome } from '../../outcome.ts';
import type { RunnerProcess } from '../../process/runner-process.ts';
import { ScriptRun } from '../run/script-run.ts';

const NO_CALLS: ScriptHost = {
  call: async () => {
    throw new Error('Our own scripts make no calls');
  },
};

/** Runs a script of ours, without calls, on a runner that belongs to nobody. */
export async function runOwnScript(
  runner: RunnerProcess,
  code: string,
  limits: ScriptLimits,
): Promise<Outcome> {
  const { outcome } = await ScriptRun.run({
    runner,
    script: {
      language: 'typescript',
      name: 'own.ts',
      code,
      prelude: '() => {}',
      data: 'null',
      keep: false,
      limits,
    },
    host: NO_CALLS,
    signal: undefined,
    clock: systemClock,
  });
  return outcome;
}
