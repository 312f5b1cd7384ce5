import { TOOLS } from '../catalog/index.ts';
import type { Gate, GateState, ServerEntry } from '../gate/index.ts';
import { reasonOf } from '../lib/reason-of.ts';
import type { Logger } from '../telemetry/index.ts';

/** Servers that run from the start: `start: eager`, and shared, because a server of one caller cannot run before that caller is there. */
export function eagerServers({ servers }: GateState): readonly ServerEntry[] {
  return [...servers.values()].filter(({ config, scope }) => config.start === 'eager' && scope === 'shared');
}

/** Starts the eager servers for nobody in particular. */
export function startEager(gate: Gate, logger: Logger): void {
  const nobody = { id: 'operator:start', kind: 'operator', tenant: 'default', roles: [] } as const;
  for (const entry of eagerServers(gate.state)) {
    const routed = entry.route({ principal: nobody, credential: () => undefined });
    if (routed.ok) {
      const { upstream, catalog } = routed.route;
      catalog.get(TOOLS, upstream).catch((error: unknown) => {
        logger.warn('server did not start', { server: entry.name, reason: reasonOf(error) });
      });
    }
  }
}
