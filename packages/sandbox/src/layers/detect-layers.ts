import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Layer } from '../engine.ts';
import { runOnce, type OnceResult } from '../process/run-once.ts';
import type { ContainmentSetting } from './containment-setting.ts';
import type { Bubblewrap } from './bubblewrap.ts';
import { ifExecutable } from './find-executable.ts';
import { commandOf, type Layering } from './layering.ts';
import type { Identity, Program } from './program.ts';
import type { ResourceLimits } from './resource-limits.ts';
import { buildSeccompFilter, ifSeccompArchitecture } from './seccomp-filter.ts';

/** Long enough for a machine that has other things to do. */
const PROBE_TIMEOUT_MS = 15_000;
const NOBODY: Identity = { uid: 65_534, gid: 65_534 };
/** Where a loader looks without being told. */
const USUAL_LIBRARIES = /^\/(?:usr\/)?lib(?:32|64)?\//u;
const LOADER_CACHE = '/etc/ld.so.cache';
const INSTALL = 'install bubblewrap (package "bubblewrap" of your distribution) to add it';

export interface DetectOptions {
  readonly containment: ContainmentSetting;
  /** Private memory of one runner, in bytes. */
  readonly memoryBytes: number;
  /** Whether the engine starts threads but never a process. */
  readonly threadsOnly: boolean;
  /**
   * A small program that loads all that a runner loads and writes the paths of the shared libraries in use to descriptor 3, as a JSON array; when it runs, a
   * runner will.
   */
  readonly probe: Program;
  /** Folders to look for `bwrap` in, as in `PATH`. */
  readonly searchPath: string;
}

export interface DetectedLayers {
  readonly layering: Layering;
  /** What is known of `namespaces`, `seccomp`, `memory-limit` and `process`. */
  readonly layers: readonly Layer[];
}

/** Finds out which layers this machine has, by using them. Never throws: what does not work is not active, and the note says why. */
export async function detectLayers(options: DetectOptions): Promise<DetectedLayers> {
  const limits = resourceLimits(options.memoryBytes);
  const plain = await tryPlain(options.probe, limits);
  const found = await namespaces(options, plain);
  const { layering } = found;
  return {
    layering,
    layers: [
      {
        name: 'namespaces',
        active: layering.bubblewrap !== undefined,
        note: found.problem ?? 'bubblewrap: no network, no files but its own, no other process',
      },
      seccompLayer(layering, found.problem),
      memoryLayer(limits, options.memoryBytes),
      {
        name: 'process',
        active: true,
        note: `a process group of its own, without environment${layering.identity === undefined ? '' : ', as nobody'}`,
      },
    ],
  };
}

function resourceLimits(memoryBytes: number): ResourceLimits | undefined {
  if (process.platform === 'win32' || !existsSync('/bin/sh')) {
    return undefined;
  }
  return { memoryBytes: process.platform === 'linux' ? memoryBytes : undefined };
}

interface Tried {
  readonly layering: Layering;
  readonly result: OnceResult;
}

/** Without namespaces; as nobody if we are root and nobody can read what it needs. */
async function tryPlain(probe: Program, limits: ResourceLimits | undefined): Promise<Tried> {
  const asWeAre: Layering = { limits, bubblewrap: undefined, filter: undefined, identity: undefined };
  if (process.getuid?.() === 0) {
    const asNobody = { ...asWeAre, identity: NOBODY };
    const result = await runOnce(commandOf(probe, asNobody), PROBE_TIMEOUT_MS);
    if (result.ok) {
      return { layering: asNobody, result };
    }
  }
  return { layering: asWeAre, result: await runOnce(commandOf(probe, asWeAre), PROBE_TIMEOUT_MS) };
}

interface NamespacesResult {
  readonly layering: Layering;
  /** Why there are no namespaces. */
  readonly problem: string | undefined;
}

async function namespaces(options: DetectOptions, plain: Tried): Promise<NamespacesResult> {
  const { containment, probe, searchPath } = options;
  const without = (problem: string): NamespacesResult => ({ layering: plain.layering, problem });
  if (containment === 'none') {
    return without('switched off by the setting');
  }
  if (process.platform !== 'linux') {
    return without(`not available on ${process.platform}`);
  }
  const file = await ifExecutable('bwrap', searchPath.split(path.delimiter));
  if (file === undefined) {
    return without(`bubblewrap is not installed; ${INSTALL}`);
  }
  if (!plain.result.ok) {
    return without(`the program of a runner does not start (${plain.result.problem})`);
  }
  const libraries = librariesOf(plain.result.reply);
  const architecture = ifSeccompArchitecture(process.arch);
  const filter = architecture && buildSeccompFilter({ architecture, threadsOnly: options.threadsOnly });
  let problem = '';
  const best = { ...plain.layering, filter };
  for (const layering of variants(best, { file, libraries, seccomp: true })) {
    const result = await runOnce(commandOf(probe, layering), PROBE_TIMEOUT_MS);
    if (result.ok) {
      return { layering, problem: undefined };
    }
    problem ||= result.problem;
  }
  return without(
    `bubblewrap does not work here (${problem}); it needs user namespaces, which the kernel, AppArmor or a container around us may refuse`,
  );
}

/** Best first: as nobody and with the filter; then without the one, then without the other. */
function variants(best: Layering, bubblewrap: Bubblewrap): Layering[] {
  const identities = best.identity === undefined ? [undefined] : [best.identity, undefined];
  const filtered = best.filter === undefined ? [false] : [true, false];
  return filtered.flatMap((seccomp) =>
    identities.map((identity) => ({ ...best, identity, bubblewrap: { ...bubblewrap, seccomp } })),
  );
}

function librariesOf(reply: string): string[] {
  const told: unknown = JSON.parse(reply);
  const files = (Array.isArray(told) ? told : [])
    .filter((file) => typeof file === 'string')
    .filter((file) => path.isAbsolute(file) && existsSync(file));
  const needsCache = files.some((file) => !USUAL_LIBRARIES.test(file)) && existsSync(LOADER_CACHE);
  return needsCache ? [...files, LOADER_CACHE] : files;
}

function seccompLayer({ bubblewrap }: Layering, problem: string | undefined): Layer {
  const name = 'seccomp';
  if (bubblewrap?.seccomp === true) {
    return { name, active: true, note: 'no sockets, no processes, no rare doors of the kernel' };
  }
  if (bubblewrap !== undefined) {
    return { name, active: false, note: `not available on this kernel and ${process.arch}` };
  }
  return { name, active: false, note: problem === undefined ? '' : 'needs namespaces to be active' };
}

function memoryLayer(limits: ResourceLimits | undefined, memoryBytes: number): Layer {
  const name = 'memory-limit';
  return limits?.memoryBytes === undefined
    ? { name, active: false, note: `not available on ${process.platform}` }
    : { name, active: true, note: `${Math.floor(memoryBytes / 2 ** 20)} MiB of private memory per process` };
}
