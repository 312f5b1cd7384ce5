import type { LoadedConfig, StoredKey } from '@smcp/gateway';
import type { Principal, PrincipalKind } from '@smcp/policy';
import type { Cli } from '../cli/cli.ts';
import { CliError } from '../errors/cli-error.ts';

/** Somebody who may call, as the file or the store says. */
export interface KnownPrincipal {
  readonly principal: Principal;
  readonly source: 'file' | 'store';
  /** ISO 8601. */
  readonly expiresAt: string | undefined;
}

const TENANT = 'default';

/** Whom `--role` or `--principal` names. */
export interface WhoOptions {
  readonly role?: readonly string[];
  readonly principal?: string;
}

/** Keys and agents of the configuration and of the store, without those that were revoked. Where both have one, the file's entry counts. */
export async function knownPrincipals(
  cli: Cli,
  { config }: LoadedConfig,
): Promise<readonly KnownPrincipal[]> {
  const known = new Map<string, KnownPrincipal>();
  const add = (
    kind: PrincipalKind,
    name: string,
    entry: Omit<KnownPrincipal, 'principal'>,
    roles: readonly string[],
  ): void => {
    const id = `${kind}:${name}`;
    if (!known.has(id))
      known.set(id, { ...entry, principal: { id, kind, tenant: TENANT, roles: [...new Set(roles)] } });
  };
  for (const [kind, entries] of [
    ['key', config.api_keys],
    ['agent', config.agents],
  ] as const) {
    for (const { name, role, roles, expires } of entries) {
      add(kind, name, { source: 'file', expiresAt: expires }, [
        ...(role === undefined ? [] : [role]),
        ...(roles ?? []),
      ]);
    }
  }
  const stored = cli.hasState ? (await cli.foundation()).store : undefined;
  const addStored = (kind: PrincipalKind, entries: readonly StoredKey[]): void => {
    for (const { name, roles, expiresAt, revokedAt } of entries) {
      if (revokedAt === undefined) add(kind, name, { source: 'store', expiresAt }, roles);
    }
  };
  addStored('key', (await stored?.keys.list()) ?? []);
  addStored('agent', (await stored?.agents.list()) ?? []);
  return [...known.values()];
}

/**
 * The principal that the options name: either one that exists, or the operator in the given roles.
 *
 * @throws {CliError} `USAGE` unless exactly one of both is given, `PRINCIPAL_UNKNOWN`, `PRINCIPAL_EXPIRED`.
 */
export async function namedPrincipal(
  cli: Cli,
  loaded: LoadedConfig,
  { role, principal: id }: WhoOptions,
): Promise<Principal> {
  if ((role === undefined) === (id === undefined)) {
    throw new CliError(
      'USAGE',
      'Say who asks: either --role ROLE or --principal ID, such as --principal key:alice',
    );
  }
  if (role !== undefined) return { id: 'operator:local', kind: 'operator', tenant: TENANT, roles: role };
  const known = await knownPrincipals(cli, loaded);
  const found = known.find(({ principal }) => principal.id === id);
  if (found === undefined) {
    const ids = known.slice(0, 10).map(({ principal }) => principal.id);
    const remedy =
      ids.length === 0
        ? 'there are no keys or agents yet; use --role'
        : `known: ${ids.join(', ')}${known.length > 10 ? ' …' : ''}`;
    throw new CliError('PRINCIPAL_UNKNOWN', `There is no principal ${JSON.stringify(id)}`, { remedy });
  }
  const { expiresAt, principal } = found;
  if (expiresAt !== undefined && !(Date.parse(expiresAt) > cli.io.now())) {
    throw new CliError(
      'PRINCIPAL_EXPIRED',
      `${principal.id} expired at ${expiresAt}, so the gateway refuses it`,
    );
  }
  return principal;
}
