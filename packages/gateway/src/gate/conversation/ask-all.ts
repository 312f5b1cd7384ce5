import type { InputRequest, JsonObject } from '@smcp/protocol';
import type { Exchange } from '../exchange.ts';
import { ConversationError } from './conversation-error.ts';

/**
 * Puts questions that have been checked to the client, all at the same time, and gives its answers by their ids.
 *
 * @throws {ConversationError} `CANCELLED` when one is not answered, `CAPABILITY_MISSING` when the client cannot be asked now.
 */
export async function askAll(
  exchange: Exchange,
  requests: Readonly<Record<string, InputRequest>>,
): Promise<Readonly<Record<string, JsonObject>>> {
  const entries = Object.entries(requests);
  if (entries.length > 0 && !exchange.canAsk) {
    throw new ConversationError('CAPABILITY_MISSING', 'The client cannot be asked in the middle of a call');
  }
  const signal = exchange.signal ?? new AbortController().signal;
  try {
    const answers = entries.map(
      async ([id, request]) => [id, await exchange.questions.put(request, signal)] as const,
    );
    return Object.fromEntries(await Promise.all(answers));
  } catch (cause) {
    throw new ConversationError(
      'CANCELLED',
      `The client did not answer what server "${exchange.server.name}" asks`,
      { cause, outcome: 'cancelled' },
    );
  }
}
