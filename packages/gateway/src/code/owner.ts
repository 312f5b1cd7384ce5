import type { Principal } from '@smcp/policy';

/** Equal for scripts that may share a process and a session, and for no others: with delegators behind it, a principal is another. */
export function ownerOfScripts({ tenant, id, delegation }: Principal): string {
  return JSON.stringify([tenant, id, ...(delegation?.grants.map(({ delegator }) => delegator) ?? [])]);
}
