/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/no-unsafe-type-assertion, typescript/unbound-method, typescript/no-unnecessary-type-conversion -- what comes from a script may be anything */
/**
 * Makes what V8 asks for the text of `error.stack`: frames of scripts only, none of what runs them.
 *
 * @param {string} mark What the file names of scripts start with; not shown.
 */
export function makeStack(mark) {
  const { apply } = Reflect;
  const headOf = Error.prototype.toString;

  return (/** @type {any} */ error, /** @type {any[]} */ sites) => {
    let text;
    try {
      text = apply(headOf, error, []);
    } catch {
      text = 'Error';
    }
    for (const site of sites) {
      const file = site.getFileName();
      if (typeof file === 'string' && file.startsWith(mark)) {
        const place = `${file.slice(mark.length)}:${site.getLineNumber()}:${site.getColumnNumber()}`;
        const name = site.getFunctionName();
        const caller = site.isAsync() ? 'async ' : '';
        text += `\n    at ${caller}${typeof name === 'string' && name !== '' ? `${name} (${place})` : place}`;
      }
    }
    return text;
  };
}
