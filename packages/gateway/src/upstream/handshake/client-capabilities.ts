import type { InputMethod, JsonObject } from '@smcp/protocol';
import type { MayAsk } from '../upstream-spec.ts';

const CAPABILITIES: Readonly<Record<MayAsk, JsonObject>> = {
  elicitation: { form: {}, url: {} },
  sampling: {},
  roots: { listChanged: true },
};

const NEEDED: Readonly<Record<InputMethod, MayAsk>> = {
  'elicitation/create': 'elicitation',
  'sampling/createMessage': 'sampling',
  'roots/list': 'roots',
};

/** What we declare in `initialize`: whatever the server may ask. Whether a client can answer shows with each question. */
export function clientCapabilities(mayAsk: readonly MayAsk[]): JsonObject {
  return Object.fromEntries(mayAsk.map((one) => [one, CAPABILITIES[one]]));
}

export function isAllowed(method: InputMethod, mayAsk: readonly MayAsk[]): boolean {
  return mayAsk.includes(NEEDED[method]);
}
