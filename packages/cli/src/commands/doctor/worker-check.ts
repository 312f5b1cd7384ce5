import { availableParallelism } from 'node:os';
import { ConfigError } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { configFile } from '../../configuration/config-option.ts';
import { loadFull } from '../../configuration/load.ts';
import { CliError } from '../../errors/cli-error.ts';
import { counted } from '../../output/count.ts';
import type { Finding } from './finding.ts';

/** Cores from which on more than one worker may pay: one is for the primary and the servers. */
const CORES_FOR_WORKERS = 4;

/** Whether a gateway with so many workers suits a machine with so many cores. */
export function judgeWorkers(workers: number, cores: number): Finding {
  const most = cores < CORES_FOR_WORKERS ? 1 : Math.min(64, cores - 1);
  const about = {
    what: 'workers',
    purpose: 'processes that serve',
    needed: false,
    detail: `${counted(workers, 'worker')}, ${counted(cores, 'core')}`,
  } as const;
  if (workers <= most) return { ...about, status: 'ok' };
  const remedy = `more workers than cores to run them cost more than they give: set workers to ${most === 1 ? '1' : `at most ${most}`}`;
  return { ...about, status: 'warning', remedy };
}

/** Looks at the configuration in the usual places, if there is one that can be read. */
export async function checkWorkers(cli: Cli): Promise<readonly Finding[]> {
  try {
    const { config } = await loadFull(cli, configFile(undefined));
    return [judgeWorkers(config.workers, availableParallelism())];
  } catch (error) {
    // What is wrong with the configuration is a finding of its own.
    if (error instanceof ConfigError || error instanceof CliError) return [];
    throw error;
  }
}
