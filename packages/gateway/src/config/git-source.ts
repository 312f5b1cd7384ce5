import { execFile } from 'node:child_process';
import { basename, dirname } from 'node:path';

/** Where a configuration came from. `commit` is the last git commit that changed the file, `dirty` whether the file differs from it. */
export interface ConfigSource {
  /** Absolute path. */
  readonly file: string;
  readonly commit?: string;
  readonly dirty?: boolean;
}

/** Runs git in `folder` and gives what it printed, or undefined when it failed, is missing or took too long. Never throws. */
export type RunGit = (args: readonly string[], folder: string) => Promise<string | undefined>;

const TIMEOUT_MS = 3000;
const MAX_OUTPUT_BYTES = 64 * 1024;

/** Settings of a repository that would run a program. */
const RUN_NOTHING = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'log.showSignature=false',
  'diff.external=',
].flatMap((setting) => ['-c', setting]);

/** Git with nothing of the gateway's environment but `PATH`, and no configuration but the repository's. */
export function createGitRunner(env: Readonly<Record<string, string | undefined>>): RunGit {
  const limited = {
    ...pick(env, ['PATH', 'SystemRoot']),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
  return (args, folder) =>
    new Promise((resolve) => {
      const options = {
        env: limited,
        timeout: TIMEOUT_MS,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT_BYTES,
      } as const;
      execFile(
        'git',
        ['-C', folder, '--literal-pathspecs', ...RUN_NOTHING, ...args],
        options,
        (error, stdout) => {
          resolve(error === null ? stdout : undefined);
        },
      );
    });
}

/** Asks git about a file. Without git, a repository or a commit there is only the file. */
export async function readGitSource(file: string, git: RunGit): Promise<ConfigSource> {
  const folder = dirname(file);
  const name = basename(file);
  const commit = (await git(['log', '-1', '--format=%H', '--', name], folder))?.trim() ?? '';
  if (!/^[0-9a-f]{40,64}$/.test(commit)) return { file };
  const status = await git(['status', '--porcelain', '--ignore-submodules=all', '--', name], folder);
  return status === undefined ? { file, commit } : { file, commit, dirty: status.trim() !== '' };
}

function pick(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
