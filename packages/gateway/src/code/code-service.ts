import type { Principal } from '@smcp/policy';
import type { JsonObject } from '@smcp/protocol';
import { EXECUTE_TOOL, type CodeMode, type ExecuteContext } from '@smcp/codemode';
import type { OutputStream } from '@smcp/sandbox';
import type { BuiltinCall, BuiltinService } from '../builtin/index.ts';
import { CODE_SERVER, SCRIPTS_SERVER } from '../builtin/names.ts';
import { TOOLS } from '../catalog/index.ts';
import type { Caller, Gate } from '../gate/index.ts';
import type { AddingRules } from './added-servers.ts';
import { ADD_SERVER_TOOL, SAVE_SCRIPT_TOOL } from './inner-tools.ts';
import { GateToolHost } from './gate-tool-host.ts';
import { ownerOfScripts } from './owner.ts';
import { progressTo } from './progress.ts';
import type { SessionServers } from './session-servers.ts';
import { textResult, toCallResult } from './text-result.ts';

export interface CodeServiceDeps {
  readonly codeMode: CodeMode;
  readonly gate: () => Gate;
  /** Largest arguments of one call, in characters. */
  readonly maxArgumentChars: number;
  readonly showReasons: () => boolean;
  /** Whether the login behind a principal is still good. */
  readonly isCurrent?: ((principal: Principal) => boolean) | undefined;
  readonly sessionServers: SessionServers;
  readonly adding: () => AddingRules;
  /** Told of all that scripts print, as they print. */
  readonly onOutput?: ((stream: OutputStream, text: string) => void) | undefined;
}

/**
 * The tools that run scripts. Only `smcp_execute` is listed; what scripts ask of the gateway itself are tools as well, so that they are decided, approved and
 * recorded like every call.
 */
export class CodeService implements BuiltinService {
  readonly name = CODE_SERVER;
  readonly listed = false;
  readonly #deps: CodeServiceDeps;

  constructor(deps: CodeServiceDeps) {
    this.#deps = deps;
  }

  isOffered(tool: string): boolean {
    return tool === EXECUTE_TOOL.name;
  }

  async tools(): Promise<readonly JsonObject[]> {
    return [EXECUTE_TOOL, SAVE_SCRIPT_TOOL, ADD_SERVER_TOOL];
  }

  async call(call: BuiltinCall): Promise<JsonObject> {
    const { codeMode, onOutput } = this.#deps;
    const { session } = call.args;
    const context = {
      ...contextOf(call, this.#deps, typeof session === 'string' ? session : undefined),
      onOutput,
    };
    switch (call.tool) {
      case EXECUTE_TOOL.name:
        await listScripts(this.#deps.gate(), call.caller);
        return toCallResult(await codeMode.execute(call.args, context));
      case SAVE_SCRIPT_TOOL.name:
        return context.depth === 0
          ? unknownTool(call)
          : toCallResult(await codeMode.saveScript(call.args, context));
      case ADD_SERVER_TOOL.name:
        // Everything has been looked at before; that the call came here means that it may be.
        return context.depth === 0 ? unknownTool(call) : textResult('The server may be added');
      default:
        return unknownTool(call);
    }
  }
}

/** Also for what only scripts may ask, when a client asks it. */
function unknownTool({ tool }: BuiltinCall): JsonObject {
  return textResult(`Unknown tool: ${tool.slice(0, 64)}`, true);
}

/** Finds out whether there are saved scripts, so that scripts are told of that server only then. */
async function listScripts({ state }: Gate, caller: Caller): Promise<void> {
  const routed = state.servers.get(SCRIPTS_SERVER)?.route(caller);
  if (routed?.ok === true) {
    await routed.route.catalog.get(TOOLS, routed.route.upstream);
  }
}

const NEVER = new AbortController().signal;

/**
 * For whom a call of a script is made, and what it reaches.
 *
 * @param session Name of the script session, in which servers that scripts add stay.
 */
export function contextOf(call: BuiltinCall, deps: CodeServiceDeps, session?: string): ExecuteContext {
  const { gate, maxArgumentChars, showReasons, isCurrent, sessionServers, adding } = deps;
  const { caller, options, meta } = call;
  const { principal } = caller;
  const owner = ownerOfScripts(principal);
  const depth = options.depth ?? 0;
  return {
    owner,
    tenant: principal.tenant,
    principal: principal.id,
    host: new GateToolHost({
      gate: gate(),
      caller,
      parent: { call: options.call ?? '', depth },
      client: options.client,
      meta: withoutProgress(meta),
      added: sessionServers.of(owner, session),
      adding,
      maxArgumentChars,
      showReasons: showReasons(),
      isCurrent,
    }),
    depth,
    signal: options.signal ?? NEVER,
    onProgress: progressTo(options),
  };
}

/** The token of the progress of the script is not that of its calls. */
function withoutProgress(meta: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(meta).filter(([key]) => key !== 'progressToken'));
}
