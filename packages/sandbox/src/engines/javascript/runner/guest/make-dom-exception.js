/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/no-unsafe-type-assertion, typescript/unbound-method, typescript/no-unnecessary-type-conversion -- what comes from a script may be anything */
/** Makes `DOMException`: an error whose name is its kind. */
export function makeDomException() {
  const CODES = new Map([
    ['InvalidCharacterError', 5],
    ['SyntaxError', 12],
    ['AbortError', 20],
    ['QuotaExceededError', 22],
    ['TimeoutError', 23],
    ['DataCloneError', 25],
  ]);

  return class DOMException extends Error {
    constructor(message = '', name = 'Error') {
      super(String(message));
      const kind = String(name);
      Object.defineProperty(this, 'name', { value: kind, configurable: true, writable: true });
      Object.defineProperty(this, 'code', { value: CODES.get(kind) ?? 0, configurable: true });
    }
  };
}
