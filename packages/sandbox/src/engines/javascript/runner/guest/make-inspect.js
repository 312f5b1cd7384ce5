/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/no-unsafe-type-assertion, typescript/unbound-method, typescript/no-unnecessary-type-conversion -- what comes from a script may be anything */
/**
 * Makes `inspect(value, depth?)`: a value as people read it, in bounded time and size.
 *
 * Runs no getter and calls nothing of the value; what a proxy answers is taken as it is.
 */
export function makeInspect() {
  const MAX_ITEMS = 100;
  const MAX_TEXT = 10_000;
  const MAX_TOTAL = 100_000;
  const LINE_WIDTH = 76;
  const HUGE = 10n ** 200n;
  const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

  const { getOwnPropertyDescriptor, getPrototypeOf } = Object;
  const { ownKeys } = Reflect;
  const { apply } = Reflect;
  const getterOf = (/** @type {object} */ prototype, /** @type {PropertyKey} */ key) =>
    getOwnPropertyDescriptor(prototype, key)?.get;
  const mapSize = getterOf(Map.prototype, 'size');
  const setSize = getterOf(Set.prototype, 'size');
  const typedTag = getterOf(getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag);
  const bufferLength = getterOf(ArrayBuffer.prototype, 'byteLength');
  const dateTime = Date.prototype.getTime;
  const dateIso = Date.prototype.toISOString;
  const regexpSource = RegExp.prototype.toString;
  const mapEntries = Map.prototype.entries;
  const setValues = Set.prototype.values;
  const objectTag = Object.prototype.toString;

  /** Gives undefined where the value is not of that kind. */
  const attempt = (/** @type {any} */ method, /** @type {any} */ receiver) => {
    try {
      return apply(method, receiver, []);
    } catch {
      return undefined;
    }
  };

  /** @param {any} value */
  const functionText = (value) => {
    const name = getOwnPropertyDescriptor(value, 'name')?.value;
    return typeof name === 'string' && name !== '' ? `[Function: ${cut(name, 200)}]` : '[Function]';
  };

  const cut = (/** @type {string} */ text, /** @type {number} */ max) =>
    text.length > max ? `${text.slice(0, max)}... ${text.length - max} more characters` : text;

  /** @param {any} value */
  const className = (value) => {
    const prototype = getPrototypeOf(value);
    if (prototype === null) {
      return '[null prototype]';
    }
    if (prototype === Object.prototype || prototype === Array.prototype) {
      return '';
    }
    const maker = getOwnPropertyDescriptor(prototype, 'constructor')?.value;
    const name = typeof maker === 'function' ? getOwnPropertyDescriptor(maker, 'name')?.value : undefined;
    return typeof name === 'string' ? cut(name, 200) : '';
  };

  return function inspect(/** @type {any} */ root, /** @type {number} */ maxDepth = 4) {
    let left = MAX_TOTAL;
    /** @type {any[]} */
    const parents = [];

    const hasRoom = () => left > 0;

    const spend = (/** @type {string} */ text) => {
      left -= text.length;
      return text;
    };

    const layOut = (
      /** @type {string} */ head,
      /** @type {string} */ open,
      /** @type {string[]} */ items,
      /** @type {string} */ close,
    ) => {
      const before = head === '' ? open : `${head} ${open}`;
      if (items.length === 0) {
        return before + close;
      }
      const width = items.reduce((sum, item) => sum + item.length + 2, before.length);
      if (width <= LINE_WIDTH && !items.some((item) => item.includes('\n'))) {
        const gap = open === '[' ? '' : ' ';
        return `${before}${gap}${items.join(', ')}${gap}${close}`;
      }
      return `${before}\n${items.map((item) => `  ${item.replaceAll('\n', '\n  ')}`).join(',\n')}\n${close}`;
    };

    const primitive = (/** @type {any} */ value) => {
      if (typeof value === 'string') {
        return JSON.stringify(cut(value, MAX_TEXT));
      }
      if (typeof value === 'bigint') {
        // Writing a huge one takes longer than any script may.
        return value > -HUGE && value < HUGE ? `${value}n` : '[BigInt]';
      }
      if (typeof value === 'function') {
        return functionText(value);
      }
      return Object.is(value, -0) ? '-0' : cut(String(value), 200);
    };

    /** @type {(value: any) => string} */
    const show = (value) => {
      if (left <= 0) {
        return '...';
      }
      if (typeof value !== 'object' || value === null) {
        return spend(primitive(value));
      }
      if (parents.includes(value)) {
        return spend('[Circular]');
      }
      if (parents.length > maxDepth) {
        return spend(Array.isArray(value) ? '[Array]' : `[${className(value) || 'Object'}]`);
      }
      parents.push(value);
      try {
        return showObject(value);
      } finally {
        parents.pop();
      }
    };

    const members = (/** @type {any} */ value, /** @type {(key: string | symbol) => boolean} */ wanted) => {
      const items = [];
      let more = 0;
      for (const key of ownKeys(value)) {
        const property = getOwnPropertyDescriptor(value, key);
        if (property?.enumerable !== true || !wanted(key)) {
          continue;
        }
        if (items.length >= MAX_ITEMS || left <= 0) {
          more += 1;
          continue;
        }
        const named =
          typeof key === 'symbol'
            ? `[${String(key)}]`
            : IDENTIFIER.test(key)
              ? key
              : JSON.stringify(cut(key, 200));
        const shown = 'value' in property ? show(property.value) : property.get ? '[Getter]' : '[Setter]';
        items.push(`${spend(named)}: ${shown}`);
      }
      return withMore(items, more);
    };

    const withMore = (/** @type {string[]} */ items, /** @type {number} */ more) => {
      if (more > 0) {
        items.push(`... ${more} more`);
      }
      return items;
    };

    const listed = (
      /** @type {Iterable<any>} */ values,
      /** @type {number} */ size,
      /** @type {(value: any) => string} */ text,
    ) => {
      const items = [];
      for (const value of values) {
        if (items.length >= MAX_ITEMS || left <= 0) {
          break;
        }
        items.push(text(value));
      }
      return withMore(items, size - items.length);
    };

    const errorText = (/** @type {any} */ value) => {
      const { stack } = value;
      const text = typeof stack === 'string' && stack !== '' ? stack : `${value.name}: ${value.message}`;
      const more = members(value, (key) => key !== 'name' && key !== 'message' && key !== 'stack');
      return spend(cut(text, MAX_TEXT)) + (more.length === 0 ? '' : ` ${layOut('', '{', more, '}')}`);
    };

    const isIndex = (/** @type {string | symbol} */ key) => typeof key === 'string' && /^\d+$/.test(key);

    const arrayItems = (/** @type {any} */ value) => {
      const items = [];
      const { length } = value;
      for (let at = 0; at < Math.min(length, MAX_ITEMS) && hasRoom(); at += 1) {
        const property = getOwnPropertyDescriptor(value, at);
        items.push(
          property === undefined ? 'empty' : 'value' in property ? show(property.value) : '[Getter]',
        );
      }
      withMore(items, length - items.length);
      const extra = length > MAX_ITEMS ? [] : members(value, (key) => !isIndex(key));
      return [...items, ...extra];
    };

    /** @type {(value: any) => string} */
    const showObject = (value) => {
      const name = className(value);
      if (Array.isArray(value)) {
        return layOut(name, '[', arrayItems(value), ']');
      }
      const entries = attempt(mapSize, value);
      if (entries !== undefined) {
        const pair = (/** @type {[any, any]} */ [key, entry]) => `${show(key)} => ${show(entry)}`;
        return layOut(`Map(${entries})`, '{', listed(apply(mapEntries, value, []), entries, pair), '}');
      }
      const size = attempt(setSize, value);
      if (size !== undefined) {
        return layOut(`Set(${size})`, '{', listed(apply(setValues, value, []), size, show), '}');
      }
      const typed = attempt(typedTag, value);
      if (typed !== undefined) {
        return layOut(`${typed}(${value.length})`, '[', listed(value, value.length, show), ']');
      }
      const bytes = attempt(bufferLength, value);
      if (bytes !== undefined) {
        return spend(`ArrayBuffer(${bytes})`);
      }
      const time = attempt(dateTime, value);
      if (time !== undefined) {
        return spend(attempt(dateIso, value) ?? 'Invalid Date');
      }
      const tag = apply(objectTag, value, []);
      if (tag === '[object RegExp]') {
        return spend(attempt(regexpSource, value) ?? tag);
      }
      if (value instanceof Error) {
        return errorText(value);
      }
      const head = name === '' && tag !== '[object Object]' ? tag : name;
      return layOut(
        head,
        '{',
        members(value, () => true),
        '}',
      );
    };

    try {
      return show(root);
    } catch {
      // A proxy or a getter of an error threw: there is nothing to show.
      return '[unreadable]';
    }
  };
}
