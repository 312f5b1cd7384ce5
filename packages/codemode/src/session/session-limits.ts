import { CodeModeError } from '../code-mode-error.ts';
import type { CodeModeSettings } from '../settings.ts';

/** How many sessions there are, counted three ways. */
export interface SessionCounts {
  /** Names of the owner's own sessions. */
  readonly own: readonly string[];
  readonly tenant: number;
  readonly all: number;
}

const MAX_NAMED = 8;

/**
 * Checks that one more session may be made. Nothing about the sessions of others is in the message but that there are too many.
 *
 * @throws {CodeModeError} `SESSION_LIMIT`, naming the limit and the remedy.
 */
export function checkRoom(counts: SessionCounts, settings: CodeModeSettings['sessions']): void {
  const { maxPerOwner, maxPerTenant, max, idleSeconds } = settings;
  if (counts.own.length >= maxPerOwner) {
    const named = counts.own.slice(0, MAX_NAMED).map((name) => `"${name}"`);
    const reuse =
      named.length === 0 ? '' : `Use one of yours again (${named.join(', ')}), or leave "session" out; `;
    throw new CodeModeError(
      'SESSION_LIMIT',
      `You have ${counts.own.length} script sessions, at most ${maxPerOwner} (code_mode.sessions.max_per_principal) are kept. ${reuse}a session ends ${idleSeconds} s after its last use`,
    );
  }
  const remedy = `Leave "session" out, which keeps no variables, or try again later; unused sessions end after ${idleSeconds} s`;
  if (counts.tenant >= maxPerTenant) {
    throw new CodeModeError(
      'SESSION_LIMIT',
      `The tenant has its ${maxPerTenant} script sessions (code_mode.sessions.max_per_tenant). ${remedy}`,
    );
  }
  if (counts.all >= max) {
    throw new CodeModeError(
      'SESSION_LIMIT',
      `All ${max} script sessions are taken (code_mode.sessions.max). ${remedy}`,
    );
  }
}
