import type { Config } from '../config/index.ts';
import { RefusalBudget } from '../gate/index.ts';
import { createLimiter, type CallLimiter, type Limiter, type LimiterSettings } from '../limit/index.ts';

/** What is counted from call to call, and goes on over a reload. */
export interface Counters {
  readonly limiter: CallLimiter & Pick<Limiter, 'reconfigure'>;
  readonly refusals: Pick<RefusalBudget, 'take' | 'changeRate'>;
}

/** @param clock Monotonic milliseconds. */
export function createCounters(
  config: Config,
  clock: () => number,
): Counters & { readonly limiter: Limiter } {
  return {
    limiter: createLimiter({ settings: limiterSettings(config), clock }),
    refusals: new RefusalBudget(config.audit.refusals, clock),
  };
}

/** Takes over the limits of another configuration, which has been checked. */
export function reconfigureCounters({ limiter, refusals }: Counters, config: Config): void {
  limiter.reconfigure(limiterSettings(config));
  refusals.changeRate(config.audit.refusals);
}

/** The part of a configuration that limits calls. */
export function limiterSettings(config: Config): LimiterSettings {
  return { principal: config.limits.principal, servers: config.servers };
}
