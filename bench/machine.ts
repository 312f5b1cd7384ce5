import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { manifestOf } from './targets/installed.ts';

const PACKAGES = ['mcp-proxy', 'supergateway', '@modelcontextprotocol/server-everything', 'undici'] as const;

/** Where and with what the figures were measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly node: string;
  /** Load average of the minute before the run: above about 0.2, something else was using the machine. */
  readonly loadBefore: number;
  /** Commit of this tree; `-dirty` when files differ from it. Absent outside a repository. */
  readonly commit?: string | undefined;
  readonly versions: Readonly<Record<string, string>>;
}

/** @param packages Installed packages whose versions matter for the figures. */
export async function describeMachine(packages: readonly string[] = PACKAGES): Promise<Machine> {
  const versions = await Promise.all(packages.map(async (name) => [name, await versionOf(name)] as const));
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    kernel: `${platform()} ${release()}`,
    node: process.version,
    loadBefore: loadavg()[0] ?? Number.NaN,
    commit: await ifCommit(),
    versions: Object.fromEntries(versions),
  };
}

async function versionOf(name: string): Promise<string> {
  const { version } = JSON.parse(await readFile(manifestOf(name), 'utf8')) as { readonly version: string };
  return version;
}

async function ifCommit(): Promise<string | undefined> {
  try {
    const cwd = import.meta.dirname;
    const { stdout } = await promisify(execFile)('git', ['describe', '--always', '--dirty'], { cwd });
    return stdout.trim();
  } catch {
    // No repository, or no git: the figures are good without it.
    return undefined;
  }
}
