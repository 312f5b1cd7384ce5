import { loadavg } from 'node:os';
import type { Workspace } from '../../lifetime/workspace.ts';
import { describeMachine } from '../../machine.ts';
import { OURS, PEERS, peerVersions, type ContenderName } from '../contenders/contenders.ts';
import type { CodemodeFigures } from '../figures.ts';
import type { CodemodeSettings } from '../options.ts';
import { bundleWorker, installPeers } from '../peers.ts';
import { measureChecker } from './checker.ts';
import { measureContenders } from './contenders.ts';
import { measureGateway } from './gateway.ts';
import { measureSearch } from './search.ts';
import { measureSessions } from './sessions.ts';

const PACKAGES = ['isolated-vm', 'sucrase', 'typescript', 'minisearch'] as const;

type LeftOut = Readonly<Partial<Record<ContenderName, string>>>;

/** Measures everything, one thing at a time. */
export async function measureCodemode(
  workspace: Workspace,
  { settings, peers }: { readonly settings: CodemodeSettings; readonly peers: boolean },
  progress: (text: string) => void,
): Promise<CodemodeFigures> {
  const started = new Date();
  const missing = peers ? await preparePeers(workspace, progress) : 'not asked for';
  const machine = await describeMachine(PACKAGES);
  const others = missing === undefined ? PEERS : [];
  const measured = await measureContenders(workspace, OURS, others, settings, progress);
  progress('memory of sessions');
  const [pooled] = OURS;
  const sessions = pooled === undefined ? [] : await measureSessions(workspace, pooled, settings.sessions);
  const gateway = await measureGateway(workspace, settings, progress);
  progress('checker and search');
  const checker = await measureChecker(settings.checks);
  const search = await measureSearch();
  return {
    startedAt: started.toISOString(),
    seconds: Math.round((Date.now() - started.getTime()) / 1000),
    machine: { ...machine, versions: { ...machine.versions, ...namesOf(missing) } },
    loadAfter: loadavg()[0] ?? Number.NaN,
    settings,
    contenders: measured.contenders,
    leftOut: { ...measured.leftOut, ...leftOutBecause(missing) },
    sessions,
    gateway,
    checker,
    search,
  };
}

/** Says why the peers cannot be measured, or gives undefined. */
async function preparePeers(
  workspace: Workspace,
  progress: (text: string) => void,
): Promise<string | undefined> {
  const problem = await installPeers(progress);
  if (problem === undefined) {
    await bundleWorker(workspace.folder);
  }
  return problem;
}

/** Versions of the peers and of what they stand on, which may differ from ours. */
function namesOf(missing: string | undefined): Readonly<Record<string, string>> {
  return missing === undefined
    ? Object.fromEntries(Object.entries(peerVersions()).map(([name, version]) => [`peers: ${name}`, version]))
    : {};
}

function leftOutBecause(missing: string | undefined): LeftOut {
  return missing === undefined ? {} : Object.fromEntries(PEERS.map(({ name }) => [name, missing]));
}
