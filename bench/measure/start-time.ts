import type { Workspace } from '../lifetime/workspace.ts';
import { startGatewayProcess } from '../targets/gateway-target.ts';

/** Milliseconds from starting a gateway process, with an empty state folder, until it listens; one value per start. */
export async function measureStartTimes(workspace: Workspace, starts: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    // Nothing listens at the upstream's address: it would be asked only by a call.
    const gateway = await startGatewayProcess(workspace, { url: 'http://127.0.0.1:9/mcp' });
    times.push(gateway.startMs);
    await gateway.process.kill();
  }
  return times;
}
