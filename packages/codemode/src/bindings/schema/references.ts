import { isJsonObject, type JsonObject, type JsonValue } from '@smcp/protocol';
import { BOUNDS } from './bounds.ts';

/** What a `$ref` leads to. */
export interface Target {
  readonly schema: JsonValue;
  /** The schema with an `$id` that it belongs to, against which its own references count. */
  readonly resource: JsonObject;
  /** Last word of the reference, for a name. */
  readonly hint: string;
}

/** Finds what references inside one schema document lead to. Nothing outside of the document is ever fetched. */
export interface References {
  find(reference: string, resource: JsonObject): Target | undefined;
}

const NO_BASE = 'schema:///';

export function createReferences(root: JsonObject): References {
  let index: ReadonlyMap<string, Target> | undefined;

  function find(reference: string, resource: JsonObject): Target | undefined {
    if (reference.length > 1000) return undefined;
    const [address, fragment] = splitAt(reference, '#');
    if (address !== '') {
      index ??= indexOf(root);
      const found =
        index.get(absolute(address, baseOf(resource))) ?? index.get(absolute(address, baseOf(root)));
      if (found === undefined || !isJsonObject(found.schema)) return undefined;
      return fragment === '' ? found : find(`#${fragment}`, found.schema);
    }
    if (fragment === '') return { schema: resource, resource, hint: 'Self' };
    if (fragment.startsWith('/')) {
      return pointTo(resource, fragment) ?? (resource === root ? undefined : pointTo(root, fragment));
    }
    index ??= indexOf(root);
    return index.get(`${baseOf(resource)}#${fragment}`) ?? index.get(`${baseOf(root)}#${fragment}`);
  }

  return { find };
}

/** The schema that holds the references of a subschema: itself when it has an `$id` of its own. */
export function resourceOf(schema: JsonObject, outer: JsonObject): JsonObject {
  return typeof schema['$id'] === 'string' && !schema['$id'].startsWith('#') ? schema : outer;
}

function pointTo(resource: JsonObject, pointer: string): Target | undefined {
  let at: JsonValue | undefined = resource;
  let nearest = resource;
  let hint = '';
  for (const part of pointer.slice(1).split('/')) {
    const key = unescapePointer(part);
    if (isJsonObject(at) && Object.hasOwn(at, key)) at = at[key];
    else if (Array.isArray(at) && /^\d{1,6}$/.test(key)) at = (at as readonly JsonValue[])[Number(key)];
    else return undefined;
    if (isJsonObject(at)) nearest = resourceOf(at, nearest);
    hint = key;
  }
  return at === undefined ? undefined : { schema: at, resource: nearest, hint };
}

function unescapePointer(part: string): string {
  let text = part;
  try {
    text = decodeURIComponent(part);
  } catch {
    // Not percent-encoded then: a name with a bare percent sign.
  }
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** Every `$id` and anchor of the document by its address, without recursion. */
function indexOf(root: JsonObject): ReadonlyMap<string, Target> {
  const found = new Map<string, Target>();
  const waiting: { readonly value: JsonValue; readonly base: string; readonly resource: JsonObject }[] = [
    { value: root, base: baseOf(root), resource: root },
  ];
  for (let n = 0; n < waiting.length && n < BOUNDS.indexed; n += 1) {
    const entry = waiting[n];
    if (entry === undefined) break;
    let { base, resource } = entry;
    const { value } = entry;
    if (isJsonObject(value)) {
      const id = value['$id'];
      if (typeof id === 'string' && id.length <= 1000) {
        if (!id.startsWith('#')) {
          base = absolute(id, base);
          resource = value;
        }
        const address = id.startsWith('#') ? base + id : base;
        if (!found.has(address)) found.set(address, { schema: value, resource, hint: hintOf(id) });
      }
      for (const keyword of ['$anchor', '$dynamicAnchor']) {
        const anchor = value[keyword];
        if (typeof anchor === 'string' && !found.has(`${base}#${anchor}`)) {
          found.set(`${base}#${anchor}`, { schema: value, resource, hint: anchor });
        }
      }
    }
    for (const child of childrenOf(value).slice(0, BOUNDS.indexed - waiting.length)) {
      waiting.push({ value: child, base, resource });
    }
  }
  return found;
}

function childrenOf(value: JsonValue): readonly JsonValue[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).filter((child) => typeof child === 'object' && child !== null);
}

function baseOf(resource: JsonObject): string {
  const id = resource['$id'];
  return typeof id === 'string' && id.length <= 1000 ? absolute(id, NO_BASE) : NO_BASE;
}

function absolute(address: string, base: string): string {
  const [bare] = splitAt(address, '#');
  return URL.parse(bare, base)?.href ?? bare;
}

function hintOf(id: string): string {
  return (
    id
      .split(/[/#]/)
      .findLast((part) => part !== '')
      ?.replace(/\.json$/, '') ?? ''
  );
}

function splitAt(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
