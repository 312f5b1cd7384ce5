import { CODE_SERVER, type Caller, type GateReply, type LoadedConfig } from '@smcp/gateway';
import { EXECUTE_TOOL } from '@smcp/codemode';
import { isJsonObject, readJson, type JsonDocument, type JsonObject } from '@smcp/protocol';
import { CliError } from '../../errors/cli-error.ts';
import type { LocalGate } from '../../reach/local-gate.ts';
import { toReport, type RunReport } from './run-report.ts';
import type { ScriptFile } from './script-file.ts';

export interface ExecuteOptions {
  readonly loaded: LoadedConfig;
  readonly caller: Caller;
  readonly signal: AbortSignal;
  readonly servers: readonly string[];
  readonly timeoutSeconds: number | undefined;
  /** `run`, `preview`, or `apply:` with a digest. */
  readonly mode: string;
}

export type Executed =
  | { readonly ok: true; readonly report: RunReport }
  /** The gate did not let the script run. */
  | { readonly ok: false; readonly reply: GateReply };

/**
 * Has a script executed as a call of `smcp_execute`, decided and recorded like any other.
 *
 * @throws {CliError} `INTERRUPTED` when the signal fires.
 */
export async function executeScript(
  { gate }: Pick<LocalGate, 'gate'>,
  script: ScriptFile,
  options: ExecuteOptions,
): Promise<Executed> {
  const { caller, signal } = options;
  const reply = await gate.call({
    caller,
    door: 'cli',
    action: { kind: 'tool', server: CODE_SERVER, name: EXECUTE_TOOL.name },
    method: 'tools/call',
    document: toRequest(script, options),
    signal,
  });
  if (signal.aborted) {
    throw new CliError('INTERRUPTED', 'Interrupted; calls that were under way may have been made');
  }
  if (!reply.ok || 'error' in reply.message) return { ok: false, reply };
  const { structuredContent } = reply.message.result;
  const content: JsonObject = isJsonObject(structuredContent) ? structuredContent : {};
  return { ok: true, report: toReport(content, script) };
}

function toRequest(
  { code, language }: ScriptFile,
  { loaded, servers, timeoutSeconds, mode }: ExecuteOptions,
): JsonDocument {
  const args = {
    code,
    language,
    mode,
    ...(servers.length === 0 ? {} : { servers }),
    ...(timeoutSeconds === undefined ? {} : { timeout: timeoutSeconds }),
  };
  const params = { name: EXECUTE_TOOL.name, arguments: args };
  const {
    max_json_depth: maxDepth,
    max_json_nodes: maxNodes,
    max_body_bytes: maxLength,
  } = loaded.config.http;
  const text = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  return readJson(text, { maxLength, maxDepth, maxNodes });
}
