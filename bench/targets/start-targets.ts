import type { UpstreamName } from '../figures.ts';
import type { Workspace } from '../lifetime/workspace.ts';
import { startGatewayProcess } from './gateway-target.ts';
import { stdioProgram } from './gateway-config.ts';
import { benchProgram } from './installed.ts';
import { startMcpProxy, startSupergateway } from './peer-targets.ts';
import type { Target } from './target.ts';

/** All ways to one upstream, each in processes of its own; ending `stack` ends them. */
export async function startTargets(
  workspace: Workspace,
  upstream: UpstreamName,
  stack: AsyncDisposableStack,
): Promise<readonly Target[]> {
  if (upstream === 'HTTP echo') {
    const url = await startHttpEcho(workspace, stack);
    const gateway = await startGatewayProcess(workspace, { url });
    stack.use(gateway.process);
    return [
      { way: 'direct', endpoint: { kind: 'http', url, headers: {} } },
      { way: 'smcp', endpoint: gateway.endpoint, process: gateway.process },
    ];
  }
  const args = stdioProgram(upstream);
  const gateway = await startGatewayProcess(workspace, { command: process.execPath, args });
  const targets: readonly Target[] = [
    { way: 'direct', endpoint: { kind: 'stdio', args } },
    { way: 'smcp', endpoint: gateway.endpoint, process: gateway.process },
    await startMcpProxy(workspace, args),
    await startSupergateway(workspace, args),
  ];
  stack.defer(async () => {
    await Promise.all(targets.map(async ({ process: middle }) => await middle?.[Symbol.asyncDispose]()));
  });
  return targets;
}

/** The HTTP upstream; gives its address. */
export async function startHttpEcho(workspace: Workspace, stack: AsyncDisposableStack): Promise<string> {
  const program = benchProgram('upstreams', 'echo-http.mjs');
  const started = stack.use(workspace.start('HTTP echo', [program], { channel: true }));
  const { url } = (await started.firstMessage()) as { readonly url: string };
  return url;
}
