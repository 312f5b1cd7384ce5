import { TOOLS } from '../catalog/index.ts';
import type { Gate } from '../gate/index.ts';
import { reasonOf } from '../lib/reason-of.ts';
import type { Logger } from '../telemetry/index.ts';

/** Servers with `start: eager` are started for nobody in particular, where that is possible. */
export function startEager(gate: Gate, logger: Logger): void {
  const nobody = { id: 'operator:start', kind: 'operator', tenant: 'default', roles: [] } as const;
  for (const [name, entry] of gate.state.servers) {
    const shared =
      (entry.config.scope ?? (entry.config.url === undefined ? 'shared' : 'principal')) === 'shared';
    const routed =
      entry.config.start === 'eager' && shared
        ? entry.route({ principal: nobody, credential: () => undefined })
        : undefined;
    if (routed?.ok === true) {
      const { upstream, catalog } = routed.route;
      catalog.get(TOOLS, upstream).catch((error: unknown) => {
        logger.warn('server did not start', { server: name, reason: reasonOf(error) });
      });
    }
  }
}
