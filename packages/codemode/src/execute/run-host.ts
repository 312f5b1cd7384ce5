import { HostCallError, type HostCallContext, type OutputStream, type ScriptHost } from '@smcp/sandbox';
import { CodeModeError } from '../code-mode-error.ts';
import type { Discovery } from '../discovery/discovery.ts';
import { visibleText } from '../discovery/visible-text.ts';
import type { OutputStore } from '../output/output-store.ts';
import type { CallHook } from './call-hook.ts';
import { discoveryOperation } from './discovery-operations.ts';
import type { ExecuteContext, ExecuteRequest } from './execution.ts';
import { addServer, fetchOutput, saveScript } from './other-operations.ts';
import type { Progress } from './progress.ts';
import type { RunServers } from './run-servers.ts';
import { ToolCalls } from './tool-calls.ts';

export interface RunHostOptions {
  readonly context: Pick<ExecuteContext, 'owner' | 'host' | 'onOutput'>;
  readonly mode: ExecuteRequest['mode']['kind'];
  readonly servers: RunServers;
  readonly discovery: Discovery;
  readonly outputs: OutputStore;
  readonly hook: CallHook | undefined;
  readonly progress: Progress;
  /** Longest input of an operation, in characters. */
  readonly maxInputChars: number;
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
}

const MAX_NAME_CHARS = 64;

/** Answers the operations of one run. All authority is the caller's at the gate; what is unknown, misshapen or not the script's to ask is refused. */
export class RunHost implements ScriptHost {
  readonly #options: RunHostOptions;
  readonly #calls: ToolCalls;

  constructor(options: RunHostOptions) {
    this.#options = options;
    this.#calls = new ToolCalls(options);
  }

  async call(name: string, input: string, context: HostCallContext): Promise<string> {
    try {
      return await this.#answer(name, input, context);
    } catch (error) {
      if (!(error instanceof CodeModeError)) throw error;
      throw new HostCallError('ToolError', error.message, { code: error.code });
    }
  }

  output(stream: OutputStream, text: string): void {
    const { progress, context } = this.#options;
    progress.printed(text);
    context.onOutput?.(stream, text);
  }

  async #answer(name: string, input: string, call: HostCallContext): Promise<string> {
    const { context, mode, servers, discovery, outputs, maxInputChars } = this.#options;
    switch (name) {
      case 'tool':
        return this.#calls.call(input, call);
      case 'fetch_output':
        return fetchOutput(input, { maxInputChars, outputs, owner: context.owner });
      case 'save_script':
        return saveScript(input, { maxInputChars, mode, host: context.host, call });
      case 'add_server':
        return addServer(input, { maxInputChars, mode, host: context.host, servers, call });
      default: {
        const answer = await discoveryOperation(name, input, {
          maxInputChars,
          discovery,
          signal: call.signal,
        });
        if (answer !== undefined) return JSON.stringify(answer);
        throw new CodeModeError(
          'ARGUMENT_INVALID',
          `Unknown operation: ${visibleText(name, MAX_NAME_CHARS)}`,
        );
      }
    }
  }
}
