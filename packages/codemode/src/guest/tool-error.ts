import type { Primordials } from './primordials.ts';

/** More about a call that failed. */
export interface ToolErrorDetails {
  readonly server?: string | undefined;
  readonly tool?: string | undefined;
  /** Code of the gate when it refused. */
  readonly code?: string | undefined;
  /** The tool's own result when it said that it failed. */
  readonly result?: unknown;
  readonly call?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

export type ToolErrorClass = new (message: string, details?: ToolErrorDetails) => Error;

/** Makes the class `ToolError`. Runs inside the sandbox: refers to nothing outside of itself. */
export function createToolError(p: Primordials): ToolErrorClass {
  const members = ['server', 'tool', 'code', 'result', 'call', 'retryAfterMs'] as const;
  class ToolError extends Error {
    constructor(message: string, details?: ToolErrorDetails) {
      super(message);
      // Defined, not assigned: what is inherited may be frozen.
      p.defineProperty(this, 'name', { value: 'ToolError', writable: true, configurable: true });
      const kept = p.record();
      for (const name of members) {
        const value = p.member(details, name);
        if (value === undefined) continue;
        p.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
        if (name !== 'result') kept[name] = value;
      }
      // What the host learns when nobody catches it.
      p.defineProperty(this, 'details', { value: p.freeze(kept), configurable: true });
    }
  }
  return ToolError;
}
