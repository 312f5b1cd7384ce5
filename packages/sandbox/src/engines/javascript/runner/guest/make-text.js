/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/no-unsafe-type-assertion, typescript/unbound-method, typescript/no-unnecessary-type-conversion -- what comes from a script may be anything */
/** Makes `TextEncoder` and `TextDecoder`, for UTF-8 only. */
export function makeText() {
  const LABELS = new Set([
    'utf-8',
    'utf8',
    'unicode-1-1-utf-8',
    'unicode11utf8',
    'unicode20utf8',
    'x-unicode20utf8',
  ]);
  const CHUNK = 8192;
  const REPLACEMENT = 0xfffd;

  /** @param {number} point */
  const sizeOf = (point) => (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4);

  const putPoint = (/** @type {any} */ bytes, /** @type {number} */ at, /** @type {number} */ point) => {
    const size = sizeOf(point);
    if (size === 1) {
      bytes[at] = point;
      return;
    }
    for (let index = size - 1; index > 0; index -= 1) {
      bytes[at + index] = 0x80 | ((point >> (6 * (size - 1 - index))) & 0x3f);
    }
    bytes[at] = ((0xf00 >> size) & 0xff) | (point >> (6 * (size - 1)));
  };

  const encodeInto = (/** @type {string} */ text, /** @type {any} */ bytes) => {
    let read = 0;
    let written = 0;
    while (read < text.length) {
      const found = text.codePointAt(read) ?? 0;
      const point = found >= 0xd800 && found <= 0xdfff ? REPLACEMENT : found;
      if (written + sizeOf(point) > bytes.length) {
        break;
      }
      putPoint(bytes, written, point);
      written += sizeOf(point);
      read += found > 0xffff ? 2 : 1;
    }
    return { read, written };
  };

  const byteLength = (/** @type {string} */ text) => {
    let length = 0;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      const isPair = unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
      at += isPair ? 1 : 0;
      length += isPair ? 4 : sizeOf(unit);
    }
    return length;
  };

  const bytesOf = (/** @type {any} */ input) => {
    if (input === undefined) {
      return new Uint8Array(0);
    }
    if (ArrayBuffer.isView(input)) {
      return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    }
    if (input instanceof ArrayBuffer) {
      return new Uint8Array(input);
    }
    throw new TypeError('The input of a decoder is an ArrayBuffer or a view of one');
  };

  /**
   * What a sequence that starts so may go on with: how many bytes, its first bits, and the bounds of the second byte.
   *
   * @param {number} first
   */
  const shapeOf = (first) => {
    if (first >= 0xc2 && first <= 0xdf) {
      return { more: 1, bits: first & 0x1f, low: 0x80, high: 0xbf };
    }
    if (first >= 0xe0 && first <= 0xef) {
      const low = first === 0xe0 ? 0xa0 : 0x80;
      return { more: 2, bits: first & 0x0f, low, high: first === 0xed ? 0x9f : 0xbf };
    }
    if (first >= 0xf0 && first <= 0xf4) {
      const low = first === 0xf0 ? 0x90 : 0x80;
      return { more: 3, bits: first & 0x07, low, high: first === 0xf4 ? 0x8f : 0xbf };
    }
    return undefined;
  };

  class TextEncoder {
    get encoding() {
      return 'utf-8';
    }

    encode(input = '') {
      const text = String(input);
      const bytes = new Uint8Array(byteLength(text));
      encodeInto(text, bytes);
      return bytes;
    }

    encodeInto(/** @type {any} */ input, /** @type {any} */ bytes) {
      return encodeInto(String(input), bytes);
    }
  }

  class TextDecoder {
    #fatal;
    #ignoreBOM;
    #isFirst = true;
    /** @type {number[]} */
    #rest = [];

    constructor(label = 'utf-8', /** @type {any} */ options = {}) {
      if (!LABELS.has(String(label).trim().toLowerCase())) {
        throw new RangeError(`The encoding "${String(label).slice(0, 50)}" is not known, only utf-8 is`);
      }
      this.#fatal = Boolean(options?.fatal);
      this.#ignoreBOM = Boolean(options?.ignoreBOM);
    }

    get encoding() {
      return 'utf-8';
    }

    get fatal() {
      return this.#fatal;
    }

    get ignoreBOM() {
      return this.#ignoreBOM;
    }

    decode(/** @type {any} */ input, /** @type {any} */ options) {
      const stream = Boolean(options?.stream);
      const given = bytesOf(input);
      const bytes = this.#rest.length === 0 ? given : Uint8Array.from([...this.#rest, ...given]);
      this.#rest = [];
      const text = this.#decode(bytes, stream);
      const result = this.#isFirst && !this.#ignoreBOM && text.startsWith('\uFEFF') ? text.slice(1) : text;
      this.#isFirst = !stream || (this.#isFirst && text === '');
      return result;
    }

    #decode(/** @type {Uint8Array} */ bytes, /** @type {boolean} */ stream) {
      const pieces = [];
      /** @type {number[]} */
      let points = [];
      let at = 0;
      while (at < bytes.length) {
        const end = this.#take(bytes, at, stream, points);
        if (end === undefined) {
          this.#rest = [...bytes.subarray(at)];
          break;
        }
        at = end;
        if (points.length >= CHUNK) {
          pieces.push(String.fromCodePoint(...points));
          points = [];
        }
      }
      pieces.push(String.fromCodePoint(...points));
      return pieces.join('');
    }

    /** Takes one code point; gives where it ends, or undefined where more bytes are awaited. */
    #take(
      /** @type {Uint8Array} */ bytes,
      /** @type {number} */ at,
      /** @type {boolean} */ stream,
      /** @type {number[]} */ points,
    ) {
      const first = bytes[at] ?? 0;
      if (first < 0x80) {
        points.push(first);
        return at + 1;
      }
      const shape = shapeOf(first);
      if (shape === undefined) {
        return this.#bad(points, at + 1);
      }
      let point = shape.bits;
      for (let index = 1; index <= shape.more; index += 1) {
        const byte = bytes[at + index];
        if (byte === undefined) {
          return stream ? undefined : this.#bad(points, at + index);
        }
        const [low, high] = index === 1 ? [shape.low, shape.high] : [0x80, 0xbf];
        if (byte < low || byte > high) {
          return this.#bad(points, at + index);
        }
        point = (point << 6) | (byte & 0x3f);
      }
      points.push(point);
      return at + shape.more + 1;
    }

    #bad(/** @type {number[]} */ points, /** @type {number} */ next) {
      if (this.#fatal) {
        throw new TypeError('The bytes are not valid UTF-8');
      }
      points.push(REPLACEMENT);
      return next;
    }
  }

  return { TextEncoder, TextDecoder };
}
