import { SavedScripts, type ToolDefinition } from '@smcp/codemode';
import { SCRIPTS_SERVER, toToolDefinition, TOOLS, type Caller, type LoadedConfig } from '@smcp/gateway';
import { DecisionMemo, type Principal } from '@smcp/policy';
import { isJsonObject } from '@smcp/protocol';
import type { Cli } from '../../cli/cli.ts';
import { unknownServer, type Reach } from '../../reach/open-reach.ts';
import { serverFailure } from '../../reach/server-failure.ts';

export interface ListedServer {
  readonly name: string;
  /** Undefined when it did not answer. */
  readonly tools: readonly ToolDefinition[] | undefined;
  /** Why it did not. */
  readonly problem?: string | undefined;
}

export interface ListOptions {
  readonly loaded: LoadedConfig;
  readonly caller: Caller;
  /** Whose tools are meant; undefined for all there are. */
  readonly principal: Principal | undefined;
  /** Servers that are asked; none for all. */
  readonly only: readonly string[];
}

export interface Listed {
  /** Names of all servers that a script can reach, in the order in which they get their names in scripts. */
  readonly names: readonly string[];
  readonly servers: readonly ListedServer[];
}

const AT_ONCE = 8;
const TENANT = 'default';

/**
 * Asks servers for their tools. One that does not answer says so in its place.
 *
 * @throws {CliError} `SERVER_UNKNOWN` for a name that is none, or that the principal does not reach.
 */
export async function listTools(
  cli: Cli,
  reach: Reach,
  { loaded, caller, principal, only }: ListOptions,
): Promise<Listed> {
  const decisions = new DecisionMemo(reach.state.policy);
  const mayReach = (server: string): boolean =>
    principal === undefined || decisions.mayReach(principal, server);
  const isVisible = (server: string, name: string): boolean =>
    principal === undefined ||
    decisions.decide(principal, { kind: 'tool', server, name }, {}).effect !== 'deny';
  const saved = await savedTools(cli);
  const names = [...reach.state.servers.keys(), ...(saved.length === 0 ? [] : [SCRIPTS_SERVER])].filter(
    mayReach,
  );
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) throw unknownServer(unknown, loaded);
  const asked = only.length === 0 ? names : names.filter((name) => only.includes(name));
  const servers = await eachOf(asked, async (name): Promise<ListedServer> => {
    try {
      const tools = name === SCRIPTS_SERVER ? saved : await toolsOf(reach, name, caller);
      return { name, tools: tools.filter((tool) => isVisible(name, tool.name)) };
    } catch (error) {
      return { name, tools: undefined, problem: serverFailure(error, reach.diagnosis(name)).message };
    }
  });
  return { names, servers };
}

async function toolsOf(reach: Reach, name: string, caller: Caller): Promise<readonly ToolDefinition[]> {
  const { upstream, catalog } = reach.route(name, caller);
  const { items } = await catalog.get(TOOLS, upstream);
  return items.flatMap((item) => (isJsonObject(item) ? (toToolDefinition(item) ?? []) : []));
}

/** Scripts that are tools. A machine without state has none; looking makes nothing. */
async function savedTools(cli: Cli): Promise<readonly ToolDefinition[]> {
  if (!cli.hasState) return [];
  const { store } = await cli.foundation();
  return await new SavedScripts({ table: store.scripts, now: cli.io.now }).tools(TENANT);
}

/** Results in the order of the items, of which some are worked on at the same time. */
async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  }
  return results;
}
