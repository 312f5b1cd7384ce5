import {
  isJsonObject,
  type InputMethod,
  type InputRequest,
  type JsonObject,
  type JsonValue,
} from '@smcp/protocol';
import type { Exchange } from '../exchange.ts';
import { MAX_QUESTIONS } from '../questions/questions.ts';
import { ConversationError } from './conversation-error.ts';

/** Questions that came in one answer of a server. */
export interface AskedByServer {
  /** What the client is to be asked. */
  readonly requests: Readonly<Record<string, InputRequest>>;
  readonly methods: Readonly<Record<string, InputMethod>>;
  /** What is answered for it, since nobody should be asked that. */
  readonly answered: Readonly<Record<string, JsonObject>>;
}

/** One question id is the key of a member; longer ones would only fill states. */
const MAX_ID_CHARS = 256;

/**
 * Reads and checks `inputRequests` of a server.
 *
 * @throws {ConversationError} `RESULT_INVALID` when they are malformed, too many, or what this server may not ask; `CAPABILITY_MISSING` when the client did
 *   not declare what they take.
 */
export function readAsked(exchange: Exchange, inputRequests: JsonValue | undefined): AskedByServer {
  const entries = Object.entries(isJsonObject(inputRequests) ? inputRequests : {});
  const isReadable =
    (inputRequests === undefined || isJsonObject(inputRequests)) &&
    entries.length <= MAX_QUESTIONS &&
    entries.every(([id]) => id.length <= MAX_ID_CHARS);
  if (!isReadable) {
    throw new ConversationError(
      'RESULT_INVALID',
      `Server "${exchange.server.name}" asks in a form that MCP does not know`,
    );
  }
  const requests: [string, InputRequest][] = [];
  const answered: [string, JsonObject][] = [];
  for (const [id, question] of entries) {
    const checked = exchange.questions.check(question);
    if (checked.ok) {
      requests.push([id, checked.request]);
    } else if (checked.why === 'decline') {
      answered.push([id, { action: 'decline' }]);
    } else {
      throw refusal(exchange.server.name, checked);
    }
  }
  return {
    requests: Object.fromEntries(requests),
    methods: Object.fromEntries(requests.map(([id, { method }]) => [id, method])),
    answered: Object.fromEntries(answered),
  };
}

function refusal(
  server: string,
  { why, required }: { readonly why: string; readonly required?: JsonObject },
): ConversationError {
  return why === 'missing' && required !== undefined
    ? new ConversationError(
        'CAPABILITY_MISSING',
        `Server "${server}" needs a capability that the client did not declare`,
        {
          required,
        },
      )
    : new ConversationError(
        'RESULT_INVALID',
        `Server "${server}" asks for something that it may not ask for`,
      );
}
