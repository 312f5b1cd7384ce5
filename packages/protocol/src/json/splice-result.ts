import type { RequestId } from '../jsonrpc/messages.ts';
import { toIdText } from './id-text.ts';
import { ifResponseId } from './splice-response-id.ts';
import { ifResultMembers } from './result-members.ts';

const HEAD =
  /^\s*\{\s*(?:(?:"jsonrpc"\s*:\s*"2\.0"|"id"\s*:\s*\d{1,15})\s*,\s*){0,2}"result"\s*:\s*\{\s*(\})?/;

/** Every escape of an ASCII character begins so; without it a key can only be written as it is. */
const ASCII_ESCAPE = '\\u00';
const PLAIN_KEY = /^\w+$/;

/**
 * Writes a response again with another id and other members of its result, every other byte as it was: a member whose key the result has is replaced,
 * any other is added in front. Only where that is provably right without reading or re-serialising the rest, in the places of the id that
 * `spliceResponseId` knows.
 *
 * Expects a text that `JSON.parse` accepts as an object whose `result` is an object, and members that are valid JSON; does not check either.
 *
 * @param members JSON text by key.
 * @returns The new text, or undefined when the caller has to re-serialise.
 * @throws {TypeError} When the new id is neither a string nor a safe integer.
 */
export function spliceResult(
  text: string,
  id: RequestId,
  members: ReadonlyMap<string, string>,
): string | undefined {
  const idText = toIdText(id);
  const idPlace = ifResponseId(text);
  const changes = idPlace === undefined ? undefined : (ifInFront(text, members) ?? ifInPlace(text, members));
  if (idPlace === undefined || changes === undefined) return undefined;
  return apply(text, [...changes, { ...idPlace, by: idText }]);
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

/** When none of the keys stands anywhere in the text, nor a second `result`, all go to the front without a look at what is there. */
function ifInFront(text: string, members: ReadonlyMap<string, string>): readonly Change[] | undefined {
  const head = HEAD.exec(text);
  if (head === null || text.includes(ASCII_ESCAPE)) return undefined;
  const isEmpty = head[1] !== undefined;
  const inside = isEmpty ? head[0].length - 1 : head[0].length;
  if (text.includes('"result"', inside)) return undefined;
  for (const key of members.keys()) {
    if (!PLAIN_KEY.test(key) || text.includes(`"${key}"`, inside)) return undefined;
  }
  return front(inside, isEmpty, [...members]);
}

/** With a look at every key of the result. */
function ifInPlace(text: string, members: ReadonlyMap<string, string>): readonly Change[] | undefined {
  const found = ifResultMembers(text);
  if (found === undefined) return undefined;
  const changes: Change[] = [];
  const added: (readonly [string, string])[] = [];
  for (const [key, by] of members) {
    const span = found.members.get(key);
    if (span === undefined) added.push([key, by]);
    else changes.push({ ...span, by });
  }
  return [...front(found.inside, found.members.size === 0, added), ...changes];
}

function front(
  at: number,
  isEmpty: boolean,
  added: readonly (readonly [string, string])[],
): readonly Change[] {
  if (added.length === 0) return [];
  const by = added.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',');
  return [{ start: at, end: at, by: isEmpty ? by : `${by},` }];
}

function apply(text: string, changes: readonly Change[]): string {
  let out = '';
  let at = 0;
  for (const { start, end, by } of changes.toSorted((a, b) => a.start - b.start)) {
    out += text.slice(at, start) + by;
    at = end;
  }
  return out + text.slice(at);
}
