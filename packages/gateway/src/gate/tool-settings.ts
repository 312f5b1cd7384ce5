import type { ServerConfig } from '../config/schema.ts';
import { compileToolSettings } from '../limit/index.ts';

/** What is configured for one tool, as the gate uses it. */
export interface GateToolSettings {
  readonly timeoutMs: number;
  /** Dotted paths of arguments that never enter the audit log. */
  readonly redact: readonly string[];
  /** OAuth scopes that a call of it needs, beside those of the server. */
  readonly scopes: readonly string[];
}

const MAX_CACHED = 10_000;
const NOTHING: readonly string[] = Object.freeze([]);

/** Looks up the settings of a tool; the outcome is kept by name, within bounds. */
export function createToolSettings(config: ServerConfig): (tool: string) => GateToolSettings {
  const byGlob = compileToolSettings(config.tools);
  const cache = new Map<string, GateToolSettings>();
  return (tool) => {
    const cached = cache.get(tool);
    if (cached !== undefined) {
      return cached;
    }
    const timeoutMs = (byGlob.get(tool, 'timeout_seconds') ?? config.timeout_seconds) * 1000;
    const redact = byGlob.get(tool, 'redact') ?? NOTHING;
    const found = Object.freeze({ timeoutMs, redact, scopes: byGlob.get(tool, 'scopes') ?? NOTHING });
    if (cache.size < MAX_CACHED) {
      cache.set(tool, found);
    }
    return found;
  };
}
