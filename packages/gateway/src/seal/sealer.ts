import type { JsonObject } from '@smcp/protocol';

/** What a sealed text is for; one that was made for another purpose does not open. `state`: the state of a call that goes on. `task`: the id of a task. */
export type SealPurpose = 'state' | 'task';

/** Whose a sealed text is; nobody else's opens. */
export interface SealOwner {
  readonly principal: string;
  readonly tenant: string;
}

/** Why a text does not open. For records only: a caller gets one answer for all of them. */
export type SealFault = 'malformed' | 'expired' | 'foreign';

/**
 * Hands out what only comes back to us: encrypted and authenticated, bound to one principal and one purpose.
 *
 * Promises: whoever holds a sealed text learns nothing from it and cannot make another; every gateway with the same key opens it; `open` never throws and
 * does not tell by its time how far a wrong text got. Does not see to it that a text is used once only.
 */
export interface Sealer {
  /**
   * Seals a payload. The same task sealed twice for the same owner gives the same text, so that a client knows it again; two seals of a state differ.
   *
   * @param options.ttlMs How long it opens, in milliseconds. Absent: for ever.
   * @returns Text in base64url, at most `MAX_SEALED_CHARS` long.
   * @throws {RangeError} When the payload has more than `MAX_PAYLOAD_BYTES` as JSON.
   */
  seal(purpose: SealPurpose, payload: JsonObject, options: SealOwner & { readonly ttlMs?: number }): string;
  open(purpose: SealPurpose, text: string, owner: SealOwner): JsonObject | SealFault;
}

/** Longest payload as JSON in UTF-8. */
export const MAX_PAYLOAD_BYTES = 64 * 1024;
/** Longest text that is opened: the payload with owner and times, and a third more for base64url. */
export const MAX_SEALED_CHARS = Math.ceil(((MAX_PAYLOAD_BYTES + 4096) * 4) / 3);
