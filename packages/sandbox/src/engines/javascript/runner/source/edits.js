/**
 * Changes to a text, each told in offsets of the text as it was.
 *
 * Insertions at one offset keep the order in which they were asked for. Replacements do not overlap.
 */
export class Edits {
  /** @type {{ start: number, end: number, text: string }[]} */
  #edits = [];

  /**
   * @param {number} at
   * @param {string} text
   */
  insert(at, text) {
    this.#edits.push({ start: at, end: at, text });
  }

  /**
   * @param {number} start
   * @param {number} end
   * @param {string} text
   */
  replace(start, end, text) {
    this.#edits.push({ start, end, text });
  }

  /** @param {string} source */
  apply(source) {
    const pieces = [];
    let at = 0;
    for (const edit of this.#edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
      pieces.push(source.slice(at, edit.start), edit.text);
      at = edit.end;
    }
    pieces.push(source.slice(at));
    return pieces.join('');
  }
}
