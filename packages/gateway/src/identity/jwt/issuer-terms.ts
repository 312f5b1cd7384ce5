import type { JwtIssuerConfig } from '../../config/schema.ts';

/** One issuer as configured, in the form that checks use. Immutable. */
export interface IssuerTerms {
  /** Its name in the configuration; part of the ids of its users. */
  readonly name: string;
  /** Compared with `iss` and with the metadata character by character. */
  readonly issuer: string;
  readonly jwksUrl: URL | undefined;
  /** Accepted in `aud` beside the addresses of the gateway. */
  readonly audiences: ReadonlySet<string>;
  readonly algorithms: readonly string[];
  readonly requireAccessTokenType: boolean;
  readonly idClaim: string;
  readonly rolesClaim: string;
  readonly rolesOf: ReadonlyMap<string, readonly string[]>;
  readonly tenantClaim: string | undefined;
  readonly requiredScopes: readonly string[];
  readonly toleranceSeconds: number;
  readonly maxLifetimeSeconds: number;
}

/** @throws {TypeError} when an address is none, which loading the configuration has ruled out. */
export function toIssuerTerms(name: string, config: JwtIssuerConfig): IssuerTerms {
  const { issuer, audience = [], jwks_url } = config;
  if (URL.parse(issuer) === null) throw new TypeError(`Expected the address of issuer ${name} to be a URL`);
  return Object.freeze({
    name,
    issuer,
    jwksUrl: jwks_url === undefined ? undefined : new URL(jwks_url),
    audiences: new Set(typeof audience === 'string' ? [audience] : audience),
    algorithms: config.algorithms,
    requireAccessTokenType: config.require_at_jwt,
    idClaim: config.id_claim,
    rolesClaim: config.roles_claim,
    rolesOf: new Map(
      Object.entries(config.roles).map(([value, roles]) => [
        value,
        typeof roles === 'string' ? [roles] : roles,
      ]),
    ),
    tenantClaim: config.tenant_claim,
    requiredScopes: config.required_scopes,
    toleranceSeconds: config.clock_tolerance_seconds,
    maxLifetimeSeconds: config.max_lifetime_seconds,
  });
}
