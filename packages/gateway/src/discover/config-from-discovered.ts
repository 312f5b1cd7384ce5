import { join } from 'node:path';
import { loadConfig, type LoadedConfig } from '../config/load-config.ts';
import { CODE_SERVER, SCRIPTS_SERVER } from '../builtin/names.ts';
import type { FoundServer, Places } from './discovery.ts';
import { inheritedEnvironment } from './inherited-environment.ts';
import { toRawServer, withoutReferences } from './raw-config.ts';

/** Role of the user who started the program, when nothing else is said about roles. */
export const LOCAL_ROLE = 'local';

/** Its name stands in no message but those about `base`. */
const NAME = 'discovered.json';
const MAX_BYTES = 64 * 1024 * 1024;

export interface DiscoveredOptions extends Pick<Places, 'cwd' | 'env' | 'platform'> {
  /**
   * Further keys of the configuration, as they would stand in a file, such as `code_mode` or `audit`; texts count as they are, without `${…}`. `servers`
   * in it stand beside those that were found and win over them. Without `roles` in it there is one role, {@link LOCAL_ROLE}.
   */
  readonly base?: Readonly<Record<string, unknown>>;
}

/**
 * A configuration of the servers that were found, through the same checks as a file. Its one role may do everything that the user did not switch off in
 * the clients.
 *
 * @throws {ConfigError} `CONFIG_INVALID` when `base` says something wrong; found servers were checked before.
 */
export async function configFromDiscovered(
  found: readonly FoundServer[],
  options: DiscoveredOptions,
): Promise<LoadedConfig> {
  const { cwd, env, platform, base = {} } = options;
  const inherited = inheritedEnvironment(env, platform);
  const servers = found.map((server) => [server.name, toRawServer(server, inherited)] as const);
  const given = base['servers'];
  const raw = {
    roles: { [LOCAL_ROLE]: localRules(found) },
    ...base,
    servers: { ...Object.fromEntries(servers), ...(typeof given === 'object' ? given : {}) },
  };
  const loaded = await loadRaw(raw, cwd);
  const secrets = found.flatMap(({ secretValues }) => secretValues.reveal());
  const secretValues = [...new Set([...loaded.secretValues, ...secrets])].sort((a, b) => b.length - a.length);
  return Object.freeze({ ...loaded, secretValues: Object.freeze(secretValues) });
}

/** What a role may do that may do all but what was switched off in the clients: globs as a role has them. */
export function localRules(found: readonly FoundServer[]): {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
} {
  const deny = found.flatMap(({ name, tools }) => tools.without.map((tool) => `${name}:${tool}`));
  if (found.every(({ tools }) => tools.only === undefined)) return { allow: ['*:*'], deny };
  const allow = found.flatMap(({ name, tools }) => (tools.only ?? ['*']).map((tool) => `${name}:${tool}`));
  return { allow: [`${CODE_SERVER}:*`, `${SCRIPTS_SERVER}:*`, ...allow], deny };
}

/** Loads a configuration that stands in no file. */
export async function loadRaw(raw: Readonly<Record<string, unknown>>, folder: string): Promise<LoadedConfig> {
  const text = JSON.stringify(withoutReferences(raw));
  return await loadConfig({
    file: join(folder, NAME),
    env: {},
    readFile: async () => ({ ok: true, text }),
    git: async () => undefined,
    maxBytes: MAX_BYTES,
  });
}
