import type { Config } from '../config/index.ts';
import type { IdentityConfig } from '../identity/index.ts';

export function identityConfig(config: Config): IdentityConfig {
  return {
    apiKeys: config.api_keys,
    agents: config.agents,
    authFailureRate: config.limits.auth_failures,
    jwtIssuers: config.jwt_issuers,
  };
}
