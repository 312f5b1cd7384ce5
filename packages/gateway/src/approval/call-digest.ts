import type { Action } from '@smcp/policy';
import type { JsonDocument, JsonObject } from '@smcp/protocol';
import { callMembers, isCallMember } from './call-params.ts';
import { canonicalDigest } from './canonical-digest.ts';

const DOMAIN = 'smcp/approval/call/v1';

export interface DigestedCall extends Action {
  readonly method: string;
  readonly params?: JsonObject | undefined;
  /** The message that `params` was read from. Needed wherever numbers may be too large for JavaScript. */
  readonly document?: JsonDocument | undefined;
}

/**
 * What identifies a call: method, kind, server, name as the upstream knows it, and everything in `params` but the name as the client wrote it, `_meta`,
 * `inputResponses` and `requestState`.
 *
 * A client that writes the same arguments anew (order of members, white space, escapes) gets the same digest; whoever changes an argument gets another.
 * When the document has numbers that JavaScript cannot tell apart, the members count as they are written instead. Never throws; the time is linear to the
 * size of the message, which the reader has bounded.
 *
 * @returns `sha256:` and 64 hexadecimal digits.
 */
export function digestOfCall({ method, server, kind, name, params, document }: DigestedCall): string {
  const written = document?.exactNumbers === false ? writtenMembers(method, document) : undefined;
  return canonicalDigest(DOMAIN, {
    method,
    kind,
    server,
    name,
    ...(written === undefined ? { params: callMembers(method, params) } : { written }),
  });
}

function writtenMembers(method: string, { text, paramMembers }: JsonDocument): JsonObject {
  return Object.fromEntries(
    [...paramMembers].flatMap(([key, { start, end }]) =>
      isCallMember(method, key) ? [[key, text.slice(start, end)]] : [],
    ),
  );
}
