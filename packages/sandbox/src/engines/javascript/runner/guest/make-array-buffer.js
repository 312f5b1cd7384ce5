/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/no-unsafe-type-assertion, typescript/unbound-method, typescript/no-unnecessary-type-conversion -- what comes from a script may be anything */
/**
 * Makes an `ArrayBuffer` without growing buffers: V8 takes the memory of those past the account that bounds the isolate.
 *
 * Changes the prototype that all buffers have; the built-in constructor is not reachable afterwards.
 */
export function makeArrayBuffer() {
  const Native = ArrayBuffer;
  const { defineProperty, getOwnPropertyDescriptors, defineProperties } = Object;

  const made = {
    ArrayBuffer: function (/** @type {any} */ length, /** @type {any} */ options) {
      if (new.target === undefined) {
        throw new TypeError("Constructor ArrayBuffer requires 'new'");
      }
      if (typeof options === 'object' && options !== null && options.maxByteLength !== undefined) {
        throw new RangeError('A buffer that can grow is not available in scripts');
      }
      return Reflect.construct(Native, [length], new.target);
    },
  };
  const { ArrayBuffer: Fixed } = made;
  const { isView, [Symbol.species]: species } = getOwnPropertyDescriptors(Native);
  defineProperties(Fixed, { isView, [Symbol.species]: species });
  defineProperty(Fixed, 'length', { value: 1, configurable: true });
  defineProperty(Fixed, 'prototype', { value: Native.prototype, writable: false });
  defineProperty(Native.prototype, 'constructor', { value: Fixed, writable: true, configurable: true });
  Reflect.deleteProperty(Native.prototype, 'resize');
  return Fixed;
}
