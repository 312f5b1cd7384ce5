import { randomBytes } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningProcess } from '../lifetime/running-process.ts';
import type { Workspace } from '../lifetime/workspace.ts';
import type { Endpoint } from '../load/bench-client.ts';
import { bundle } from '../../scripts/build.ts';
import { ENDPOINT, gatewayConfig, type ServerSpec } from './gateway-config.ts';
import { benchProgram } from './installed.ts';

const MAX_SESSIONS = 5000;

export interface StartedGateway {
  readonly process: RunningProcess;
  /** Milliseconds from starting the process until it said that it listens. */
  readonly startMs: number;
  readonly endpoint: Endpoint;
}

const bundles = new WeakMap<Workspace, Promise<void>>();

/** The gateway as it is released, bundled once for a run. */
export async function bundledGateway(workspace: Workspace): Promise<string> {
  const folder = join(workspace.folder, 'bundle');
  const built = bundles.get(workspace) ?? buildBundle(folder);
  bundles.set(workspace, built);
  await built;
  return join(folder, 'gateway-process.js');
}

async function buildBundle(folder: string): Promise<void> {
  await bundle([benchProgram('gateway-process.ts')], folder);
  // Packages with native code stay packages: they are found above the bundle.
  symlinkSync(benchProgram('..', 'node_modules'), join(folder, '..', 'node_modules'));
}

/**
 * Starts a gateway with a state folder of its own in front of this server.
 *
 * @param nodeArgs Options of Node; with those of the profiler, the sources run and not the bundle, so that the profile names them.
 */
export async function startGatewayProcess(
  workspace: Workspace,
  server: ServerSpec,
  nodeArgs: readonly string[] = [],
): Promise<StartedGateway> {
  const key = `smcp_key_${randomBytes(32).toString('base64url')}`;
  const folder = join(workspace.folder, `gateway-${randomBytes(6).toString('hex')}`);
  const file = join(folder, 'smcp.json');
  mkdirSync(folder);
  writeFileSync(file, JSON.stringify(gatewayConfig(key, server, MAX_SESSIONS)), { mode: 0o600 });
  const entry = nodeArgs.length === 0 ? await bundledGateway(workspace) : benchProgram('gateway-process.ts');
  const program = [...nodeArgs, entry, file, join(folder, 'state')];
  const before = performance.now();
  const started = workspace.start('gateway', program, { channel: true });
  const { url } = (await started.firstMessage()) as { readonly url: string };
  return {
    process: started,
    startMs: performance.now() - before,
    endpoint: { kind: 'http', url: url + ENDPOINT, headers: { authorization: `Bearer ${key}` } },
  };
}
