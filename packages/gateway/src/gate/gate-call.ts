import type { Decision, Principal } from '@smcp/policy';
import { isJsonObject, type InputResponses, type JsonDocument, type JsonObject } from '@smcp/protocol';
import { digestOfCall } from '../approval/index.ts';
import type { SealOwner } from '../seal/index.ts';
import type { GateRequest } from './gate-request.ts';
import type { GateState } from './gate-state.ts';

/** An approval on which a call runs, and under which rule it was given. */
export type UsedApproval = {
  readonly id: string;
  readonly rule: string;
  readonly policy: string;
  /** The gate that knows which rounds of the call have been made. */
  readonly gate: string;
};

/** One call on its way through the gate, with the state with which it began. */
export class GateCall {
  readonly id: string;
  readonly request: GateRequest;
  readonly state: GateState;
  readonly decision: Decision;
  readonly policyMicros: number;
  readonly params: JsonObject | undefined;
  /** The earlier call that this one goes on with. */
  continues: string | undefined;
  /** Id of the question to a person that the call waits for or runs on. */
  approval: string | undefined;
  /** Set once the approval is used up. */
  usedApproval: UsedApproval | undefined;
  #digest: string | undefined;

  constructor(
    id: string,
    request: GateRequest,
    state: GateState,
    decided: {
      readonly decision: Decision;
      readonly policyMicros: number;
      readonly params: JsonObject | undefined;
    },
  ) {
    this.id = id;
    this.request = request;
    this.state = state;
    this.decision = decided.decision;
    this.policyMicros = decided.policyMicros;
    this.params = decided.params;
  }

  /** Equal for a call and its repetition, and for no other. */
  get digest(): string {
    const { action, method, document } = this.request;
    this.#digest ??= digestOfCall({ ...action, method, params: this.params, document });
    return this.#digest;
  }

  get meta(): JsonObject | undefined {
    const meta = this.params?.['_meta'];
    return isJsonObject(meta) ? meta : undefined;
  }

  /** Whose states of this call are. */
  get owner(): SealOwner {
    return ownerOf(this.request.caller.principal);
  }
}

/** Whose what is sealed for a principal is: with delegators behind it, another's than without them, or with others. */
export function ownerOf({ id, tenant, delegation }: Principal): SealOwner {
  const principal =
    delegation === undefined
      ? id
      : JSON.stringify([id, ...delegation.grants.map(({ delegator }) => delegator)]);
  return { principal, tenant };
}

export function paramsOf({ value }: JsonDocument): JsonObject | undefined {
  const params = isJsonObject(value) ? value['params'] : undefined;
  return isJsonObject(params) ? params : undefined;
}

const NO_RESPONSES: InputResponses = Object.freeze({});

/** Answers that the client came back with. */
export function responsesOf({ request: { client } }: GateCall): InputResponses {
  return client?.style === 'retry' ? (client.resume?.responses ?? NO_RESPONSES) : NO_RESPONSES;
}

/** Answers that a client sends before anything was asked, since it knows the questions of a server. They are its own words, as the arguments are. */
export function unaskedAnswers({ request: { client } }: GateCall): InputResponses {
  const resume = client?.style === 'retry' ? client.resume : undefined;
  return resume === undefined || resume.state !== undefined ? NO_RESPONSES : resume.responses;
}

/** A name as it may stand in a message: cut, and without anything that could start a new line. */
export function shown(name: string): string {
  return JSON.stringify(name.slice(0, 128)).slice(1, -1);
}
