/**
 * Makes what stands, in a preview, for the result of a call that was not made. Its text is evaluated inside the sandbox, so it refers to nothing outside of
 * itself, and takes hold of everything it needs before a script can change it.
 *
 * A placeholder can be read at any depth, awaited, put into texts and handed on in arguments: it is written as `{"$result": n, "path": [...]}` in JSON and as
 * `<result n.path>` in a text. What a script can only do with the value itself it does with nothing instead (no elements, no members, not a number), and is told.
 *
 * @param note Told once of each way in which the script goes on without knowing a value.
 * @returns Gives the placeholder of planned call `planned`, from 1.
 */
export function createPlaceholders(note: (text: string) => void): (planned: number) => unknown {
  const parse: (text: string) => unknown = JSON.parse;
  const { stringify } = JSON;
  const apply: (method: Method, on: unknown, args: unknown[]) => unknown = Reflect.apply;
  const create: (prototype: null) => Record<string, never> = Object.create;
  const read: (from: object, name: string) => Method = Reflect.get;
  const { assign, prototype: objectPrototype } = Object;
  const [ProxyOf, ArrayOf, StringOf, MapOf] = [Proxy, Array, String, Map];
  const { iterator, toPrimitive } = Symbol;
  const [mapGet, mapSet] = [read(Map.prototype, 'get'), read(Map.prototype, 'set')];
  const emptyIterator = read(Array.prototype, 'values');

  const MAX_DEPTH = 32;
  const MAX_NOTES = 20;
  const MAX_INDEX_LENGTH = 9;
  const noted: Record<string, boolean> = create(null);
  let notes = 0;

  /** How the script asks for elements; each gets what a list without any gives. */
  const listMethods = take(
    Array.prototype,
    (
      'at concat entries every filter find findIndex findLast findLastIndex flat flatMap forEach includes ' +
      'indexOf join keys lastIndexOf map pop push reduce reduceRight reverse shift slice some sort splice ' +
      'toReversed toSorted unshift values'
    ).split(' '),
  );
  /** How it works on a text; each works on the text that stands for the value. */
  const textMethods = take(
    String.prototype,
    (
      'charAt charCodeAt codePointAt endsWith localeCompare match matchAll normalize padEnd padStart repeat ' +
      'replace replaceAll search split startsWith substring toLocaleLowerCase toLocaleUpperCase toLowerCase ' +
      'toUpperCase trim trimEnd trimStart'
    ).split(' '),
  );

  return (planned) => over({}, StringOf(planned), '', '', 0);

  function over(target: object, planned: string, path: string, marker: string, depth: number): unknown {
    const text = `<result ${planned}${marker}>`;
    const unknown = (how: string): void => {
      say(`The rest depends on ${text}, which is not known before it is done: ${how}`);
    };
    const members = new MapOf<string, unknown>();
    const readMember = (key: string): unknown => {
      const known = apply(mapGet, members, [key]);
      if (known !== undefined) return known;
      if (depth >= MAX_DEPTH) {
        unknown('it was read too deep');
        return undefined;
      }
      const isIndex = looksLikeIndex(key);
      const inner = path === '' ? '' : `${path},`;
      const quoted = stringify(key);
      const member = over(
        memberTarget(key, text, unknown),
        planned,
        inner + (isIndex ? key : quoted),
        marker + (isIndex ? `[${key}]` : looksLikeName(key) ? `.${key}` : `[${quoted}]`),
        depth + 1,
      );
      apply(mapSet, members, [key, member]);
      return member;
    };
    const toJson = (): unknown => parse(`{"$result":${planned},"path":[${path}]}`);
    const proxy: unknown = new ProxyOf(
      target,
      // Without a prototype, or a script could add traps.
      assign(create(null) as ProxyHandler<object>, {
        get: (_: object, key: string | symbol) => {
          if (key === toPrimitive) {
            return (hint: string) => {
              if (hint !== 'number') return text;
              unknown('it was used as a number');
              return NaN;
            };
          }
          if (key === iterator) {
            return () => {
              unknown('it was gone through as if it had no elements');
              return apply(emptyIterator, new ArrayOf<unknown>(), []);
            };
          }
          if (typeof key === 'symbol') return undefined;
          switch (key) {
            // Whoever awaits it gets it as it is.
            case 'then':
              return undefined;
            case 'toJSON':
              return toJson;
            case 'toString':
            case 'toLocaleString':
              return () => text;
            case 'valueOf':
              return () => proxy;
            case 'length':
              unknown('its length was taken to be 0');
              return 0;
            case 'hasOwnProperty':
            case 'propertyIsEnumerable':
              return () => {
                unknown('it was taken to have no members');
                return false;
              };
            default:
              return readMember(key);
          }
        },
        has: () => {
          unknown('it was taken to have no members');
          return false;
        },
        ownKeys: () => {
          unknown('it was taken to have no members');
          return [];
        },
        getOwnPropertyDescriptor: () => undefined,
        getPrototypeOf: () => objectPrototype,
        set: () => {
          unknown('a change to it is not kept');
          return true;
        },
        defineProperty: () => {
          unknown('a change to it is not kept');
          return false;
        },
        deleteProperty: () => {
          unknown('a change to it is not kept');
          return true;
        },
        preventExtensions: () => false,
        setPrototypeOf: () => false,
      }),
    );
    return proxy;
  }

  function say(text: string): void {
    if (noted[text] === true || notes >= MAX_NOTES) return;
    noted[text] = true;
    notes += 1;
    note(text);
  }

  function looksLikeIndex(key: string): boolean {
    if (key.length === 0 || key.length > MAX_INDEX_LENGTH || (key[0] === '0' && key.length > 1)) return false;
    for (let at = 0; at < key.length; at += 1) if (!isBetween(key[at], '0', '9')) return false;
    return true;
  }

  function looksLikeName(key: string): boolean {
    for (let at = 0; at < key.length; at += 1) {
      const letter = key[at];
      const fits =
        isBetween(letter, 'a', 'z') || isBetween(letter, 'A', 'Z') || letter === '_' || letter === '$';
      if (!fits && (at === 0 || !isBetween(letter, '0', '9'))) return false;
    }
    return key.length > 0;
  }

  function isBetween(letter: string | undefined, first: string, last: string): boolean {
    return letter !== undefined && letter >= first && letter <= last;
  }

  function take(from: object, names: readonly string[]): Record<string, Method | undefined> {
    const taken: Record<string, Method | undefined> = create(null);
    for (let at = 0; at < names.length; at += 1) {
      const name = names[at] ?? '';
      taken[name] = read(from, name);
    }
    return taken;
  }

  /** Under the name of a method, a placeholder can be called as well. */
  function memberTarget(key: string, text: string, unknown: (how: string) => void): object {
    const listMethod = listMethods[key];
    if (listMethod !== undefined) {
      return (...args: unknown[]): unknown => {
        unknown(`"${key}" found no elements`);
        const isReduction = key === 'reduce' || key === 'reduceRight';
        if (isReduction && args.length < 2) return undefined;
        return apply(listMethod, new ArrayOf<unknown>(), args);
      };
    }
    const textMethod = textMethods[key];
    if (textMethod === undefined) return {};
    return (...args: unknown[]): unknown => {
      unknown(`"${key}" worked on that text`);
      return apply(textMethod, text, args);
    };
  }
}

type Method = (...args: unknown[]) => unknown;
