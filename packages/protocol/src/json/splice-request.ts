import type { RequestId } from '../jsonrpc/messages.ts';
import type { JsonDocument } from './json-document.ts';
import { toIdText } from './id-text.ts';

/** What a forwarded request has in place of the original. */
export interface RequestReplacement {
  readonly id: RequestId;
  /** Members of `params` by key, as JSON text. An empty text drops the member; a key that the request lacks is added. */
  readonly params?: ReadonlyMap<string, string>;
}

/**
 * Writes a request again with another id and other members of `params`, every untouched member exactly as it was written.
 *
 * The result is one line, fit for a newline-delimited transport, and has no top-level members but `jsonrpc`, `id`, `method` and `params`; the last is
 * left out when the document has none and nothing is added. Does not check that the document is a valid request (classify it before) nor that the
 * replacements are valid JSON.
 *
 * @throws {TypeError} When the document has no `method`, has `params` that is no object, or the id is neither a string nor a safe integer.
 */
export function spliceRequest(document: JsonDocument, replace: RequestReplacement): string {
  const { text, members } = document;
  const method = members.get('method');
  if (method === undefined) throw new TypeError('Cannot splice a document without a method');
  const head = `{"jsonrpc":"2.0","id":${toIdText(replace.id)},"method":${text.slice(method.start, method.end)}`;
  const params = spliceParams(document, replace.params);
  return toOneLine(params === undefined ? `${head}}` : `${head},"params":${params}}`);
}

function spliceParams(
  { text, members, paramMembers }: JsonDocument,
  replacements: ReadonlyMap<string, string> = new Map(),
): string | undefined {
  const params = members.get('params');
  if (params !== undefined && text[params.start] !== '{') {
    throw new TypeError('Cannot splice a document whose params is not an object');
  }
  if (replacements.size === 0) return params && text.slice(params.start, params.end);

  const parts: string[] = [];
  for (const [key, { start, end }] of paramMembers) {
    const value = replacements.get(key) ?? text.slice(start, end);
    if (value !== '') parts.push(`${JSON.stringify(key)}:${value}`);
  }
  for (const [key, value] of replacements) {
    if (value !== '' && !paramMembers.has(key)) parts.push(`${JSON.stringify(key)}:${value}`);
  }
  return params === undefined && parts.length === 0 ? undefined : `{${parts.join(',')}}`;
}

/** In valid JSON a raw line break can only be white space between tokens. */
function toOneLine(json: string): string {
  return json.includes('\n') || json.includes('\r') ? json.replaceAll(/[\n\r]/g, ' ') : json;
}
