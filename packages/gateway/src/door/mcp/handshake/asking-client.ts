import { randomBytes } from 'node:crypto';
import type { InputRequest, JsonObject, JsonValue } from '@smcp/protocol';
import type { AskingClient } from '../../../gate/index.ts';
import type { LogLevel } from '../../../upstream/index.ts';
import type { Answer } from '../answer.ts';
import { AskError } from './ask-error.ts';
import { canAsk } from './client-capabilities.ts';
import type { McpSession } from './mcp-session.ts';

/** A server that logs anyway is asked for this when its client, which may be told of logs, has no wish of its own. */
const DEFAULT_LOG_LEVEL: LogLevel = 'info';

/**
 * The client of a session as the gate can ask it in the middle of one call: on the stream of that call's answer, or on the stream of the session when the
 * client takes no streams as answers or has lost this one.
 */
export function askingClient(session: McpSession, answer: Answer): AskingClient {
  const { askable, logLevel, capabilities } = session;
  return {
    style: 'ask',
    capabilities: askable,
    logLevel: logLevel ?? (capabilities['logging'] === undefined ? undefined : DEFAULT_LOG_LEVEL),
    ask: async (request, signal) => {
      if (!canAsk(askable, request.method, request.params)) {
        throw new AskError('ASK_UNSUPPORTED', `The client did not declare that it answers ${request.method}`);
      }
      return await session.questions.ask(forSession(request, session), signal, {
        send: (text) => answer.send(text) || session.sendNow(text),
      });
    },
  };
}

/** The question in the form of the version that the session speaks. */
function forSession({ method, params }: InputRequest, { protocolVersion }: McpSession): InputRequest {
  if (method !== 'elicitation/create') {
    return { method, params };
  }
  if (params['mode'] === 'url') {
    return { method, params: withElicitationId(params) };
  }
  // Forms are the only mode that versions without modes know.
  const { mode: _, ...form } = params;
  return { method, params: protocolVersion < '2025-11-25' ? form : params };
}

const ID_BYTES = 12;

/** MCP 2025-11-25 wants an id by which the end of it could be told; servers of 2026-07-28 give none. */
function withElicitationId(params: JsonObject): JsonObject {
  const id: JsonValue | undefined = params['elicitationId'];
  return typeof id === 'string'
    ? params
    : { ...params, elicitationId: `elicit-${randomBytes(ID_BYTES).toString('base64url')}` };
}
