import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningProcess } from '../lifetime/running-process.ts';
import type { Workspace } from '../lifetime/workspace.ts';
import { benchProgram } from '../targets/installed.ts';
import type { Upstream } from './upstream/upstreams.ts';

const PRINCIPALS = 3;
const SESSION_IDLE_SECONDS = 20;
const TIMEOUT_SECONDS = 20;
/** A small heap, whose garbage is collected often: what grows then shows in resident memory within minutes, and nothing else does. */
const NODE_ARGS = ['--max-semi-space-size=2', '--max-old-space-size=128'] as const;
const PLENTY = { rate: { calls: '1000000/s', burst: 1_000_000 }, concurrency: 10_000 };

export interface SoakGateway {
  readonly process: RunningProcess;
  readonly origin: string;
  /** One for each principal. */
  readonly keys: readonly string[];
  /** State folder, with the audit log in it. */
  readonly home: string;
}

/** A gateway in front of these servers, each by the name of its kind, for a few principals who may call everything. Abandoned sessions end soon. */
export async function startSoakGateway(
  workspace: Workspace,
  upstreams: readonly Upstream[],
): Promise<SoakGateway> {
  const keys = Array.from({ length: PRINCIPALS }, () => `smcp_key_${randomBytes(32).toString('base64url')}`);
  const home = join(workspace.folder, 'state');
  const file = join(workspace.folder, 'smcp.json');
  const servers = upstreams.map(({ kind, spec }) => [
    kind,
    { ...spec, scope: 'shared', timeout_seconds: TIMEOUT_SECONDS },
  ]);
  const config = {
    listen: '127.0.0.1:0',
    servers: Object.fromEntries(servers) as unknown,
    roles: { everything: { allow: ['*:*'] } },
    api_keys: keys.map((key, at) => ({ name: `soak-${at}`, key, roles: ['everything'] })),
    limits: { principal: PLENTY },
    sessions: { idle_seconds: SESSION_IDLE_SECONDS },
  };
  await mkdir(home, { mode: 0o700 });
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  const program = [...NODE_ARGS, benchProgram('gateway-process.ts'), file, home];
  const started = workspace.start('gateway', program, { channel: true });
  const { url } = (await started.firstMessage()) as { readonly url: string };
  return { process: started, origin: new URL(url).origin, keys, home };
}
