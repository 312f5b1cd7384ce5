import type { JsonObject } from '@smcp/protocol';
import { SandboxError, type ScriptEngine } from '@smcp/sandbox';
import { nameServers, resolveServer } from './bindings/names.ts';
import { declareScriptArguments } from './bindings/script-arguments.ts';
import type { ScriptChecker } from './check/check.ts';
import { CodeModeError } from './code-mode-error.ts';
import { ToolIndexCache } from './discovery/search/index-cache.ts';
import type { ExecuteContext, ExecuteRequest, ExecuteResult, Execution } from './execute/execution.ts';
import { Executor, type SavedRun } from './execute/executor.ts';
import { readExecuteArguments } from './execute/read-arguments.ts';
import { scriptName } from './execute/script-name.ts';
import { GUEST_PRELUDE } from './guest/prelude.ts';
import { OutputStore } from './output/output-store.ts';
import type { Payload, ShownScript } from './output/payload.ts';
import { renderPayload } from './output/render.ts';
import { errorPayload, toPayload } from './output/to-payload.ts';
import { toolResult, type ToolResult } from './output/tool-result.ts';
import { PreviewHooks } from './preview/preview-hooks.ts';
import type { SavedScript } from './scripts/saved-script.ts';
import type { SavedScripts } from './scripts/saved-scripts.ts';
import { toSource, type SavedTool } from './scripts/script-tool.ts';
import { ScriptSessions } from './session/script-sessions.ts';
import type { CodeModeSettings } from './settings.ts';

export interface CodeModeOptions {
  /** Runs scripts. Whoever made it ends it, after this. */
  readonly engine: Pick<ScriptEngine, 'open' | 'languages'>;
  /** Checks them. Whoever made it ends it, after this. */
  readonly checker: Pick<ScriptChecker, 'check'>;
  readonly scripts: SavedScripts;
  readonly settings: CodeModeSettings;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Told of each session that has ended, by the owner of its scripts and its name: what was kept for it is to be forgotten. */
  readonly onSessionEnd?: ((owner: string, name: string) => void) | undefined;
}

/**
 * Code mode: one tool that executes scripts, and the scripts that became tools themselves. Everything that a script reaches is in the `ToolHost` of its caller.
 *
 * Ending it ends the sessions.
 */
export class CodeMode implements AsyncDisposable {
  readonly settings: CodeModeSettings;
  /** The sessions, for those who look after them. */
  readonly sessions: ScriptSessions;
  /** The saved scripts, for operators. */
  readonly scripts: SavedScripts;
  readonly #engine: CodeModeOptions['engine'];
  readonly #executor: Executor;
  readonly #outputs: OutputStore;

  constructor({ engine, checker, scripts, settings, now = Date.now, onSessionEnd }: CodeModeOptions) {
    this.settings = settings;
    this.scripts = scripts;
    this.sessions = new ScriptSessions({ engine, settings: settings.sessions, now, onEnd: onSessionEnd });
    this.#engine = engine;
    this.#outputs = new OutputStore({ now });
    this.#executor = new Executor({
      engine,
      checker,
      sessions: this.sessions,
      hooks: new PreviewHooks(now),
      outputs: this.#outputs,
      indexes: new ToolIndexCache(),
      settings,
      preludes: { typescript: GUEST_PRELUDE, javascript: GUEST_PRELUDE },
      now: () => performance.now(),
    });
  }

  /**
   * Answers a call of `smcp_execute`. What is wrong with the arguments or the script, or keeps it from running, is in the result.
   *
   * @throws The reason of `context.signal`, when that fires before the script runs.
   */
  async execute(args: JsonObject, context: ExecuteContext): Promise<ExecuteResult> {
    const { settings } = this;
    let request: ExecuteRequest;
    try {
      request = readExecuteArguments(args, { settings, languages: this.#engine.languages });
    } catch (error) {
      return this.#render(errorOr(error, context), { name: scriptName('typescript'), code: '' }, context);
    }
    const script = { name: scriptName(request.language), code: request.code };
    const payload = await this.#payload(request, context);
    return this.#render(payload, script, context);
  }

  /**
   * Answers a call of the tool that a saved script is; whoever calls it has checked the arguments against the schema. The script reaches its own servers only, as
   * far as the caller may.
   */
  async executeSaved(script: SavedScript, args: JsonObject, context: ExecuteContext): Promise<ToolResult> {
    const { maxDescriptionChars, maxDepth } = this.settings;
    const source = toSource(script, args, (schema) =>
      declareScriptArguments(schema, { maxDescriptionChars }),
    );
    const shown: ShownScript = { name: source.name, code: source.code };
    if ((context.depth ?? 0) > maxDepth) {
      const error = new CodeModeError(
        'SCRIPT_LIMIT',
        `Saved scripts call each other at most ${maxDepth} deep; "${script.name}" is beyond that`,
      );
      return toolResult(errorPayload(error, 'unavailable'), shown);
    }
    const { language, code, servers, name, declaration } = source;
    const request: ExecuteRequest = { code, language, servers, mode: { kind: 'run' } };
    const payload = await this.#payload(request, onlyServers(context, servers), { name, args, declaration });
    return toolResult(payload, shown);
  }

  /** Answers what `saveScript` of a script asks, once the gate has let it through: `{name, version, state, message}`. */
  async saveScript(request: JsonObject, { tenant, principal, host }: SaveScriptContext): Promise<ToolResult> {
    try {
      const serverNamed = (name: string): string | undefined =>
        resolveServer(nameServers(host.servers().map((server) => server.name)), name)?.name;
      const saved = await this.scripts.save(request, { tenant, principal, serverNamed });
      return savedResult(saved);
    } catch (error) {
      if (!(error instanceof CodeModeError)) throw error;
      return { content: [{ type: 'text', text: error.message }], isError: true };
    }
  }

  /** The saved scripts in force as MCP tools. */
  savedTools(tenant: string): Promise<readonly SavedTool[]> {
    return this.scripts.tools(tenant);
  }

  /** The saved script in force under a name. */
  ifSaved(tenant: string, name: string): Promise<SavedScript | undefined> {
    return this.scripts.inForce(tenant, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sessions[Symbol.asyncDispose]();
  }

  async #payload(request: ExecuteRequest, context: ExecuteContext, saved?: SavedRun): Promise<Payload> {
    const { limits, timeoutSeconds, maxTimeoutSeconds } = this.settings;
    let execution: Execution;
    try {
      execution = await this.#executor.execute(request, context, saved);
    } catch (error) {
      return errorOr(error, context);
    }
    return toPayload(execution, {
      limits,
      timeoutSeconds: request.timeout ?? timeoutSeconds,
      maxTimeoutSeconds,
    });
  }

  #render(payload: Payload, script: ShownScript, { owner }: ExecuteContext): ExecuteResult {
    const { output, maxReplyChars } = this.settings;
    return renderPayload(payload, {
      format: output,
      script,
      maxChars: maxReplyChars,
      keep: (text) => this.#outputs.keep(owner, text),
    });
  }
}

type SaveScriptContext = Pick<ExecuteContext, 'tenant' | 'principal' | 'host'>;

/** What the caller can mend or has to be told; every other error is ours, and thrown on. */
function errorOr(error: unknown, { signal }: ExecuteContext): Payload {
  if (signal.aborted) throw error;
  if (error instanceof CodeModeError) {
    return errorPayload(error, error.code === 'ARGUMENT_INVALID' ? 'validation_error' : 'unavailable');
  }
  if (error instanceof SandboxError) return errorPayload(error, 'unavailable');
  throw error;
}

function onlyServers(context: ExecuteContext, names: readonly string[]): ExecuteContext {
  const { host } = context;
  const only = new Set(names);
  return {
    ...context,
    host: {
      servers: () => host.servers().filter(({ name }) => only.has(name)),
      knownTools: (server) => (only.has(server) ? host.knownTools(server) : undefined),
      tools: async (server, signal) => {
        if (only.has(server)) return host.tools(server, signal);
        throw new CodeModeError('SERVER_UNKNOWN', `Server '${server}' is not available`);
      },
      call: async (call, options) =>
        only.has(call.server)
          ? host.call(call, options)
          : { ok: false, code: 'UNKNOWN', message: `Server '${call.server}' is not available` },
      noteUnknown: async (call) => host.noteUnknown?.(call),
    },
  };
}

function savedResult({ name, version, state, findings }: SavedScript): ToolResult {
  const message =
    state === 'approved'
      ? `Script '${name}' is in force as version ${version} already`
      : `Script '${name}' is saved as version ${version}; it becomes a tool once an operator approves it`;
  const structuredContent = { name, version, state, message, ...(findings.length > 0 ? { findings } : {}) };
  return { content: [{ type: 'text', text: message }], structuredContent };
}
