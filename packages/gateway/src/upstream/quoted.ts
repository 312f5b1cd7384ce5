const QUOTED_CHARS = 300;

/** A text of a server as it may stand in a message: cut, in one line and without control characters. */
export function quoted(text: string): string {
  return JSON.stringify(text.slice(0, QUOTED_CHARS)).slice(1, -1);
}
