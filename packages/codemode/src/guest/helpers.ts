import type { GuestCall, GuestData } from './guest-data.ts';
import type { Primordials } from './primordials.ts';

/** What the helpers need of the rest. */
export interface HelperNeeds {
  /** Asks the host. */
  readonly ask: GuestCall;
  /** Asks the host for what is a call of a tool to it, and unwraps the result. */
  readonly askTool: GuestCall;
  readonly callTool: (server: unknown, tool: unknown, args: unknown, raw: boolean) => Promise<unknown>;
  /** Names of servers that were loaded for this run or used in it. */
  readonly loadedServers: () => readonly string[];
  /** Makes a server that was added known, and gives its namespace. */
  readonly adopt: (server: unknown) => unknown;
}

export type Helper = (...args: readonly unknown[]) => unknown;

/**
 * Makes the helpers, each under its camel and its snake name. All of them take their arguments by position or as one object. Runs inside the sandbox: refers to
 * nothing outside of itself.
 */
export function createHelpers(
  p: Primordials,
  data: GuestData,
  needs: HelperNeeds,
): Readonly<Record<string, Helper>> {
  const { ask, askTool, callTool, loadedServers, adopt } = needs;

  /** Arguments by name: from the one object they are in, or by position, where an object in the place of `options` holds the rest. */
  function read(
    args: readonly unknown[],
    names: readonly string[],
    required: number,
  ): Record<string, unknown> {
    if (p.isObject(args[0])) return p.record(args[0]);
    let read = p.record();
    for (let i = required; i < args.length; i += 1) if (p.isObject(args[i])) read = p.record(args[i]);
    for (let i = 0; i < names.length; i += 1) {
      const value = args[i];
      const isGiven = value !== undefined && value !== null;
      if (isGiven && !(i >= required && p.isObject(value))) read[names[i] ?? ''] = value;
    }
    return read;
  }

  function pick(from: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
    const picked = p.record();
    for (let i = 0; i < names.length; i += 1) {
      const name = names[i] ?? '';
      if (from[name] !== undefined && from[name] !== null) picked[name] = from[name];
    }
    return picked;
  }

  /** A helper that passes its arguments on. */
  const passOn =
    (operation: string, names: readonly string[], required: number): Helper =>
    async (...args) =>
      ask(operation, pick(read(args, names, required), names));

  function discoveredServers(...args: readonly unknown[]): unknown {
    const first = args[0];
    const detailed = p.isObject(first) ? p.member(first, 'detailed') === true : first === true;
    const found: unknown[] = [];
    for (let i = 0; i < data.discovered.length; i += 1) {
      const { name = '', description = '' } = data.discovered[i] ?? {};
      p.push(found, detailed ? { name, description } : name);
    }
    return found;
  }

  async function listServers(): Promise<unknown> {
    if (!data.loadOnUse) return loadedServers();
    return discoveredServers();
  }

  async function listLoadedServerMetadata(): Promise<unknown> {
    const waiting: unknown[] = [];
    const names = loadedServers();
    for (let i = 0; i < names.length; i += 1) p.push(waiting, ask('describe_server', { server: names[i] }));
    const found: unknown[] = [];
    for (let i = 0; i < waiting.length; i += 1) p.push(found, await waiting[i]);
    return found;
  }

  async function describeServer(...args: readonly unknown[]): Promise<unknown> {
    const { server, name } = read(args, ['server'], 1);
    return ask('describe_server', { server: server ?? name });
  }

  async function call(...args: readonly unknown[]): Promise<unknown> {
    const given = p.isObject(args[0]) ? p.record(args[0]) : undefined;
    if (given !== undefined) {
      return callTool(
        given['server'],
        given['tool'],
        given['args'] ?? given['arguments'],
        given['raw'] === true,
      );
    }
    return callTool(args[0], args[1], args[2], p.member(args[3], 'raw') === true);
  }

  async function saveScript(...args: readonly unknown[]): Promise<unknown> {
    const [first, options] = args;
    const request = p.record();
    const from = typeof first === 'function' ? options : first;
    if (p.isObject(from)) {
      const given = p.record(from);
      for (const name of p.keys(given)) request[name] = given[name];
    }
    const written = typeof first === 'function' ? first : request['function'];
    if (typeof written === 'function') {
      request['function'] = p.sourceOf(written);
      request['name'] ??= written.name;
    }
    return askTool('save_script', request);
  }

  async function addServer(...args: readonly unknown[]): Promise<unknown> {
    if (!p.isObject(args[0])) throw new TypeError('servers.add takes one object, such as {name, url}');
    return adopt(await ask('add_server', args[0]));
  }

  return p.freeze({
    call,
    callTool: call,
    call_tool: call,
    discoveredServers,
    discovered_servers: discoveredServers,
    listServers,
    list_servers: listServers,
    listTools: passOn('list_tools', ['server'], 1),
    list_tools: passOn('list_tools', ['server'], 1),
    queryToolDocs: passOn('query_tool_docs', ['server', 'tool', 'detail'], 1),
    query_tool_docs: passOn('query_tool_docs', ['server', 'tool', 'detail'], 1),
    searchToolDocs: passOn('search_tool_docs', ['query', 'limit', 'detail'], 1),
    search_tool_docs: passOn('search_tool_docs', ['query', 'limit', 'detail'], 1),
    describeServer,
    describe_server: describeServer,
    listLoadedServerMetadata,
    list_loaded_server_metadata: listLoadedServerMetadata,
    capabilitySummary: () => data.summary,
    capability_summary: () => data.summary,
    fetchOutput: passOn('fetch_output', ['handle', 'from', 'to'], 1),
    fetch_output: passOn('fetch_output', ['handle', 'from', 'to'], 1),
    saveScript,
    save_script: saveScript,
    save_tool: saveScript,
    smcp_save: saveScript,
    addServer,
  });
}
