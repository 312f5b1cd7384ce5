import { setTimeout as sleep } from 'node:timers/promises';
import type { Workspace } from '../../lifetime/workspace.ts';
import type { ContenderSpec } from '../contenders/contenders.ts';
import { RunningContender } from '../contenders/running-contender.ts';
import type { SessionFigures } from '../figures.ts';
import { addedTo, ifTreeMemory } from './memory.ts';

/** Time for processes to come to rest, so that what is read is what they keep. */
const SETTLE_MS = 3000;

/** Memory that open sessions add to the processes that run scripts, each number of sessions with a fresh engine. Nothing where the system does not tell. */
export async function measureSessions(
  workspace: Workspace,
  spec: ContenderSpec,
  numbers: readonly number[],
): Promise<readonly SessionFigures[]> {
  const figures: SessionFigures[] = [];
  for (const sessions of numbers) {
    await using running = await RunningContender.start(workspace, spec);
    await sleep(SETTLE_MS);
    const before = ifTreeMemory(running.pid, { root: false });
    await running.hold(sessions);
    await sleep(SETTLE_MS);
    const after = ifTreeMemory(running.pid, { root: false });
    if (before !== undefined && after !== undefined) {
      figures.push({ sessions, added: addedTo(before, after) });
    }
  }
  return figures;
}
