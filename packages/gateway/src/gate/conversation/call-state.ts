import {
  isInputMethod,
  isJsonObject,
  type InputMethod,
  type JsonObject,
  type JsonValue,
} from '@smcp/protocol';
import type { Sealer, SealFault, SealOwner } from '../../seal/index.ts';
import type { GateCall, UsedApproval } from '../gate-call.ts';

/** What a client carries from one round of a call to the next, sealed. Every state names its call and is good for a repetition of it only. */
export type CallState = ParkedState | ApprovalState | UpstreamState;

/** The call is open upstream and waits for answers. */
export type ParkedState = {
  readonly kind: 'parked';
};

/** The call waits for its user's approval. */
export type ApprovalState = {
  readonly kind: 'approval';
  readonly approval: string;
};

/** The server has answered with questions and expects the call again. */
export type UpstreamState = {
  readonly kind: 'upstream';
  /** What the server wants back, exactly as it came; absent when it gave none. */
  readonly state?: string;
  /** What was asked for under which id. */
  readonly asked: Readonly<Record<string, InputMethod>>;
  /** What was answered for the client without asking it. */
  readonly answered?: Readonly<Record<string, JsonObject>>;
  /** The approval that an earlier round has used up. */
  readonly approval?: UsedApproval;
};

export interface OpenedState<T extends CallState = CallState> {
  /** Id of the call of the round before. */
  readonly call: string;
  readonly state: T;
}

/** @throws {RangeError} When the state is too large. */
export function sealState(sealer: Sealer, call: GateCall, state: CallState, ttlMs: number): string {
  const payload = { call: call.id, digest: call.digest, state };
  return sealer.seal('state', payload, { ...call.owner, ttlMs });
}

/** Opens what a client brings back with a call; a state of another call is `other`. */
export function openState(sealer: Sealer, call: GateCall, text: string): OpenedState | SealFault | 'other' {
  const payload = sealer.open('state', text, call.owner);
  if (typeof payload === 'string') {
    return payload;
  }
  const { call: before, digest } = payload;
  const state = ifState(payload['state']);
  // Authentic, so only a gateway of another version can have made it otherwise.
  if (typeof before !== 'string' || state === undefined) {
    return 'malformed';
  }
  return digest === call.digest ? { call: before, state } : 'other';
}

/**
 * The call on whose gate a state depends: only the process that answered it knows whether it is still open, or whether an approved round has been made. Undefined
 * when any gate with the same key will do, and for what is no state of this owner.
 */
export function ifHeldCall(sealer: Sealer, owner: SealOwner, text: string): string | undefined {
  const payload = sealer.open('state', text, owner);
  if (typeof payload === 'string') {
    return undefined;
  }
  const { call } = payload;
  const state = ifState(payload['state']);
  const isHeld = state?.kind === 'parked' || (state?.kind === 'upstream' && state.approval !== undefined);
  return isHeld && typeof call === 'string' ? call : undefined;
}

function ifState(value: JsonValue | undefined): CallState | undefined {
  if (!isJsonObject(value)) {
    return undefined;
  }
  const { kind, approval, state, asked, answered } = value;
  if (kind === 'parked') {
    return { kind };
  }
  if (kind === 'approval' && typeof approval === 'string') {
    return { kind, approval };
  }
  if (kind !== 'upstream' || !isJsonObject(asked)) {
    return undefined;
  }
  const used = ifUsedApproval(approval);
  return {
    kind,
    asked: methodsOf(asked),
    ...(typeof state === 'string' ? { state } : {}),
    ...(isJsonObject(answered) ? { answered: objectsOf(answered) } : {}),
    ...(used === undefined ? {} : { approval: used }),
  };
}

function methodsOf(asked: JsonObject): Readonly<Record<string, InputMethod>> {
  const entries = Object.entries(asked).flatMap(([id, method]): [string, InputMethod][] =>
    isInputMethod(method) ? [[id, method]] : [],
  );
  return Object.fromEntries(entries);
}

function objectsOf(answered: JsonObject): Readonly<Record<string, JsonObject>> {
  const entries = Object.entries(answered).flatMap(([id, answer]): [string, JsonObject][] =>
    isJsonObject(answer) ? [[id, answer]] : [],
  );
  return Object.fromEntries(entries);
}

function ifUsedApproval(value: JsonValue | undefined): UsedApproval | undefined {
  const { id, rule, policy, gate } = isJsonObject(value) ? value : {};
  return typeof id === 'string' &&
    typeof rule === 'string' &&
    typeof policy === 'string' &&
    typeof gate === 'string'
    ? { id, rule, policy, gate }
    : undefined;
}
