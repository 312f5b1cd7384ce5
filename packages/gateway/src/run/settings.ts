import type { Config } from '../config/index.ts';
import type { IdentityConfig } from '../identity/index.ts';
import type { LimiterSettings } from '../limit/index.ts';

export function limiterSettings(config: Config): LimiterSettings {
  return { principal: config.limits.principal, servers: config.servers };
}

export function identityConfig(config: Config): IdentityConfig {
  return { apiKeys: config.api_keys, agents: config.agents, authFailureRate: config.limits.auth_failures };
}
