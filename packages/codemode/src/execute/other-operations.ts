import { HostCallError, type HostCallContext } from '@smcp/sandbox';
import { CodeModeError } from '../code-mode-error.ts';
import type { OutputStore } from '../output/output-store.ts';
import type { ToolCallOptions, ToolHost } from '../tool-host.ts';
import { OperationInput } from './operation-input.ts';
import type { RunServers } from './run-servers.ts';

interface Asked {
  readonly maxInputChars: number;
  readonly mode: 'run' | 'preview' | 'apply';
  readonly call: HostCallContext;
}

/** Gives a part of an output that was cut. */
export function fetchOutput(
  text: string,
  { maxInputChars, outputs, owner }: Pick<Asked, 'maxInputChars'> & { outputs: OutputStore; owner: string },
): string {
  const input = new OperationInput(text, maxInputChars, ['handle', 'from', 'to']);
  const range = { from: input.ifInteger('from'), to: input.ifInteger('to') };
  return JSON.stringify(outputs.fetch(owner, input.name('handle'), range));
}

/**
 * Proposes a script; gives the result of the tool that does so (`CallToolResult`).
 *
 * @throws {HostCallError} `ToolError` when the gate refuses.
 */
export async function saveScript(
  text: string,
  { maxInputChars, mode, host, call }: Asked & { host: Pick<ToolHost, 'saveScript'> },
): Promise<string> {
  const { value } = new OperationInput(text, maxInputChars);
  checkPlainRun(mode, 'saves no scripts');
  if (host.saveScript === undefined) throw refused('UNAVAILABLE', 'Scripts cannot be saved here');
  const reply = await host.saveScript(value, optionsOf(call));
  if (reply.ok) return reply.result;
  throw refused(reply.code, reply.message);
}

/**
 * Adds a server for the session; gives its names and those of its tools.
 *
 * @throws {HostCallError} `ToolError` when the gate refuses.
 */
export async function addServer(
  text: string,
  {
    maxInputChars,
    mode,
    host,
    servers,
    call,
  }: Asked & { host: Pick<ToolHost, 'addServer'>; servers: RunServers },
): Promise<string> {
  const { value } = new OperationInput(text, maxInputChars);
  checkPlainRun(mode, 'adds no servers');
  if (host.addServer === undefined) throw refused('UNAVAILABLE', 'Servers cannot be added here');
  const reply = await host.addServer(value, optionsOf(call));
  if (!reply.ok) throw refused(reply.code, reply.message);
  const { server, tools } = await servers.adopt(reply.server, call.signal);
  const names = tools.map(({ definition, alias, snake }) => [definition.name, alias, snake]);
  return JSON.stringify({ ...server, loaded: true, tools: names });
}

export function optionsOf(call: HostCallContext): ToolCallOptions {
  return { signal: call.signal, hold: () => call.hold() };
}

function checkPlainRun(mode: Asked['mode'], what: string): void {
  if (mode === 'run') return;
  const kind = mode === 'preview' ? 'A preview' : 'The run of a plan';
  throw new CodeModeError('ARGUMENT_INVALID', `${kind} ${what}; do that in a run of its own`);
}

function refused(code: string, message: string): HostCallError {
  return new HostCallError('ToolError', message, { code });
}
