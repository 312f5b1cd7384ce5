import { compilePolicy } from '@smcp/policy';
import { createRedactor } from '../audit/index.ts';
import type { LoadedConfig } from '../config/index.ts';
import { ServerEntry, type GateState, type ServerContext } from '../gate/index.ts';
import type { Counters } from './counters.ts';

/**
 * Everything that calls depend on, made of one configuration. Changes nothing outside; throws when the policy cannot be compiled.
 */
export function buildState(
  loaded: LoadedConfig,
  context: Omit<ServerContext, 'folder' | 'maxPerPrincipal'>,
  counters: Counters,
): GateState {
  const { config, folder } = loaded;
  const serverContext = { ...context, folder, maxPerPrincipal: config.limits.servers_per_principal };
  const enabled = Object.entries(config.servers).filter(([, server]) => server.enabled);
  return {
    policy: compilePolicy(loaded.policy),
    servers: new Map(enabled.map(([name, server]) => [name, new ServerEntry(name, server, serverContext)])),
    ...counters,
    redactor: createRedactor({
      patterns: config.audit.redact_patterns,
      secretValues: () => loaded.secretValues,
    }),
    keepArguments: config.audit.arguments === 'redacted',
  };
}
