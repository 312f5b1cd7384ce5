import type { Channel } from '../channel.ts';
import type { ClientFacts } from '../outgoing-request.ts';
import type { PendingCall } from '../pending-call.ts';

/** A call, and how the client behind it is asked. */
export interface AskedCall {
  readonly call: PendingCall;
  readonly asker: string;
  readonly ask: NonNullable<ClientFacts['ask']>;
}

/**
 * Whose call a question of the server belongs to: that on whose answer stream it came; else, when all calls in flight are of one asker, the newest of
 * them. With several askers nobody can tell, and a guess would ask one person for another. That holds also when only one of them can be asked at all,
 * for the server does not know.
 */
export function findAskedCall(
  channel: Channel,
  relatedId: number | undefined,
): AskedCall | 'nobody' | 'several' {
  const related = channel.call(relatedId);
  if (related !== undefined) {
    return toAsked(related);
  }
  let newest: PendingCall | undefined;
  for (const call of channel.calls()) {
    const { client } = call.options;
    // Requests of the gateway itself make no server ask.
    if (client !== undefined) {
      if (newest !== undefined && newest.options.client?.asker !== client.asker) {
        return 'several';
      }
      newest = call;
    }
  }
  return toAsked(newest);
}

function toAsked(call: PendingCall | undefined): AskedCall | 'nobody' {
  const client = call?.options.client;
  return call === undefined || client?.ask === undefined
    ? 'nobody'
    : { call, asker: client.asker, ask: client.ask };
}
