import type { ToolDefinition } from '../tool-host.ts';
import { toIdentifier } from './identifier.ts';
import type { NamedServer, NamedTool } from './named.ts';
import { RESERVED_GLOBALS, RESERVED_SNAKES, UNSAFE_MEMBERS } from './reserved-names.ts';

/**
 * Gives every server its global (`alias`) and its name behind `mcp_` (`snake`): ASCII identifiers, no two alike, none that means something else in a script.
 *
 * Depends only on the names and their order, and names added at the end change nothing before them, but for one case: a name that is an identifier as it stands
 * takes precedence over one that only becomes it.
 */
export function nameServers(names: readonly string[]): readonly NamedServer[] {
  const claims = claimNames(names);
  return names.map((name, index) => {
    const { camel, snake } = toIdentifier(name, 'server');
    return {
      name,
      alias: claims.claim(index, camel, '', RESERVED_GLOBALS),
      snake: claims.claim(index, snake, '_', RESERVED_SNAKES),
    };
  });
}

/**
 * Gives every tool of one server its method (`alias`) and the same in snake case, under the promises of {@link nameServers}. Neither is the name of another tool,
 * so that raw names, methods and snake names can be members of one object.
 */
export function nameTools(tools: readonly ToolDefinition[]): readonly NamedTool[] {
  const claims = claimNames(tools.map((tool) => tool.name));
  return tools.map((definition, index) => {
    const { camel, snake } = toIdentifier(definition.name, 'tool');
    return {
      definition,
      alias: claims.claim(index, camel, '', UNSAFE_MEMBERS),
      snake: claims.claim(index, snake, '_', UNSAFE_MEMBERS),
    };
  });
}

/** Names under which a tool is a member of its server's namespace, the method first. A raw name that no object may have as a member is left out. */
export function memberNames(tool: NamedTool): readonly string[] {
  return [...new Set([tool.alias, tool.snake, tool.definition.name])].filter(
    (name) => !UNSAFE_MEMBERS.has(name),
  );
}

/** The tool that is meant by a name: the raw name, else the alias, else the snake name, else one of these in another case when no other tool has it. */
export function resolveTool(tools: readonly NamedTool[], name: string): NamedTool | undefined {
  return resolve(tools, name, (tool) => tool.definition.name);
}

/** The server that is meant by a name, found as {@link resolveTool} finds a tool. */
export function resolveServer(servers: readonly NamedServer[], name: string): NamedServer | undefined {
  return resolve(servers, name, (server) => server.name);
}

interface Names {
  readonly alias: string;
  readonly snake: string;
}

function resolve<T extends Names>(
  all: readonly T[],
  name: string,
  rawName: (one: T) => string,
): T | undefined {
  const exact =
    all.find((one) => rawName(one) === name) ??
    all.find((one) => one.alias === name) ??
    all.find((one) => one.snake === name);
  if (exact !== undefined) return exact;
  const folded = name.toLowerCase();
  const [found, ...others] = all.filter((one) =>
    [rawName(one), one.alias, one.snake].some((each) => each.toLowerCase() === folded),
  );
  return others.length === 0 ? found : undefined;
}

interface Claims {
  /** The wanted name, or the first one made of it that neither is forbidden nor belongs to another owner. */
  claim(owner: number, wanted: string, separator: '' | '_', forbidden: ReadonlySet<string>): string;
}

/** Every raw name belongs to its bearer before any other is given away. */
function claimNames(rawNames: readonly string[]): Claims {
  const owners = new Map<string, number>();
  for (const [index, name] of rawNames.entries()) {
    if (!owners.has(name)) owners.set(name, index);
  }
  // Where counting left off, so that many equal names take no longer than as many different ones.
  const counts = new Map<string, number>();
  return {
    claim(owner, wanted, separator, forbidden) {
      const base = forbidden.has(wanted) ? `${wanted}_` : wanted;
      const free = (name: string): boolean => !forbidden.has(name) && (owners.get(name) ?? owner) === owner;
      let name = base;
      for (let n = counts.get(base + separator) ?? 2; !free(name); n += 1) {
        name = `${base}${separator}${n}`;
        counts.set(base + separator, n + 1);
      }
      owners.set(name, owner);
      return name;
    },
  };
}
