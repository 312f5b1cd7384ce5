/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/no-unsafe-type-assertion, typescript/unbound-method, typescript/no-unnecessary-type-conversion -- what comes from a script may be anything */
/**
 * Makes `crypto.randomUUID` and `crypto.getRandomValues`. The random bytes are the runner's.
 *
 * @param {(kind: string, ...values: any[]) => any} post
 * @param {any} DOMException
 */
export function makeCrypto(post, DOMException) {
  const MAX_BYTES = 65_536;
  const INTEGERS = /^(?:Big)?(?:Ui|I)nt\d+(?:Clamped)?Array$/;
  const typedTag = Object.getOwnPropertyDescriptor(
    Object.getPrototypeOf(Uint8Array.prototype),
    Symbol.toStringTag,
  )?.get;

  /** Fills bytes from what comes as text with one character a byte. */
  const fill = (/** @type {Uint8Array} */ bytes) => {
    const text = post('random', bytes.length);
    for (let at = 0; at < bytes.length; at += 1) {
      bytes[at] = text.charCodeAt(at);
    }
    return bytes;
  };

  const getRandomValues = (/** @type {any} */ array) => {
    const kind = ArrayBuffer.isView(array)
      ? Reflect.apply(/** @type {any} */ (typedTag), array, [])
      : undefined;
    if (typeof kind !== 'string' || !INTEGERS.test(kind)) {
      throw new TypeError('getRandomValues() fills typed arrays of integers');
    }
    if (array.byteLength > MAX_BYTES) {
      throw new DOMException(`More than ${MAX_BYTES} random bytes at once`, 'QuotaExceededError');
    }
    fill(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    return array;
  };

  const randomUUID = () => {
    const bytes = fill(new Uint8Array(16));
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  };

  return { getRandomValues, randomUUID };
}
