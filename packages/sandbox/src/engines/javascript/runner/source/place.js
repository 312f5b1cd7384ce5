const LINE_END = /\r\n|[\n\r\u2028\u2029]/g;

/**
 * Where an offset is, for people: line and column from 1, columns in UTF-16 units.
 *
 * @param {string} text
 * @param {number} offset
 */
export function placeOf(text, offset) {
  let line = 1;
  let lineStart = 0;
  for (const end of text.matchAll(LINE_END)) {
    const next = end.index + end[0].length;
    if (next > offset) {
      break;
    }
    line += 1;
    lineStart = next;
  }
  return { line, column: offset - lineStart + 1 };
}

/**
 * Offset of the start of each line.
 *
 * @param {string} text
 */
export function lineStartsOf(text) {
  const starts = [0];
  for (const end of text.matchAll(LINE_END)) {
    starts.push(end.index + end[0].length);
  }
  return starts;
}

/**
 * The same text with everything but its line ends turned into spaces.
 *
 * @param {string} text
 */
export function blank(text) {
  return text.replaceAll(/[^\n\r\u2028\u2029]/g, ' ');
}
