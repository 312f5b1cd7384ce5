import { mask } from './mask.ts';

/** A script in the form in which it is checked: as the body of an async function, on lines of its own. */
export interface ScriptForm {
  readonly text: string;
  /** Name that only the end of the script mentions, and only the beginning of the function declares. */
  readonly mark: string;
  /** Lines of the script, without what stands around it. */
  readonly lines: readonly string[];
}

/** Lines of `text` before the script. */
const LINES_BEFORE = 1;

/**
 * Puts a script into its function. Whatever closes the function before the end of the script puts `mark` out of sight there, which is a mistake of its own.
 *
 * @param mark An identifier that cannot be guessed: a script that knew it could leave its function unnoticed.
 */
export function toScriptForm(code: string, mark: string): ScriptForm {
  const script = mask(code);
  // A function without a name is no statement.
  const operator = beginsWithNamelessFunction(script) ? ' void' : '';
  const text = `export default async function () { const ${mark} = 0;${operator}\n${script}\nconst ${mark}_ = ${mark};\n}\n`;
  return { text, mark, lines: code.split(/\r\n|[\n\r\u2028\u2029]/u) };
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The place in the script of a place in `form.text`, from 1; places around the script become its beginning or end. */
export function toScriptPlace(form: ScriptForm, place: Place): Place & { readonly isPastEnd: boolean } {
  const line = place.line - LINES_BEFORE;
  if (line < 1) return { line: 1, column: 1, isPastEnd: false };
  if (line <= form.lines.length) return { line, column: place.column, isPastEnd: false };
  return { ...endOf(form.lines), isPastEnd: true };
}

/** Behind the last character that is not blank. */
function endOf(lines: readonly string[]): Place {
  for (let index = lines.length - 1; index > 0; index--) {
    const text = lines[index]?.trimEnd() ?? '';
    if (text !== '') return { line: index + 1, column: text.length + 1 };
  }
  return { line: 1, column: (lines[0]?.trimEnd().length ?? 0) + 1 };
}

function beginsWithNamelessFunction(script: string): boolean {
  const comment = /\s*(?:\/\/[^\n\r\u2028\u2029]*|\/\*)/uy;
  let at = 0;
  for (;;) {
    comment.lastIndex = at;
    const found = comment.exec(script);
    if (found === null) break;
    at = comment.lastIndex;
    if (!found[0].endsWith('/*') || found[0].includes('//')) continue;
    const end = script.indexOf('*/', at);
    if (end === -1) return false;
    at = end + 2;
  }
  const nameless = /\s*(?:async\s+)?function\s*(?:\*\s*)?\(/uy;
  nameless.lastIndex = at;
  return nameless.test(script);
}
