import { isJsonObject, readJson, type JsonDocument, type JsonLimits, type JsonObject } from '@smcp/protocol';
import { CodeModeError, nameTools, resolveTool } from '@smcp/codemode';
import type {
  AddServerReply,
  ServerSummary,
  ToolCall,
  ToolCallOptions,
  ToolDefinition,
  ToolHost,
  ToolReply,
} from '@smcp/codemode';
import type { Principal } from '@smcp/policy';
import { TOOLS, type Listing } from '../catalog/index.ts';
import type { AskingClient, Caller, Gate, GateReply, GateRequest, ServerEntry } from '../gate/index.ts';
import { reasonOf } from '../lib/reason-of.ts';
import type { ClientFacts } from '../upstream/index.ts';
import { addedServer, type AddingRules } from './added-servers.ts';
import { BuiltinServer } from '../builtin/index.ts';
import { CODE_SERVER } from '../builtin/names.ts';
import { ADD_SERVER_TOOL, SAVE_SCRIPT_TOOL } from './inner-tools.ts';
import { toToolDefinition } from './tool-definition.ts';

export interface ToolHostOptions {
  readonly gate: Gate;
  readonly caller: Caller;
  /** The call that runs the script; its depth counts the scripts above. */
  readonly parent: { readonly call: string; readonly depth: number };
  /** The client behind that call. */
  readonly client: ClientFacts | undefined;
  /** W3C trace context and the like, for `_meta` of every call. */
  readonly meta: JsonObject;
  /** Servers that were added in the session of the script, by name. */
  readonly added: Map<string, ServerEntry>;
  readonly adding: () => AddingRules;
  /** Largest arguments, in characters. */
  readonly maxArgumentChars: number;
  /** Whether callers are told which rule denied a call; otherwise what is denied looks like what does not exist. */
  readonly showReasons: boolean;
  /** Whether the login of the caller is still good: a script may outlive it. */
  readonly isCurrent?: ((principal: Principal) => boolean) | undefined;
}

const DOOR = 'script';
const MAX_ADDED = 16;
const MAX_NAME_LENGTH = 1024;

/** The gate as a script sees it: its caller's tools, and calls that take the road of every other. */
export class GateToolHost implements ToolHost {
  readonly #options: ToolHostOptions;
  readonly #jsonLimits: JsonLimits;

  constructor(options: ToolHostOptions) {
    this.#options = options;
    this.#jsonLimits = { maxLength: options.maxArgumentChars + 100_000, maxDepth: 512, maxNodes: 2_000_000 };
  }

  servers(): readonly ServerSummary[] {
    const { gate, added } = this.#options;
    return [...gate.state.servers.values(), ...added.values()]
      .filter((entry) => this.#isReachable(entry))
      .map(({ name, config, folder }) => ({
        name,
        description: config.description,
        cwd: config.command === undefined ? undefined : (config.cwd ?? folder),
      }));
  }

  knownTools(server: string): readonly ToolDefinition[] | undefined {
    const listing = this.#ifReachable(server)?.catalogFor(this.#options.caller)?.peek(TOOLS);
    return listing === undefined ? undefined : this.#visible(server, listing);
  }

  async tools(server: string, signal: AbortSignal): Promise<readonly ToolDefinition[]> {
    const entry = this.#ifReachable(server);
    if (entry === undefined) {
      throw new CodeModeError('SERVER_UNKNOWN', `Server '${server.slice(0, 64)}' is not available`);
    }
    const routed = entry.route(this.#options.caller);
    if (!routed.ok) {
      throw new CodeModeError('SERVER_UNAVAILABLE', routed.message);
    }
    const { catalog, upstream } = routed.route;
    let listing: Listing;
    try {
      signal.throwIfAborted();
      listing = await catalog.get(TOOLS, upstream);
    } catch (error) {
      throw new CodeModeError('SERVER_UNAVAILABLE', reasonOf(error), { cause: error });
    }
    if (listing.items.length === 0 && listing.withheld > 0) {
      throw new CodeModeError('SERVER_UNAVAILABLE', withheldMessage(server));
    }
    return this.#visible(server, listing);
  }

  async call(call: ToolCall, options: ToolCallOptions): Promise<ToolReply> {
    const entry = this.#ifReachable(call.server);
    if (entry === undefined) {
      await this.noteUnknown(call);
      return { ok: false, code: 'UNKNOWN', message: `Server '${call.server.slice(0, 64)}' is not available` };
    }
    return await this.#throughGate(call, options, entry);
  }

  async noteUnknown({ server, tool, args }: ToolCall): Promise<void> {
    const { gate } = this.#options;
    const entry = this.#ifReachable(server);
    const name = entry === undefined ? undefined : this.#ownName(entry, tool);
    // What can be called is not unknown: the script may not use it in this run.
    if (name?.isVisible === true) {
      return;
    }
    const document = this.#read({ server, tool, args });
    if ('refused' in document) {
      return;
    }
    // As at the endpoint of all servers: what leads nowhere is recorded under the name that the caller used.
    const action =
      name === undefined
        ? { kind: 'tool' as const, server: '', name: `${server}:${tool}`.slice(0, MAX_NAME_LENGTH) }
        : { kind: 'tool' as const, server, name: name.own };
    await gate.refuseUnknown(this.#request(action, document.document));
  }

  async saveScript(request: JsonObject, options: ToolCallOptions): Promise<ToolReply> {
    const call = { server: CODE_SERVER, tool: SAVE_SCRIPT_TOOL.name, args: JSON.stringify(request) };
    return await this.#throughGate(call, options);
  }

  async addServer(request: JsonObject, options: ToolCallOptions): Promise<AddServerReply> {
    const { added, adding } = this.#options;
    if (added.size >= MAX_ADDED) {
      return { ok: false, code: 'SERVER_LIMIT', message: `A session has at most ${MAX_ADDED} added servers` };
    }
    // What cannot be is refused before anybody is asked about it.
    const made = addedServer(request, adding());
    if (!made.ok) {
      return { ok: false, code: 'SERVER_INVALID', message: made.message };
    }
    const call = { server: CODE_SERVER, tool: ADD_SERVER_TOOL.name, args: JSON.stringify(request) };
    const reply = await this.#throughGate(call, options);
    if (!reply.ok) {
      const { code, message } = reply;
      return { ok: false, code, message };
    }
    added.set(made.entry.name, made.entry);
    return { ok: true, server: made.summary };
  }

  async #throughGate(
    { server, tool, args }: ToolCall,
    options: ToolCallOptions,
    entry?: ServerEntry,
  ): Promise<ToolReply> {
    const { caller, isCurrent } = this.#options;
    if (isCurrent?.(caller.principal) === false) {
      return { ok: false, code: 'UNAUTHENTICATED', message: 'The login of the caller is not good any more' };
    }
    const read = this.#read({ server, tool, args });
    if ('refused' in read) {
      return { ok: false, code: 'ARGUMENTS_INVALID', message: read.refused };
    }
    const reply = await this.#options.gate.call({
      ...this.#request({ kind: 'tool', server, name: tool }, read.document),
      signal: options.signal,
      server: entry,
      client: this.#client(options),
    });
    if (!reply.ok) {
      return this.#refusal(reply);
    }
    if ('error' in reply.message) {
      const { code, message } = reply.message.error;
      return { ok: false, code: 'RPC_ERROR', message: `${message} (${code})` };
    }
    return { ok: true, result: JSON.stringify(reply.message.result) };
  }

  #request(action: GateRequest['action'], document: JsonDocument): GateRequest {
    const { caller, parent } = this.#options;
    return {
      caller,
      door: DOOR,
      action,
      method: 'tools/call',
      document,
      parent: { call: parent.call, depth: parent.depth + 1 },
      labelQuestions: true,
    };
  }

  #read({ tool, args }: ToolCall): { readonly document: JsonDocument } | { readonly refused: string } {
    const meta = JSON.stringify(this.#options.meta);
    const params = `{"name":${JSON.stringify(tool)},"arguments":${args},"_meta":${meta}}`;
    const text = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`;
    try {
      return { document: readJson(text, this.#jsonLimits) };
    } catch (error) {
      return { refused: `The arguments are refused: ${reasonOf(error)}` };
    }
  }

  #refusal({
    code,
    message,
    call,
    retryAfterMs,
    decision,
  }: Extract<GateReply, { readonly ok: false }>): ToolReply {
    const isDenied = code === 'DENIED';
    const { showReasons } = this.#options;
    const because = decision?.reasons.join('; ') ?? '';
    return {
      ok: false,
      code: isDenied && !showReasons ? 'UNKNOWN' : code,
      message: isDenied && showReasons ? `Denied by policy: ${because}` : message,
      call,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  }

  /** How the server itself calls a tool that a script called by any of its names, hidden ones included. */
  #ownName(entry: ServerEntry, tool: string): { readonly own: string; readonly isVisible: boolean } {
    const { gate, caller } = this.#options;
    const items = entry.catalogFor(caller)?.peek(TOOLS)?.items ?? [];
    const definitions = items.flatMap((item) => (isJsonObject(item) ? (toToolDefinition(item) ?? []) : []));
    const found = resolveTool(nameTools(definitions), tool);
    const own = found?.definition.name ?? tool;
    const action = { kind: 'tool', server: entry.name, name: own } as const;
    return { own, isVisible: found !== undefined && gate.isVisible(caller.principal, action) };
  }

  /** The client behind the script; the clock of the script stands still while it is asked. */
  #client({ hold }: ToolCallOptions): AskingClient | undefined {
    const { client } = this.#options;
    const ask = client?.ask;
    if (client === undefined || ask === undefined) {
      return undefined;
    }
    return {
      style: 'ask',
      capabilities: client.capabilities,
      logLevel: client.logLevel,
      ask: async (request, signal) => {
        using _ = hold();
        return await ask(request, signal);
      },
    };
  }

  #ifReachable(server: string): ServerEntry | undefined {
    const { gate, added } = this.#options;
    const entry = gate.state.servers.get(server) ?? added.get(server);
    return entry !== undefined && this.#isReachable(entry) ? entry : undefined;
  }

  #isReachable(entry: ServerEntry): boolean {
    const { gate, caller } = this.#options;
    return entry.isListed && gate.mayReach(caller.principal, entry.name) && !isEmpty(entry, caller);
  }

  #visible(server: string, { items }: Listing): readonly ToolDefinition[] {
    const { gate, caller } = this.#options;
    return items.flatMap((item) => {
      const definition = isJsonObject(item) ? toToolDefinition(item) : undefined;
      return definition !== undefined &&
        gate.isVisible(caller.principal, { kind: 'tool', server, name: definition.name })
        ? [definition]
        : [];
    });
  }
}

/** A server of the gateway's own that has no tools so far is nothing to tell of. */
function isEmpty(entry: ServerEntry, caller: Caller): boolean {
  return entry instanceof BuiltinServer && entry.catalogFor(caller).peek(TOOLS)?.items.length === 0;
}

function withheldMessage(server: string): string {
  return `Server '${server}' is not what it was when its tools were pinned, and is withheld until an operator accepts it: smcp servers diff ${server}`;
}
