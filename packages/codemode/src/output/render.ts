import { encode } from '@toon-format/toon';
import { isJsonObject, type JsonValue } from '@smcp/protocol';
import type { ExecuteResult } from '../execute/execution.ts';
import type { CodeModeSettings } from '../settings.ts';
import { boundPayload, type BoundOptions } from './bound-payload.ts';
import { compactText } from './compact-text.ts';
import type { Payload, ShownScript } from './payload.ts';
import { fullPayload, minimalPayload } from './structured.ts';

export interface RenderOptions extends BoundOptions {
  readonly format: CodeModeSettings['output'];
  readonly script: ShownScript;
}

/** The result of `smcp_execute` (MCP `CallToolResult`): text for the model, and the same as data. Everything that is not a success is an error. */
export function renderPayload(payload: Payload, { format, script, ...bounds }: RenderOptions): ExecuteResult {
  const bounded = boundPayload(payload, bounds);
  const isError = payload.status !== 'success';
  if (format === 'compact') {
    return asResult(compactText(bounded, script), minimalPayload(bounded), isError);
  }
  const full = fullPayload(bounded);
  const block =
    format === 'toon' ? fenced('toon', encode(full)) : fenced('json', JSON.stringify(sorted(full), null, 2));
  return asResult(block, full, isError);
}

function asResult(
  text: string,
  structuredContent: ExecuteResult['structuredContent'],
  isError: boolean,
): ExecuteResult {
  return { content: [{ type: 'text', text }], structuredContent, ...(isError ? { isError } : {}) };
}

/** The fence is longer than any in the text, so that nothing in it ends the block. */
function fenced(language: string, text: string): string {
  let longest = 2;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    const list: readonly JsonValue[] = value;
    return list.map(sorted);
  }
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] ?? null)]),
  );
}
