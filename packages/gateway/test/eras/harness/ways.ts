import type { Era } from '@smcp/protocol';
import type { UpstreamTransport } from './server-process.ts';

/** One way in which the gateway reaches a server. */
export interface Way {
  /** Name of the server at the gateway. */
  readonly server: string;
  readonly era: Era;
  readonly transport: UpstreamTransport;
  readonly scope: 'shared' | 'principal' | 'session';
  /** In a cell of the table. */
  readonly label: string;
}

/** Every transport of every era; of the scopes, those that share a connection and those that do not. */
export const WAYS: readonly Way[] = [
  way('modern', 'http', 'principal'),
  way('modern', 'stdio', 'shared'),
  way('handshake', 'http', 'principal'),
  way('handshake', 'http', 'session'),
  way('handshake', 'stdio', 'shared'),
  way('handshake', 'stdio', 'session'),
  way('handshake', 'sse', 'principal'),
];

function way(era: Era, transport: UpstreamTransport, scope: Way['scope']): Way {
  const label = scope === 'session' ? `${transport}/session` : transport;
  return { server: `${era}_${transport}_${scope}`, era, transport, scope, label };
}
