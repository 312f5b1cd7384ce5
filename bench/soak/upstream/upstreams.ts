import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningProcess } from '../../lifetime/running-process.ts';
import type { Workspace } from '../../lifetime/workspace.ts';
import { benchProgram } from '../../targets/installed.ts';
import type { UpstreamKind } from '../options.ts';

const PROGRAM = benchProgram('soak', 'upstream', 'counting-process.ts');

/** A server that can be killed at any time. */
export interface Upstream {
  readonly kind: UpstreamKind;
  /** How it stands in the configuration of the gateway. */
  readonly spec: { readonly url: string } | { readonly command: string; readonly args: readonly string[] };
  /** Ends its process without asking, if there is one. */
  kill(): Promise<void>;
  /** Starts it again where it was; nothing to do where the gateway does that. */
  restart(): Promise<void>;
  /** Tags of the calls that it carried out so far, in all its lives. */
  executed(): readonly string[];
}

export async function startUpstream(workspace: Workspace, kind: UpstreamKind): Promise<Upstream> {
  const file = join(workspace.folder, `executed-${kind}`);
  return kind === 'stdio' ? stdioUpstream(file) : await httpUpstream(workspace, kind, file);
}

/** The gateway starts it, so its process is known by what it wrote down itself. */
function stdioUpstream(file: string): Upstream {
  return {
    kind: 'stdio',
    spec: { command: process.execPath, args: [PROGRAM, 'stdio', file] },
    kill: async () => {
      const pid = existsSync(`${file}.pid`) ? Number(readFileSync(`${file}.pid`, 'utf8')) : Number.NaN;
      // The id may be that of a process which ended long ago and whose number another one has by now.
      if (commandLineOf(pid).includes(file)) {
        process.kill(pid, 'SIGKILL');
      }
      await Promise.resolve();
    },
    restart: async () => await Promise.resolve(),
    executed: () => tagsIn(file),
  };
}

async function httpUpstream(workspace: Workspace, kind: UpstreamKind, file: string): Promise<Upstream> {
  const start = async (port: string): Promise<{ readonly process: RunningProcess; readonly url: string }> => {
    const started = workspace.start(`${kind} upstream`, [PROGRAM, kind, file, port], { channel: true });
    const { url } = (await started.firstMessage()) as { readonly url: string };
    return { process: started, url };
  };
  const first = await start('0');
  let current = first.process;
  return {
    kind,
    spec: { url: first.url },
    kill: async () => await current.kill(),
    restart: async () => {
      current = (await start(new URL(first.url).port)).process;
    },
    executed: () => tagsIn(file),
  };
}

function tagsIn(file: string): readonly string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
