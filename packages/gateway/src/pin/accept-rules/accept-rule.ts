import type { JsonObject, JsonValue } from '@smcp/protocol';

/**
 * One kind of change that may be taken over without asking anybody. A rule takes back, in the definition that was seen, what it holds to be harmless
 * beside the pinned one, and leaves everything else as it is: what is left of a change after all rules is what somebody has to look at.
 *
 * Pure, never throws, and never takes back anything that loosens or that adds text for a model.
 */
export type AcceptRule = (pinned: JsonObject, seen: JsonObject) => JsonObject;

/** A copy with one member set, or without it. */
export function withMember(object: JsonObject, key: string, value: JsonValue | undefined): JsonObject {
  if (value !== undefined) {
    return { ...object, [key]: value };
  }
  const { [key]: _, ...rest } = object;
  return rest;
}
