import { setTimeout as sleep } from 'node:timers/promises';
import type { MemoryFigures } from '../figures.ts';
import { ifResidentBytes } from '../lifetime/process-usage.ts';
import type { Workspace } from '../lifetime/workspace.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import { startGatewayProcess } from '../targets/gateway-target.ts';
import { startHttpEcho } from '../targets/start-targets.ts';

/** Time for the gateway to come to rest, so that what is read is what it keeps. */
const SETTLE_MS = 2000;
const REST_MS = 65_000;

/** Memory of a gateway that has just started, and with many sessions open, each of which has made a call and keeps its stream. */
export async function measureSessionMemory(
  workspace: Workspace,
  sessions: number,
): Promise<readonly MemoryFigures[]> {
  await using stack = new AsyncDisposableStack();
  const generator = stack.use(await LoadGenerator.start(workspace));
  const url = await startHttpEcho(workspace, stack);
  const gateway = await startGatewayProcess(workspace, { url });
  stack.use(gateway.process);
  const read = async (what: string, afterMs: number): Promise<MemoryFigures[]> => {
    await sleep(afterMs);
    const residentBytes = ifResidentBytes(gateway.process.pid);
    return residentBytes === undefined ? [] : [{ what, residentBytes }];
  };
  const idle = await read('smcp after its start', SETTLE_MS);
  await generator.perform({ kind: 'hold', name: 'sessions', endpoint: gateway.endpoint, sessions });
  const held = await read(`smcp with ${sessions} open sessions and streams`, SETTLE_MS);
  const resting = await read(`smcp with them, ${REST_MS / 1000} s later`, REST_MS);
  return [...idle, ...held, ...resting];
}
