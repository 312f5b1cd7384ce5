import { unmask } from '../mask.ts';

const NO_IMPORT =
  'A script cannot import: servers are globals, such as `await github.listIssues({ owner })`, and so is all else that it may use';
const NO_EXPORT = 'A script cannot export: `return` gives its result';

/** Messages about the place of an import or export, and about modules that are not found. */
const MODULE_CODES = new Set([1147, 1184, 1231, 1232, 1233, 1258, 1474, 2307, 2591, 2792, 2882]);

/** What exists in other runtimes and not for a script. */
const ELSEWHERE =
  /^Cannot find name '(fetch|XMLHttpRequest|WebSocket|process|Buffer|require|module|exports|__dirname|__filename|global|window|document|Deno|Bun)'/u;

/** Advice for somebody who can change the settings or install packages. */
const SETTINGS_ADVICE =
  / (?:Do you need to (?:change|install)|Try changing the 'lib'|Consider using '--)[^\n]*/gu;

/** Control characters except line breaks, and marks that turn the direction of text. */
const INVISIBLE = /(?!\n)[\p{Cc}\p{Bidi_Control}]/gu;

/**
 * Words a message of the compiler for the author of a script.
 *
 * @param source The line of the script from the place on which the message is about; empty when it is unknown.
 * @param maxChars Of the result.
 */
export function wordMessage(code: number, message: string, source: string, maxChars: number): string {
  return clip(
    unmask(reword(code, message, source))
      .replaceAll(INVISIBLE, ' ')
      .trimEnd(),
    maxChars,
  );
}

function reword(code: number, message: string, source: string): string {
  if (MODULE_CODES.has(code)) {
    if (/^(?:import\b|['"`])/u.test(source)) return NO_IMPORT;
    if (source.startsWith('export')) return NO_EXPORT;
  }
  const advised = message.replaceAll(SETTINGS_ADVICE, '');
  return ELSEWHERE.test(advised)
    ? `${advised} A script has no network, files or modules of its own: the tools of the servers are what it can use.`
    : advised;
}

function clip(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const cut = text.slice(0, maxChars - 1);
  return `${/[\ud800-\udbff]$/u.test(cut) ? cut.slice(0, -1) : cut}…`;
}
