import type { Position } from './config-node.ts';

/** Where `text` stops being JSON (RFC 8259), or undefined when it is JSON. `JSON.parse` judges; its messages quote the text and often lack the place. */
export function ifJsonSyntaxError(text: string): Position | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    return positionAt(text, offsetOfError(text));
  }
}

type Wanted = 'value' | 'first item' | 'key' | 'first key' | 'colon' | 'comma';

const BLANKS = /[ \t\r\n]*/y;
const TOKEN =
  // oxlint-disable-next-line no-control-regex -- strings of JSON hold none of these
  /[{}[\],:]|"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\u0000-\u001f]*)*"|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

/** Offset of the first token that cannot stand where it stands. */
function offsetOfError(text: string): number {
  const open: ('{' | '[')[] = [];
  let wanted: Wanted = 'value';
  let offset = 0;
  for (;;) {
    BLANKS.lastIndex = offset;
    offset += BLANKS.exec(text)?.[0].length ?? 0;
    TOKEN.lastIndex = offset;
    const token = TOKEN.exec(text)?.[0];
    const next: Wanted | undefined = token === undefined ? undefined : step(token, wanted, open);
    if (token === undefined || next === undefined) return offset;
    offset += token.length;
    wanted = next;
  }
}

/** What may follow `token`, or undefined when it is wrong here. Keeps `open` up to date. */
function step(token: string, wanted: Wanted, open: ('{' | '[')[]): Wanted | undefined {
  const inside = open.at(-1);
  if (token === '}' || token === ']') {
    const isEmpty = wanted === (token === '}' ? 'first key' : 'first item');
    if (inside !== (token === '}' ? '{' : '[') || !(isEmpty || wanted === 'comma')) return undefined;
    open.pop();
    return 'comma';
  }
  if (token === ',') {
    if (wanted !== 'comma' || inside === undefined) return undefined;
    return inside === '{' ? 'key' : 'value';
  }
  if (token === ':') return wanted === 'colon' ? 'value' : undefined;
  if (wanted === 'key' || wanted === 'first key') return token.startsWith('"') ? 'colon' : undefined;
  if (wanted !== 'value' && wanted !== 'first item') return undefined;
  if (token !== '{' && token !== '[') return 'comma';
  open.push(token);
  return token === '{' ? 'first key' : 'first item';
}

function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
