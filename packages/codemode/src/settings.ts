import { DEFAULT_LIMITS, type ScriptLimits } from '@smcp/sandbox';

/** How code mode behaves; every bound is here. */
export interface CodeModeSettings {
  readonly limits: ScriptLimits;
  /** Seconds of a run when the caller names none, and at most. */
  readonly timeoutSeconds: number;
  readonly maxTimeoutSeconds: number;
  /** Check scripts against the declarations before they run. */
  readonly check: boolean;
  /** Whether a script may use servers that were not named in `servers`. */
  readonly loadOnUse: boolean;
  readonly output: 'compact' | 'toon' | 'json';
  /** Characters of text in a reply; longer text is cut in the middle and can be fetched. */
  readonly maxReplyChars: number;
  readonly sessions: {
    readonly maxPerOwner: number;
    readonly maxPerTenant: number;
    readonly max: number;
    /** Seconds from creation, and from last use. */
    readonly ttlSeconds: number;
    readonly idleSeconds: number;
  };
  /** Characters of a tool's description that discovery and declarations give. */
  readonly maxDescriptionChars: number;
  /** How deep scripts may call saved scripts. */
  readonly maxDepth: number;
}

export const DEFAULT_SETTINGS: CodeModeSettings = Object.freeze({
  limits: DEFAULT_LIMITS,
  timeoutSeconds: 30,
  maxTimeoutSeconds: 120,
  check: true,
  loadOnUse: true,
  output: 'compact',
  maxReplyChars: 20_000,
  sessions: Object.freeze({
    maxPerOwner: 8,
    maxPerTenant: 64,
    max: 256,
    ttlSeconds: 8 * 3600,
    idleSeconds: 900,
  }),
  maxDescriptionChars: 1000,
  maxDepth: 3,
});
