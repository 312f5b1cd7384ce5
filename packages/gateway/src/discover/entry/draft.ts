import type { SkipCode, ToolChoice } from '../discovery.ts';

/** Names and texts in the order of the file. */
export type Pairs = readonly (readonly [name: string, text: string])[];

/** How an entry says that its server is reached; variables stand in the texts as they are written. */
export type DraftReach =
  | {
      readonly kind: 'url';
      readonly url: string;
      readonly transport: 'auto' | 'http' | 'sse';
      readonly headers: Pairs;
    }
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Pairs;
      /** A file of variables, which those in `env` win over. */
      readonly envFile?: string;
      readonly cwd?: string;
    };

/** What one entry says, read but not filled in. */
export interface Draft {
  readonly reach: DraftReach;
  readonly description?: string;
  readonly tools: ToolChoice;
  readonly timeoutSeconds?: number;
  readonly startTimeoutSeconds?: number;
  readonly notes: readonly string[];
}

export type EntryReading =
  | { readonly ok: true; readonly draft: Draft }
  | { readonly ok: false; readonly code: SkipCode; readonly reason: string };

export function refuse(code: SkipCode, reason: string): EntryReading & { readonly ok: false } {
  return { ok: false, code, reason };
}
