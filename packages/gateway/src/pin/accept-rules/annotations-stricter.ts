import { isJsonObject, type JsonObject, type JsonValue } from '@smcp/protocol';
import { withMember, type AcceptRule } from './accept-rule.ts';

interface Hint {
  readonly name: string;
  /** What holds when it is absent. */
  readonly byDefault: boolean;
  /** The value that claims less. */
  readonly strict: boolean;
}

const HINTS: readonly Hint[] = [
  { name: 'readOnlyHint', byDefault: false, strict: false },
  { name: 'destructiveHint', byDefault: true, strict: true },
  { name: 'idempotentHint', byDefault: false, strict: false },
  { name: 'openWorldHint', byDefault: true, strict: true },
];

/** Hints that claim less than before, such as a tool that no longer says that it only reads. */
export const annotationsStricter: AcceptRule = (pinned, seen) => {
  const [before = {}, after = {}] = [pinned['annotations'], seen['annotations']];
  if (!isJsonObject(before) || !isJsonObject(after)) {
    return seen;
  }
  const left = HINTS.filter((hint) =>
    isStricter(hint, before[hint.name], after[hint.name]),
  ).reduce<JsonObject>((annotations, { name }) => withMember(annotations, name, before[name]), after);
  const isGone = Object.keys(left).length === 0 && pinned['annotations'] === undefined;
  return withMember(seen, 'annotations', isGone ? undefined : left);
};

function isStricter(
  { byDefault, strict }: Hint,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): boolean {
  const [was = byDefault, is = byDefault] = [before, after];
  return typeof was === 'boolean' && typeof is === 'boolean' && (is === strict || is === was);
}
