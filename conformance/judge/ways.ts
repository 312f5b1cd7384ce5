import type { FixtureTransport } from '../fixture/options.ts';
import type { SetName } from '../suite/requirement-sets.ts';

/** How the fixture is reached: by the gateway, or directly by the runner. */
export type Way = FixtureTransport;

/** Why a set cannot be judged this way; undefined when it can. */
export function ifNotApplicable(way: Way, set: SetName, direct: boolean): string | undefined {
  if (direct && way === 'stdio') {
    return 'the runner speaks HTTP only';
  }
  if (direct && (way === 'http-modern') !== (set !== '2025-11-25')) {
    return 'the fixture does not speak that revision over this transport';
  }
  return way === 'http-legacy' && set === 'tasks' ? 'a server with a handshake has no such tasks' : undefined;
}
