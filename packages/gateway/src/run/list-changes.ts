import { LIST_KINDS, type ListKind } from '../catalog/index.ts';
import type { SessionStore } from '../door/mcp/session-store.ts';
import type { Gate } from '../gate/index.ts';

type Sessions = Pick<SessionStore, 'all'>;

/** Tells every session that shows a server, and whose principal may reach it, that one of its lists has changed. */
export function tellListChanged(sessions: Sessions, gate: Gate, server: string, kind: ListKind): void {
  for (const session of sessions.all()) {
    const { endpoint, principalNow } = session;
    const shows = endpoint === '/mcp' || endpoint === `/mcp/${server}`;
    if (shows && gate.mayReach(principalNow, server)) {
      session.tellListChanged(kind);
    }
  }
}

/** Tells every session that all its lists may have changed. */
export function tellAllChanged(sessions: Sessions): void {
  for (const session of sessions.all()) {
    // Resources and their templates change with one message.
    for (const kind of LIST_KINDS.filter(({ capability, field }) => capability === field)) {
      session.tellListChanged(kind);
    }
  }
}
