import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningProcess } from '../lifetime/running-process.ts';
import type { Workspace } from '../lifetime/workspace.ts';
import type { Endpoint } from '../load/bench-client.ts';
import { gatewayConfig } from './gateway-config.ts';
import { benchProgram } from './installed.ts';

const SESSIONS = 5000;

export interface StartedGateway {
  readonly process: RunningProcess;
  /** Milliseconds from starting the process until it said that it listens. */
  readonly startMs: number;
  endpoint(server: string): Endpoint;
}

/** Starts a gateway with a state folder of its own in front of these servers. */
export async function startGatewayProcess(
  workspace: Workspace,
  servers: Readonly<Record<string, unknown>>,
  nodeArgs: readonly string[] = [],
): Promise<StartedGateway> {
  const key = `smcp_key_${randomBytes(32).toString('base64url')}`;
  const folder = join(workspace.folder, `gateway-${randomBytes(6).toString('hex')}`);
  const file = join(folder, 'smcp.json');
  mkdirSync(folder);
  writeFileSync(file, JSON.stringify(gatewayConfig({ key, sessions: SESSIONS, servers })), { mode: 0o600 });
  const program = [...nodeArgs, benchProgram('gateway-process.ts'), file, join(folder, 'state')];
  const before = performance.now();
  const started = workspace.start('gateway', program, { channel: true });
  const { url } = (await started.firstMessage()) as { readonly url: string };
  return {
    process: started,
    startMs: performance.now() - before,
    endpoint: (server) => ({
      kind: 'http',
      url: `${url}/mcp/${server}`,
      headers: { authorization: `Bearer ${key}` },
    }),
  };
}
