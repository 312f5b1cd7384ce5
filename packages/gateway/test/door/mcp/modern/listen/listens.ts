import { Listen, type ListenOptions } from '../../../../../src/door/mcp/modern/listen/listen.ts';
import { ALICE, fakeSink } from '../../handshake/sessions.ts';

export const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';

/** A stream that listens, and what its client gets. */
export function makeListen(options: Partial<ListenOptions> = {}): {
  readonly listen: Listen;
  readonly sink: ReturnType<typeof fakeSink>;
  readonly tasks: unknown[];
} {
  const sink = fakeSink();
  const tasks: unknown[] = [];
  const listen = new Listen(sink, {
    id: 1,
    endpoint: '/mcp',
    principal: ALICE,
    mayHear: () => true,
    onTask: (server, params) => tasks.push([server, params]),
    ...options,
  });
  return { listen, sink, tasks };
}
