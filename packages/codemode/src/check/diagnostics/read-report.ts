/** A place that the compiler names. */
export interface ReportedPlace {
  /** As the compiler writes it: relative to its folder, or absolute. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One error as the compiler reports it. */
export interface Reported {
  /** `undefined` for an error of no place, such as in its settings. */
  readonly place: ReportedPlace | undefined;
  readonly code: number;
  readonly message: string;
  readonly related: readonly (ReportedPlace & { readonly message: string })[];
}

interface Draft {
  readonly place: ReportedPlace | undefined;
  readonly code: number;
  message: string;
  readonly related: (ReportedPlace & { message: string })[];
}

// The compiler names related places only in the report that is made for people, with colours. These make its lines unmistakable: source text
// always stands behind a line number in inverse colours.
const ESCAPE = '\u001b';
const PLACE = `${ESCAPE}\\[96m(.*?)${ESCAPE}\\[0m:${ESCAPE}\\[93m(\\d+)${ESCAPE}\\[0m:${ESCAPE}\\[93m(\\d+)${ESCAPE}\\[0m - `;
const ERROR = `${ESCAPE}\\[91merror${ESCAPE}\\[0m${ESCAPE}\\[90m TS(\\d+): ${ESCAPE}\\[0m(.*)$`;
const ERROR_LINE = new RegExp(`^(?:${PLACE})?${ERROR}`, 'u');
const RELATED_LINE = new RegExp(`^ {2}${PLACE}(.*)$`, 'u');
const SOURCE_LINE = new RegExp(`^ *${ESCAPE}\\[7m`, 'u');

/**
 * Reads what the compiler prints with `--pretty`: its errors, in its order, with the places that each of them refers to.
 *
 * The report quotes hostile text, so that a name with line breaks and colours in it could pass for an error of its own; it could not make one
 * disappear that came before it.
 */
export function readReport(text: string): readonly Reported[] {
  const found: Draft[] = [];
  /** What the next line of a message belongs to. */
  let open: { message: string } | undefined;
  for (const line of text.split('\n')) {
    const error = ERROR_LINE.exec(line);
    if (error !== null) {
      const [, file, row, column, code, message = ''] = error;
      const place = file === undefined ? undefined : { file, line: Number(row), column: Number(column) };
      const draft: Draft = { place, code: Number(code), message, related: [] };
      found.push(draft);
      open = draft;
      continue;
    }
    const related = RELATED_LINE.exec(line);
    const current = found.at(-1);
    if (related !== null && current !== undefined) {
      const [, file = '', row, column, message = ''] = related;
      const draft = { file, line: Number(row), column: Number(column), message };
      current.related.push(draft);
      open = draft;
    } else if (line.trim() === '' || SOURCE_LINE.test(line)) {
      open = undefined;
    } else if (open !== undefined) {
      open.message += `\n${line}`;
    }
  }
  return found;
}
