import { SavedScripts, type SavedScript } from '@smcp/codemode';
import { Option } from 'commander';
import type { Cli } from '../../cli/cli.ts';
import { CliError } from '../../errors/cli-error.ts';

export interface TenantOption {
  readonly tenant: string;
}

export function tenantOption(): Option {
  return new Option('--tenant <name>', 'whose scripts').default('default');
}

/** The saved scripts of the state folder. */
export async function openScripts(cli: Cli, holdsSecret?: (text: string) => boolean): Promise<SavedScripts> {
  const { store } = await cli.foundation();
  return new SavedScripts({ table: store.scripts, now: cli.io.now, holdsSecret });
}

/** A script as it was named: `NAME`, or one version of it as `NAME@VERSION`. */
export interface NamedVersion {
  readonly name: string;
  readonly version: number | undefined;
}

const NAMED = /^([a-z][a-z0-9_]{0,63})(?:@([1-9][0-9]{0,8}))?$/;

/** @throws {CliError} `USAGE` */
export function parseNamed(text: string): NamedVersion {
  const [, name, version] = NAMED.exec(text) ?? [];
  if (name !== undefined) return { name, version: version === undefined ? undefined : Number(version) };
  throw new CliError('USAGE', 'A script is named such as count_issues, or count_issues@2 for one version');
}

/**
 * All versions of a script, newest first.
 *
 * @throws {CliError} `NOT_FOUND`
 */
export async function versionsOf(
  scripts: SavedScripts,
  { name }: NamedVersion,
  tenant: string,
): Promise<readonly SavedScript[]> {
  const versions = (await scripts.list(tenant)).filter((script) => script.name === name);
  if (versions.length > 0) return versions;
  throw new CliError('NOT_FOUND', `There is no script ${JSON.stringify(name)}`, {
    remedy: 'see: smcp scripts list',
  });
}

/**
 * The version that was named; without a number the only one that waits.
 *
 * @throws {CliError} `NOT_FOUND` when there is none, `USAGE` when several wait.
 */
export function waitingVersion(
  versions: readonly SavedScript[],
  { name, version }: NamedVersion,
): SavedScript {
  if (version !== undefined) return exactVersion(versions, { name, version });
  const [found, ...more] = versions.filter(({ state }) => state === 'waiting');
  if (found === undefined) {
    throw new CliError('NOT_FOUND', `No version of ${name} waits for an answer`, {
      remedy: `see: smcp scripts show ${name}`,
    });
  }
  if (more.length === 0) return found;
  const numbers = [found, ...more].map((script) => `${name}@${script.version}`).join(', ');
  throw new CliError('USAGE', `Several versions of ${name} wait`, { remedy: `name one: ${numbers}` });
}

/** The version that was named; without a number the newest that waits, else the one in force, else the newest. */
export function shownVersion(versions: readonly SavedScript[], named: NamedVersion): SavedScript {
  const { name, version } = named;
  if (version !== undefined) return exactVersion(versions, { name, version });
  const found =
    versions.find(({ state }) => state === 'waiting') ??
    versions.find(({ state }) => state === 'approved') ??
    versions[0];
  if (found !== undefined) return found;
  throw new CliError('NOT_FOUND', `There is no script ${JSON.stringify(name)}`);
}

function exactVersion(
  versions: readonly SavedScript[],
  { name, version }: { readonly name: string; readonly version: number },
): SavedScript {
  const found = versions.find((script) => script.version === version);
  if (found !== undefined) return found;
  throw new CliError('NOT_FOUND', `There is no version ${version} of ${name}`, {
    remedy: `versions: ${versions.map((script) => script.version).join(', ')}`,
  });
}
