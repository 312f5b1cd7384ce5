import { planResource } from '../../call-plan.ts';
import type { ModernContext } from '../modern-context.ts';
import type { Listen } from './listen.ts';

const AT_ONCE = 8;

/**
 * Begins to follow resources for a stream that listens. Each wish takes the road of every call, so that it is decided on and recorded.
 *
 * @returns Those that exist, are allowed, and of which the server says that it will tell; in the order of the wishes.
 */
export async function followResources(
  context: ModernContext,
  listen: Listen,
  uris: readonly string[],
): Promise<readonly string[]> {
  const followed = new Set<string>();
  const rest = uris.values();
  const followAll = async (): Promise<void> => {
    for (const uri of rest) {
      if (!context.signal.aborted && (await follow(context, listen, uri))) {
        followed.add(uri);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, uris.length) }, followAll));
  return uris.filter((uri) => followed.has(uri));
}

async function follow(context: ModernContext, listen: Listen, uri: string): Promise<boolean> {
  const { gate, caller, document, method, signal, exchange } = context;
  const found = await planResource({ view: exchange.view, caller, params: { uri } });
  if (!found.ok) {
    return false;
  }
  const { target } = found.plan;
  const reply = await gate.call({
    caller,
    door: 'mcp',
    action: { kind: 'resource', ...(target ?? { server: '', name: uri }) },
    method,
    document,
    signal,
    perform: async (upstream) => {
      await listen.attachments.follow(upstream, 'subscribe', target?.name ?? uri, uri);
    },
  });
  return reply.ok && 'result' in reply.message;
}
