import { totalmem } from 'node:os';
import { EXECUTE_TOOL } from '@smcp/codemode';
import { CODE_SERVER, ConfigError, type LoadedConfig } from '@smcp/gateway';
import { compilePolicy, decide, type PolicySpec } from '@smcp/policy';
import type { Cli } from '../../cli/cli.ts';
import { configFile } from '../../configuration/config-option.ts';
import { loadFull } from '../../configuration/load.ts';
import { CliError } from '../../errors/cli-error.ts';
import { counted } from '../../output/count.ts';
import { oneLine } from '../../output/printable.ts';
import type { Finding } from './finding.ts';
import { checkCompiler, checkSandbox } from './sandbox-check.ts';

type CodeModeConfig = NonNullable<LoadedConfig['config']['code_mode']>;

const MIB = 1024 * 1024;
/** What a process that runs scripts takes when it has little to do. */
const RUNNER_BYTES = 50 * MIB;
const MAX_NAMED = 5;

/** Everything about scripts: for the configuration in the usual places, else for `smcp stdio` and `smcp run`, which need none. */
export async function checkCodeMode(cli: Cli): Promise<readonly Finding[]> {
  const loaded = await ifLoaded(cli);
  const code = loaded?.config.code_mode;
  const { containment = 'auto', level = 'pooled' } = code ?? {};
  const needed = code !== undefined;
  const searchPath = cli.io.env['PATH'];
  return [
    await checkSandbox({ containment, level, needed }, searchPath),
    ...(code?.check === false ? [] : [await checkCompiler(needed)]),
    ...(loaded === undefined || code === undefined
      ? []
      : [judgeScriptUsers(loaded.policy), judgeRunners(code, totalmem())]),
  ];
}

/** Whether anybody may run scripts. */
export function judgeScriptUsers(policy: PolicySpec): Finding {
  const about = { what: 'script users', purpose: 'roles that may run scripts', needed: false } as const;
  const compiled = compilePolicy(policy);
  const action = { kind: 'tool', server: CODE_SERVER, name: EXECUTE_TOOL.name } as const;
  const may = policy.roles
    .map(({ name }) => name)
    .filter((role) => {
      const principal = {
        id: 'operator:doctor',
        kind: 'operator',
        tenant: 'default',
        roles: [role],
      } as const;
      return decide(compiled, principal, action, {}).effect !== 'deny';
    });
  if (may.length > 0) {
    const named = may.slice(0, MAX_NAMED).map((role) => oneLine(role, 40));
    return {
      ...about,
      status: 'ok',
      detail: named.join(', ') + (may.length > MAX_NAMED ? ` and ${may.length - MAX_NAMED} more` : ''),
    };
  }
  return {
    ...about,
    status: 'warning',
    detail: 'code mode is on, and no role may use it',
    remedy: `add "${CODE_SERVER}:${EXECUTE_TOOL.name}" to what a role allows`,
  };
}

/** Whether processes, sessions and memory go together. */
export function judgeRunners({ runners, sessions }: CodeModeConfig, memoryBytes: number): Finding {
  const { max, max_per_principal: each } = runners;
  const wanted = sessions.max_per_principal;
  const needsBytes = max * RUNNER_BYTES;
  const about = {
    what: 'script processes',
    purpose: 'runs and sessions at once',
    needed: false,
    detail: `at most ${max}, ${each} of one principal; ${counted(wanted, 'session')} of one principal`,
  } as const;
  const most = Math.min(max, each);
  const remedies = [
    // A session keeps its process, so then a plain script of the same principal finds none.
    ...(wanted >= most
      ? [`sessions of one principal can take all its ${most} processes: set sessions.max_per_principal lower`]
      : []),
    ...(needsBytes > memoryBytes / 2
      ? [`${max} processes take about ${Math.round(needsBytes / MIB)} MiB: set runners.max lower`]
      : []),
  ];
  if (remedies.length === 0) return { ...about, status: 'ok' };
  return { ...about, status: 'warning', remedy: remedies.join('; ') };
}

async function ifLoaded(cli: Cli): Promise<LoadedConfig | undefined> {
  try {
    return await loadFull(cli, configFile(undefined));
  } catch (error) {
    // What is wrong with the configuration is a finding of its own.
    if (error instanceof ConfigError || error instanceof CliError) return undefined;
    throw error;
  }
}
