import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace } from '../../bench/lifetime/workspace.ts';
import { benchProgram } from '../../bench/targets/installed.ts';
import { startHeaderProxy } from '../header-proxy.ts';
import { gatewayConfig, type FixtureAddress } from './gateway-config.ts';
import type { Way } from './ways.ts';

const FIXTURE = join(import.meta.dirname, '..', 'fixture', 'main.ts');

export interface StartOptions {
  readonly direct: boolean;
  readonly mayAsk: boolean;
}

/** Starts the fixture, and a gateway and a proxy in front of it unless it is judged directly; gives the address for the runner. */
export async function startWay(
  workspace: Workspace,
  way: Way,
  { direct, mayAsk }: StartOptions,
  stack: AsyncDisposableStack,
): Promise<string> {
  if (way === 'stdio') {
    const args = [FIXTURE, '--transport', way];
    return await startGateway(workspace, { command: process.execPath, args }, mayAsk, stack);
  }
  const fixture = stack.use(workspace.start('fixture', [FIXTURE, '--transport', way], { channel: true }));
  const { url } = (await fixture.firstMessage()) as { readonly url: string };
  return direct ? url : await startGateway(workspace, { url }, mayAsk, stack);
}

async function startGateway(
  workspace: Workspace,
  address: FixtureAddress,
  mayAsk: boolean,
  stack: AsyncDisposableStack,
): Promise<string> {
  const key = `smcp_key_${randomBytes(32).toString('base64url')}`;
  const folder = join(workspace.folder, `gateway-${randomBytes(6).toString('hex')}`);
  const file = join(folder, 'smcp.json');
  await mkdir(folder);
  const proxy = stack.use(await startHeaderProxy({ authorization: `Bearer ${key}` }));
  const config = gatewayConfig({ address, key, origin: proxy.origin, mayAsk });
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  const gateway = stack.use(
    workspace.start('gateway', [benchProgram('gateway-process.ts'), file, join(folder, 'state')], {
      channel: true,
    }),
  );
  const { url } = (await gateway.firstMessage()) as { readonly url: string };
  proxy.forwardTo(url);
  return `${proxy.origin}/mcp`;
}
