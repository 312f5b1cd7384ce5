import type { createPlaceholders } from '../preview/guest-placeholder.ts';
import type { GuestCall, GuestData, GuestServer } from './guest-data.ts';
import type { createHelpers } from './helpers.ts';
import type { createNamespaces } from './namespaces.ts';
import type { capturePrimordials } from './primordials.ts';
import type { createToolError, ToolErrorClass } from './tool-error.ts';
import type { createResultReader } from './unwrap-result.ts';

/** The other functions that run inside the sandbox. */
export interface GuestParts {
  readonly capturePrimordials: typeof capturePrimordials;
  readonly createToolError: typeof createToolError;
  readonly createResultReader: typeof createResultReader;
  readonly createPlaceholders: typeof createPlaceholders;
  readonly createNamespaces: typeof createNamespaces;
  readonly createHelpers: typeof createHelpers;
  /** Names that no member of a namespace has. */
  readonly unsafeMembers: readonly string[];
}

/** Lasts as long as the globals do: what earlier runs of a session made reaches the host of the present one. */
interface Link {
  call: GuestCall;
  mode: GuestData['mode'];
  readonly ToolError: ToolErrorClass;
  /** The globals as they were defined here. */
  readonly own: Record<string, unknown>;
}

/**
 * Makes the globals of a script. In a session it runs again before every script. Runs inside the sandbox: refers to nothing outside of itself.
 */
export function startGuest(parts: GuestParts, call: GuestCall, data: GuestData): void {
  const p = parts.capturePrimordials();
  const link = takeLink();
  const { ToolError } = link;
  const results = parts.createResultReader(p);
  const placeholder = parts.createPlaceholders(console.warn);
  const namespaceOf = parts.createNamespaces(p, invoke, parts.unsafeMembers);
  const byName = p.record();
  const loaded = p.record();
  const servers = p.record();
  const mcpServers = p.record();

  const helpers = parts.createHelpers(p, data, {
    ask,
    askTool: async (name, input) => unwrapped(await ask(name, input), 'smcp', name),
    callTool: (server, tool, args, raw) => {
      if (typeof server !== 'string' || typeof tool !== 'string') {
        throw new TypeError("call takes the names of a server and of a tool: call('server', 'tool', {...})");
      }
      return invoke(server, tool, args, { raw, label: `call('${server}', '${tool}')` });
    },
    loadedServers: () => p.keys(loaded),
    adopt,
  });

  const { addServer, ...globals } = helpers;
  p.defineProperty(servers, 'add', { value: addServer });
  const runtime = p.record();
  for (const name of p.keys(globals)) {
    p.defineProperty(runtime, name, { value: globals[name], enumerable: true });
    define(name, globals[name]);
  }
  define('runtime', p.freeze(runtime));
  define('ToolError', ToolError);
  define('servers', servers);
  define('mcp_servers', mcpServers);
  if (data.args !== undefined) define('args', data.args);
  for (let i = 0; i < data.servers.length; i += 1) adopt(data.servers[i]);

  function takeLink(): Link {
    const key = Symbol.for('smcp.guest');
    const kept: unknown = p.descriptorOf(globalThis, key)?.value;
    if (isLink(kept)) {
      kept.call = call;
      kept.mode = data.mode;
      return kept;
    }
    const made = { call, mode: data.mode, ToolError: parts.createToolError(p), own: p.record() };
    p.defineProperty(globalThis, key, { value: made });
    return made;
  }

  function isLink(value: unknown): value is Link {
    return p.member(value, 'call') !== undefined;
  }

  /** What the language or the script has put there, now or in an earlier run, stays. */
  function define(name: string, value: unknown): void {
    const present = p.descriptorOf(globalThis, name);
    if (present !== undefined && !(p.hasOwn(link.own, name) && present.value === link.own[name])) return;
    link.own[name] = value;
    p.defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true });
  }

  function isServer(value: unknown): value is GuestServer {
    return p.isObject(value);
  }

  function adopt(server: unknown): object {
    if (!isServer(server)) throw new TypeError('The host named no server');
    const { name, alias, snake } = server;
    const namespace = namespaceOf(server);
    byName[name] = namespace;
    if (server.loaded) loaded[name] = true;
    for (const table of [servers, mcpServers]) {
      addTo(table, name, namespace, true);
      addTo(table, alias, namespace, false);
      addTo(table, snake, namespace, false);
    }
    define(alias, namespace);
    define(`mcp_${snake}`, namespace);
    return namespace;
  }

  function addTo(table: object, name: string, value: object, enumerable: boolean): void {
    const present = p.descriptorOf(table, name);
    // A server's own name always means that server; `add` of `servers` stays what it is.
    if (present !== undefined && (present.configurable !== true || !enumerable)) return;
    p.defineProperty(table, name, { value, enumerable, configurable: true });
  }

  function argumentsOf(args: unknown, label: string): unknown {
    if (args === undefined || args === null) return {};
    if (typeof args === 'object' && !p.isArray(args)) return args;
    if (typeof args === 'function' && link.mode === 'preview') return args;
    throw new TypeError(
      `${label} takes one object of arguments, not ${p.isArray(args) ? 'an array' : typeof args}`,
    );
  }

  async function invoke(
    server: string,
    tool: string,
    args: unknown,
    { raw, label }: { readonly raw: boolean; readonly label: string },
  ): Promise<unknown> {
    const input = p.record({ server, tool, args: argumentsOf(args, label), raw });
    let reply: unknown;
    try {
      reply = await link.call('tool', input);
    } catch (error) {
      throw asToolError(error, { server, tool });
    }
    if (p.hasOwn(byName, server)) loaded[server] = true;
    if (link.mode === 'preview') {
      const planned = p.member(reply, 'planned');
      if (typeof planned === 'number') return placeholder(planned);
      reply = p.member(reply, 'made');
    }
    return raw ? reply : unwrapped(reply, server, tool);
  }

  function unwrapped(result: unknown, server: string, tool: string): unknown {
    if (results.isError(result)) throw new ToolError(results.textOf(result), { server, tool, result });
    return results.unwrap(result);
  }

  async function ask(name: string, input: unknown): Promise<unknown> {
    try {
      return await link.call(name, input);
    } catch (error) {
      throw asToolError(error);
    }
  }

  /** Made anew here, so that its stack shows the script's own lines. */
  function asToolError(error: unknown, where?: object): unknown {
    if (!(error instanceof Error) || error.name !== 'ToolError') return error;
    return new ToolError(error.message, { ...where, ...p.record(p.member(error, 'details')) });
  }
}
