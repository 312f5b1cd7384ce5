import { isJsonObject, type JsonObject, type JsonValue } from '@smcp/protocol';
import { oneLine, printable, printableJson } from '../../output/printable.ts';

/** The result of a tool for people: its texts, a line for everything else, and the structured form when there is nothing else. */
export function resultText(result: JsonObject): string {
  const { content, structuredContent } = result;
  const parts = Array.isArray(content) ? (content as readonly JsonValue[]).map(partText) : [];
  if (parts.length > 0) return parts.join('\n');
  return structuredContent === undefined ? '(empty result)' : printableJson(structuredContent, 2);
}

function partText(part: JsonValue): string {
  if (!isJsonObject(part)) return printableJson(part);
  const { type, text, data, mimeType, uri, resource } = part;
  if (type === 'text' && typeof text === 'string') return printable(text);
  if (type === 'resource' && isJsonObject(resource)) {
    const inner = resource['text'];
    return typeof inner === 'string'
      ? printable(inner)
      : bracket('resource', resource['uri'], resource['mimeType']);
  }
  if (type === 'resource_link') return bracket('resource', uri, mimeType);
  const size = typeof data === 'string' ? `${Math.floor((data.length * 3) / 4)} bytes` : undefined;
  return bracket(typeof type === 'string' ? type : 'content', mimeType, size);
}

function bracket(...words: readonly (JsonValue | undefined)[]): string {
  const shown = words.filter((word) => typeof word === 'string').map((word) => oneLine(word));
  return `[${shown.join(' ')}]`;
}
