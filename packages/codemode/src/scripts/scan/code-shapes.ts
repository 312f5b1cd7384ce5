import { placeOf, visible } from './finding.ts';

const MAX_LINE = 500;
const MIN_BLOB = 120;
const MIN_ESCAPES = 20;

/** Words of code that can do other than they look like, or that outlast the run. */
const WORDS: readonly { readonly words: readonly string[]; readonly why: string }[] = [
  { words: ['eval', 'Function', 'AsyncFunction', 'GeneratorFunction'], why: 'makes code out of text' },
  { words: ['__proto__', 'getPrototypeOf', 'setPrototypeOf'], why: 'reaches for prototypes' },
  { words: ['WebAssembly', 'SharedArrayBuffer', 'Atomics'], why: 'uses machine-level features' },
  { words: ['atob', 'fromCharCode', 'fromCodePoint', 'unescape'], why: 'decodes text' },
  { words: ['import', 'require'], why: 'tries to load other code' },
  {
    words: ['saveScript', 'save_script', 'smcp_save', 'save_tool'],
    why: 'saves further scripts',
  },
  { words: ['addServer', 'add_server'], why: 'adds servers' },
];

const ANY_WORD = new RegExp(`(?<![\\w$])(?:${WORDS.flatMap(({ words }) => words).join('|')})(?![\\w$])`, 'g');
const WHY: ReadonlyMap<string, string> = new Map(
  WORDS.flatMap(({ words, why }) => words.map((word): [string, string] => [word, why])),
);
const ADDS_SERVERS = /(?<![\w$])servers\s{0,8}\.\s{0,8}add(?![\w$])/;
/** Not that of a class, which stands alone. */
const CONSTRUCTOR = /[.'"`]\s{0,4}constructor(?![\w$])/;
const LETTERS_RUN = /[A-Za-z0-9+/=_-]+/g;
const ESCAPE_RUN = /(?:\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\u\{[0-9a-fA-F]{1,6}\})+/g;
const ONE_ESCAPE = /\\[xu]/g;

/** What of a script deserves a second look: each kind once, with its first place. */
export function findCodeShapes(code: string): readonly string[] {
  return [...dangerousWords(code), ...phrases(code), ...longLine(code), ...encodedText(code)];
}

function* dangerousWords(code: string): Generator<string> {
  const seen = new Set<string>();
  for (const { 0: word, index } of code.matchAll(ANY_WORD)) {
    const why = WHY.get(word) ?? '';
    if (seen.has(why)) continue;
    seen.add(why);
    yield `"${word}" at ${placeOf(code, index)} ${why}`;
  }
}

function* phrases(code: string): Generator<string> {
  const reached = CONSTRUCTOR.exec(code);
  if (reached !== null)
    yield `"constructor" at ${placeOf(code, reached.index)} reaches for what makes code out of text`;
  const match = ADDS_SERVERS.exec(code);
  if (match !== null) yield `"servers.add" at ${placeOf(code, match.index)} adds servers`;
}

function* longLine(code: string): Generator<string> {
  for (const [index, line] of code.split('\n').entries()) {
    if (line.length <= MAX_LINE) continue;
    yield `line ${index + 1} has ${line.length} characters`;
    return;
  }
}

function* encodedText(code: string): Generator<string> {
  for (const { 0: run, index } of code.matchAll(LETTERS_RUN)) {
    if (run.length < MIN_BLOB || !/[0-9]/.test(run) || !/[A-Za-z]/.test(run)) continue;
    yield `${run.length} characters that look encoded (${visible(run, 20)}) at ${placeOf(code, index)}`;
    break;
  }
  for (const { 0: run, index } of code.matchAll(ESCAPE_RUN)) {
    const count = run.match(ONE_ESCAPE)?.length ?? 0;
    if (count < MIN_ESCAPES) continue;
    yield `${count} characters written as escapes in a row at ${placeOf(code, index)}`;
    return;
  }
}
