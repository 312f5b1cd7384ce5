import { compilePolicy } from '@smcp/policy';
import { createRedactor } from '../audit/index.ts';
import { ApprovalDesk, digestOfPolicy, toApprovalSettings } from '../approval/index.ts';
import type { LoadedConfig } from '../config/index.ts';
import { ServerEntry, type GateState, type ServerContext } from '../gate/index.ts';
import { BuiltinServer, type BuiltinService } from '../builtin/index.ts';
import { createIds } from '../lib/random-id.ts';
import type { ApprovalTable } from '../store/index.ts';
import type { Counters } from './counters.ts';
import { PRODUCT } from './version.ts';

export interface StateContext extends Omit<ServerContext, 'folder' | 'maxPerPrincipal'> {
  /** Where approvals are kept. Without it, what needs approval is refused. */
  readonly approvalTable?: ApprovalTable;
  /** Milliseconds since 1970 of a clock that never runs back: what has expired stays so. */
  readonly steadyMs: () => number;
  /** Tools of the gateway's own. */
  readonly builtins?: readonly BuiltinService[] | undefined;
}

/**
 * Everything that calls depend on, made of one configuration. Changes nothing outside; throws when the policy cannot be compiled.
 */
export function buildState(loaded: LoadedConfig, context: StateContext, counters: Counters): GateState {
  const { config, folder } = loaded;
  const { approvalTable: table } = context;
  const serverContext = { ...context, folder, maxPerPrincipal: config.limits.servers_per_principal };
  const enabled = Object.entries(config.servers).filter(([, server]) => server.enabled);
  return {
    policy: compilePolicy(loaded.policy),
    policyId: digestOfPolicy(loaded.policy),
    approvals:
      table === undefined
        ? undefined
        : new ApprovalDesk({
            table,
            settings: toApprovalSettings(config.approvals),
            clock: context.steadyMs,
            newId: createIds('apr-'),
          }),
    servers: new Map<string, ServerEntry>([
      ...enabled.map(([name, server]) => [name, new ServerEntry(name, server, serverContext)] as const),
      ...(context.builtins ?? []).map(
        (service) =>
          [service.name, new BuiltinServer(service, { ...serverContext, version: PRODUCT.version })] as const,
      ),
    ]),
    ...counters,
    redactor: createRedactor({
      patterns: config.audit.redact_patterns,
      secretValues: () => loaded.secretValues,
    }),
    keepArguments: config.audit.arguments === 'redacted',
  };
}
