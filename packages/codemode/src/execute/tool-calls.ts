import { HostCallError, type HostCallContext } from '@smcp/sandbox';
import { CodeModeError } from '../code-mode-error.ts';
import { findTool } from '../discovery/find-tool.ts';
import type { ToolHost, ToolReply } from '../tool-host.ts';
import type { CallHook, CallVerdict, HookedCall } from './call-hook.ts';
import { OperationInput } from './operation-input.ts';
import { optionsOf } from './other-operations.ts';
import type { Progress } from './progress.ts';
import type { RunServers } from './run-servers.ts';

export interface ToolCallsOptions {
  readonly context: { readonly host: Pick<ToolHost, 'call' | 'noteUnknown'> };
  readonly mode: 'run' | 'preview' | 'apply';
  readonly servers: RunServers;
  readonly hook: CallHook | undefined;
  readonly progress: Progress;
  readonly maxInputChars: number;
  readonly now: () => number;
}

const MAKE: CallVerdict = { kind: 'make' };

/** The calls of tools of one run, each a request at the gate. Those made at the same time are under way at the same time. */
export class ToolCalls {
  readonly #options: ToolCallsOptions;
  /** Ends when the hook has judged every call before. */
  #judged: Promise<unknown> = Promise.resolve();

  constructor(options: ToolCallsOptions) {
    this.#options = options;
  }

  /**
   * @param text JSON text of `{server, tool, args?, raw?}`; the arguments go on as they are written.
   * @returns JSON text of the `CallToolResult`; in a preview of `{made}` with it, or of `{planned}`.
   * @throws {CodeModeError} `ARGUMENT_INVALID`, `SERVER_UNKNOWN`, `SERVER_UNAVAILABLE`, `TOOL_UNKNOWN`.
   * @throws {HostCallError} `ToolError` when the gate or the hook refuses, with `{code, server, tool, call, retryAfterMs}`.
   */
  async call(text: string, context: HostCallContext): Promise<string> {
    const found = this.#find(text, context.signal);
    const { call, shown, verdict } = await this.#judge(found);
    const { progress, now, mode } = this.#options;
    progress.called();
    if (verdict.kind === 'refuse') throw refusal(call, verdict);
    if (verdict.kind === 'record') {
      progress.ended(shown, 'planned', 0);
      return `{"planned":${verdict.planned}}`;
    }
    const startedAt = now();
    const reply = await this.#make(call, context);
    progress.ended(shown, reply.ok ? '✓' : `✗ ${reply.code}`, now() - startedAt);
    if (!reply.ok) throw refusal(call, reply);
    return mode === 'preview' ? `{"made":${reply.result}}` : reply.result;
  }

  async #find(text: string, signal: AbortSignal): Promise<{ call: HookedCall; shown: string }> {
    const { servers, maxInputChars } = this.#options;
    const input = new OperationInput(text, maxInputChars, ['server', 'tool', 'args', 'raw']);
    const [wantedServer, wantedTool] = [input.name('server'), input.name('tool')];
    const [args, raw] = [input.objectText('args'), input.flag('raw')];
    let serverName = wantedServer;
    try {
      const { server, tools } = await servers.use(wantedServer, signal);
      serverName = server.name;
      const { definition, alias } = findTool(server, tools, wantedTool);
      return { call: { server: serverName, tool: definition, args, raw }, shown: `${server.alias}.${alias}` };
    } catch (error) {
      if (isUnknown(error)) {
        await this.#options.context.host.noteUnknown?.({ server: serverName, tool: wantedTool, args });
      }
      throw error;
    }
  }

  /** Calls come before the hook in the order in which the script made them, however long each took to find. */
  async #judge(
    finding: Promise<{ call: HookedCall; shown: string }>,
  ): Promise<{ call: HookedCall; shown: string; verdict: CallVerdict }> {
    const { hook } = this.#options;
    if (hook === undefined) return { ...(await finding), verdict: MAKE };
    const before = this.#judged;
    const judging = (async () => {
      await before;
      const found = await finding;
      return { ...found, verdict: await hook.before(found.call) };
    })();
    this.#judged = judging.catch(() => undefined);
    return judging;
  }

  async #make(call: HookedCall, context: HostCallContext): Promise<ToolReply> {
    const { server, tool, args } = call;
    const reply = await this.#options.context.host.call(
      { server, tool: tool.name, args },
      optionsOf(context),
    );
    this.#options.hook?.after(call, reply);
    return reply;
  }
}

function isUnknown(error: unknown): boolean {
  return error instanceof CodeModeError && (error.code === 'SERVER_UNKNOWN' || error.code === 'TOOL_UNKNOWN');
}

function refusal(
  { server, tool }: HookedCall,
  {
    code,
    message,
    call,
    retryAfterMs,
  }: { code: string; message: string; call?: string | undefined; retryAfterMs?: number | undefined },
): HostCallError {
  const details = { code, server, tool: tool.name, call, retryAfterMs };
  return new HostCallError('ToolError', message, withoutUndefined(details));
}

function withoutUndefined(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
