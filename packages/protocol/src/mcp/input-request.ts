import type { JsonObject } from '../jsonrpc/messages.ts';

/** What a server may ask a client for in the middle of a call. */
export const INPUT_METHODS = ['elicitation/create', 'sampling/createMessage', 'roots/list'] as const;

export type InputMethod = (typeof INPUT_METHODS)[number];

export function isInputMethod(value: unknown): value is InputMethod {
  return INPUT_METHODS.some((method) => method === value);
}

/** One question of a server to the client behind a call; in MCP 2025-11-25 a request of its own, in 2026-07-28 a member of `inputRequests`. */
export interface InputRequest {
  readonly method: InputMethod;
  readonly params: JsonObject;
}

/** Questions by an id of the server's choosing. */
export type InputRequests = Readonly<Record<string, InputRequest>>;

/** Answers by the ids of the questions, each the result of the method that was asked for. */
export type InputResponses = Readonly<Record<string, JsonObject>>;
