import { isJsonObject, type JsonValue } from '@smcp/protocol';

/** A value that nobody knows before planned call `planned` has been made: what stands at `path` in its result. */
export interface Reference {
  /** Number of the planned call, from 1. */
  readonly planned: number;
  readonly path: readonly (string | number)[];
}

/** What a text is made of: plain parts, and references that were interpolated into it. */
export type TextPart = string | Reference;

/** Numbers of calls, and how much of a path a marker may spell. */
const MARKER =
  /<result ([1-9][0-9]{0,3})((?:\.[A-Za-z_$][A-Za-z0-9_$]*|\[[0-9]{1,9}\]|\["(?:[^"\\]|\\.)*"\])*)>/g;
const STEP = /\.([A-Za-z_$][A-Za-z0-9_$]*)|\[([0-9]{1,9})\]|\[("(?:[^"\\]|\\.)*")\]/g;

/** The reference that `{"$result": n, "path": [...]}` is. */
export function ifReference(value: JsonValue): Reference | undefined {
  if (!isJsonObject(value) || Object.keys(value).length !== 2) return undefined;
  const { $result: planned, path } = value;
  if (typeof planned !== 'number' || !Number.isSafeInteger(planned) || planned < 1) return undefined;
  if (!isList(path)) return undefined;
  const steps = path.filter((step) => typeof step === 'string' || typeof step === 'number');
  return steps.length === path.length ? { planned, path: steps } : undefined;
}

/** Takes a text with markers such as `<result 1.items[0].id>` apart. */
export function textParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const { 0: marker, 1: planned, 2: steps = '', index } of text.matchAll(MARKER)) {
    const path = ifPath(steps);
    if (path === undefined) continue;
    parts.push(text.slice(end, index), { planned: Number(planned), path });
    end = index + marker.length;
  }
  return [...parts, text.slice(end)].filter((part) => part !== '');
}

/** Numbers of the calls whose results a value depends on. */
export function referencedCalls(value: JsonValue): readonly number[] {
  if (typeof value === 'string') {
    return textParts(value).flatMap((part) => (typeof part === 'string' ? [] : [part.planned]));
  }
  if (typeof value !== 'object' || value === null) return [];
  const reference = ifReference(value);
  if (reference !== undefined) return [reference.planned];
  return Object.entries(value).flatMap(([key, member]) => [
    ...(isList(value) ? [] : referencedCalls(key)),
    ...referencedCalls(member),
  ]);
}

function ifPath(steps: string): Reference['path'] | undefined {
  const path: (string | number)[] = [];
  for (const [, name, index, quoted] of steps.matchAll(STEP)) {
    if (index !== undefined) path.push(Number(index));
    else if (name !== undefined) path.push(name);
    else {
      const key = ifText(quoted ?? '');
      if (key === undefined) return undefined;
      path.push(key);
    }
  }
  return path;
}

function ifText(json: string): string | undefined {
  try {
    const text: unknown = JSON.parse(json);
    return typeof text === 'string' ? text : undefined;
  } catch {
    // Not what a placeholder writes, so it is no marker.
    return undefined;
  }
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
