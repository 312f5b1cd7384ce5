import { setTimeout as sleep } from 'node:timers/promises';
import type { Workspace } from '../../lifetime/workspace.ts';
import type { ContenderSpec } from '../contenders/contenders.ts';
import { RunningContender } from '../contenders/running-contender.ts';
import type { ProcessMemory, SessionFigures } from '../figures.ts';
import { addedTo, ifTreeMemory } from './memory.ts';

/** Time for processes to come to rest, so that what is read is what they keep. */
const SETTLE_MS = 3000;

/**
 * Memory that open sessions of one engine add to the processes that run scripts. Nothing where the system does not tell.
 *
 * @param numbers Of sessions, ascending.
 */
export async function measureSessions(
  workspace: Workspace,
  spec: ContenderSpec,
  numbers: readonly number[],
): Promise<readonly SessionFigures[]> {
  await using running = await RunningContender.start(workspace, spec);
  const read = async (): Promise<ProcessMemory | undefined> => {
    await sleep(SETTLE_MS);
    return ifTreeMemory(running.pid, { root: false });
  };
  const before = await read();
  const figures: SessionFigures[] = [];
  let open = 0;
  for (const sessions of numbers) {
    await running.hold(sessions - open);
    open = sessions;
    const after = await read();
    if (before !== undefined && after !== undefined) {
      figures.push({ sessions, added: addedTo(before, after) });
    }
  }
  return figures;
}
