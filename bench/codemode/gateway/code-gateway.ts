import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningProcess } from '../../lifetime/running-process.ts';
import type { Workspace } from '../../lifetime/workspace.ts';
import { bundledGateway } from '../../targets/gateway-target.ts';
import { benchProgram } from '../../targets/installed.ts';
import { GatewayClient } from './gateway-client.ts';

const PLENTY = { rate: { calls: '1000000/s', burst: 1_000_000 }, concurrency: 10_000 };
/** Long enough for what is returned as a whole. */
const MAX_REPLY_CHARS = 4 * 1024 * 1024;
const SERVER = 'bench';

/** A gateway with code mode, in front of the tools of the benchmark over stdio. Identity, policy, limits and audit are on. */
export interface CodeGateway {
  readonly process: RunningProcess;
  /** Milliseconds from starting the process until it said that it listens. */
  readonly startMs: number;
  /** A client of `/code`. */
  codeClient(): Promise<GatewayClient>;
  /** A client of the server behind the gateway, by plain calls. */
  plainClient(): Promise<GatewayClient>;
}

/** @param check Whether scripts are checked against the types of the tools before they run. */
export async function startCodeGateway(
  workspace: Workspace,
  { check }: { readonly check: boolean },
): Promise<CodeGateway> {
  const key = `smcp_key_${randomBytes(32).toString('base64url')}`;
  const folder = join(workspace.folder, `code-gateway-${randomBytes(6).toString('hex')}`);
  const file = join(folder, 'smcp.json');
  mkdirSync(folder);
  writeFileSync(file, JSON.stringify(configOf(key, check)), { mode: 0o600 });
  const program = [await bundledGateway(workspace), file, join(folder, 'state')];
  const before = performance.now();
  const started = workspace.start('gateway', program, { channel: true });
  const { url } = (await started.firstMessage()) as { readonly url: string };
  const startMs = performance.now() - before;
  const open = async (path: string): Promise<GatewayClient> =>
    await GatewayClient.open({
      kind: 'http',
      url: url + path,
      headers: { authorization: `Bearer ${key}` },
    });
  return {
    process: started,
    startMs,
    codeClient: async () => await open('/code'),
    plainClient: async () => await open(`/mcp/${SERVER}`),
  };
}

function configOf(key: string, check: boolean): unknown {
  const command = process.execPath;
  const args = [benchProgram('codemode', 'upstream', 'bench-tools-stdio.mjs')];
  return {
    listen: '127.0.0.1:0',
    servers: { [SERVER]: { command, args, description: 'Tools of the benchmark', limits: PLENTY } },
    api_keys: [{ name: 'bench', key, role: 'all' }],
    roles: { all: { allow: ['*:*'] } },
    limits: { principal: PLENTY },
    code_mode: { check, max_reply_chars: MAX_REPLY_CHARS },
    log: { level: 'error' },
  };
}
