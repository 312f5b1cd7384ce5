import type { Principal } from '@smcp/policy';

/** Equal for the same principal with the same delegators behind it, and for no others. */
export function identityOf({ tenant, id, delegation }: Principal): string {
  return JSON.stringify([tenant, id, delegation?.grants.map((grant) => grant.delegator) ?? []]);
}
