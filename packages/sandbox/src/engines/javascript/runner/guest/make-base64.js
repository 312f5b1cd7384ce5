/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/no-unsafe-type-assertion, typescript/unbound-method, typescript/no-unnecessary-type-conversion -- what comes from a script may be anything */
/**
 * Makes `atob` and `btoa`.
 *
 * @param {any} DOMException
 */
export function makeBase64(DOMException) {
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const CHUNK = 8192;
  const values = new Map(Array.from(ALPHABET, (letter, value) => [letter, value]));

  const refuse = (/** @type {string} */ message) => {
    throw new DOMException(message, 'InvalidCharacterError');
  };

  const btoa = (/** @type {any} */ data) => {
    const text = String(data);
    const pieces = [];
    for (let at = 0; at < text.length; at += 3) {
      const codes = [text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2)];
      if (codes.some((code) => code > 255)) {
        refuse('A character is outside of Latin-1');
      }
      const [first = 0, second = 0, third = 0] = codes;
      const bits = (first << 16) | (second << 8) | third;
      const missing = at + 3 - text.length;
      const letters = [18, 12, 6, 0].map((shift) => ALPHABET[(bits >> shift) & 63]);
      pieces.push(
        missing > 0 ? letters.slice(0, 4 - missing).join('') + '='.repeat(missing) : letters.join(''),
      );
    }
    return pieces.join('');
  };

  const atob = (/** @type {any} */ data) => {
    const spaced = String(data).replaceAll(/[\t\n\f\r ]/g, '');
    const text = spaced.length % 4 === 0 ? spaced.replace(/={1,2}$/, '') : spaced;
    if (text.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(text)) {
      refuse('The text is not base64');
    }
    const pieces = [];
    /** @type {number[]} */
    let codes = [];
    for (let at = 0; at < text.length; at += 4) {
      const group = text.slice(at, at + 4);
      const bits = [0, 1, 2, 3].reduce(
        (sum, index) => (sum << 6) | (values.get(group[index] ?? 'A') ?? 0),
        0,
      );
      codes.push(...[(bits >> 16) & 255, (bits >> 8) & 255, bits & 255].slice(0, group.length - 1));
      if (codes.length >= CHUNK) {
        pieces.push(String.fromCharCode(...codes));
        codes = [];
      }
    }
    pieces.push(String.fromCharCode(...codes));
    return pieces.join('');
  };

  return { atob, btoa };
}
