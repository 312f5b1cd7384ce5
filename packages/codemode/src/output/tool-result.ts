import { isJsonObject, type JsonValue } from '@smcp/protocol';
import type { ExecuteResult } from '../execute/execution.ts';
import { boundPayload, valueText } from './bound-payload.ts';
import { compactText } from './compact-text.ts';
import type { Payload, ShownScript } from './payload.ts';

const MAX_FAILURE_CHARS = 4000;

/**
 * What a saved script answers as the tool that it is: the returned value alone, whole, for another script may use it. A failure tells what a compact reply does.
 */
export function toolResult(payload: Payload, script: ShownScript): ToolResult {
  if (payload.status === 'success') return valueResult(payload.result);
  const bounded = boundPayload(payload, { maxChars: MAX_FAILURE_CHARS, keep: () => undefined });
  return { content: [{ type: 'text', text: compactText(bounded, script) }], isError: true };
}

/** MCP `CallToolResult`; only objects are structured content. */
export type ToolResult = Omit<ExecuteResult, 'structuredContent'> &
  Partial<Pick<ExecuteResult, 'structuredContent'>>;

function valueResult(value: JsonValue | undefined): ToolResult {
  if (value === undefined) return { content: [] };
  const content = [{ type: 'text' as const, text: valueText(value) }];
  return isJsonObject(value) ? { content, structuredContent: value } : { content };
}
