/** One name that a script declares at its top level. */
export interface Declared {
  readonly name: string;
  /** Whether it is a value, a type, or a class or the like that is both. */
  readonly kind: 'value' | 'type' | 'both';
  /** A statement in the global scope of a `.d.ts`. */
  readonly text: string;
}

const STATEMENT =
  /^(?:export\s+)?(?:declare\s+)?(?:abstract\s+)?(const\s+enum|const|let|var|function|class|enum|namespace|interface|type)\s*\*?\s/u;
const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/u;
const MAX_NAMES = 5000;

/**
 * Takes the declarations apart that a compiler has written: one piece for each name, several for a name that is declared several times.
 *
 * Reads each character once. What it does not know is left out: lists of exports, modules with a name in quotes. Knows no other style than that of the
 * compiler; a text in another one gives pieces that make no sense, never an error.
 */
export function splitDeclarations(text: string): readonly Declared[] {
  const found: Declared[] = [];
  for (const statement of cut(text, endsStatement)) {
    const start = STATEMENT.exec(statement);
    const keyword = start?.[1];
    if (start === null || keyword === undefined) continue;
    const body = statement.slice(start[0].length);
    if (keyword === 'const' || keyword === 'let' || keyword === 'var') {
      for (const one of cut(body.replace(/;\s*$/u, ''), endsDeclarator)) {
        add(found, one.trim(), 'value', (named) => `declare ${keyword} ${named};`);
      }
    } else {
      const whole = statement.trim().replace(/^export\s+/u, '');
      const declared = /^(?:declare|interface|type)\s/u.test(whole) ? whole : `declare ${whole}`;
      add(found, body, kindOf(keyword), () => declared);
    }
    if (found.length >= MAX_NAMES) break;
  }
  return found;
}

function add(
  found: Declared[],
  body: string,
  kind: Declared['kind'],
  toText: (body: string) => string,
): void {
  const name = NAME.exec(body)?.[0];
  if (name !== undefined && found.length < MAX_NAMES) found.push({ name, kind, text: toText(body) });
}

function kindOf(keyword: string): Declared['kind'] {
  if (keyword === 'interface' || keyword === 'type') return 'type';
  return keyword === 'function' ? 'value' : 'both';
}

/** `last` is the last character before `at` that counts; `angles` how many angle brackets are open. */
type IsEnd = (text: string, at: number, last: string, angles: number) => boolean;

/** A line break between a finished statement and the beginning of another. */
function endsStatement(text: string, at: number, last: string): boolean {
  if (text[at] !== '\n' || (last !== ';' && last !== '}')) return false;
  return /^(?:export|declare|interface|type|abstract)\b/u.test(text.slice(at + 1, at + 12));
}

function endsDeclarator(text: string, at: number, _last: string, angles: number): boolean {
  return text[at] === ',' && angles === 0;
}

/** Cuts a text where `isEnd` says so, outside of brackets, strings and comments; comments are left out. */
function cut(text: string, isEnd: IsEnd): readonly string[] {
  const pieces: string[] = [];
  const open: string[] = [];
  let piece = '';
  let from = 0;
  let angles = 0;
  let last = '';
  const take = (to: number): void => {
    piece += text.slice(from, to);
    from = to;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (open.at(-1) === '`') {
      // In a template only its end and its expressions count.
      if (char === '\\') at += 1;
      else if (char === '`') open.pop();
      else if (char === '$' && text[at + 1] === '{') {
        open.push('{');
        at += 1;
      }
    } else if (char === '"' || char === "'") {
      at = endOfString(text, at);
    } else if (char === '/' && (text[at + 1] === '*' || text[at + 1] === '/')) {
      take(at);
      const end = text[at + 1] === '*' ? text.indexOf('*/', at + 2) : text.indexOf('\n', at);
      const next = end === -1 ? text.length : end + (text[at + 1] === '*' ? 2 : 0);
      from = next;
      at = next - 1;
      continue;
    } else if (char === '`' || char === '(' || char === '[' || char === '{') {
      open.push(char);
    } else if (char === ')' || char === ']' || char === '}') {
      open.pop();
    } else if (open.length === 0) {
      if (isEnd(text, at, last, angles)) {
        take(at);
        from = at + 1;
        pieces.push(piece);
        piece = '';
        angles = 0;
      } else if (char === '<') angles += 1;
      else if (char === '>' && text[at - 1] !== '=') angles -= 1;
    }
    if (char.trim() !== '') last = char;
  }
  take(text.length);
  pieces.push(piece);
  return pieces;
}

/** The index of the closing quote. */
function endOfString(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at;
  }
  return text.length;
}
