import type { ScriptHost, ScriptSource } from '../../src/engine.ts';
import { DEFAULT_LIMITS, type ScriptLimits } from '../../src/limits.ts';

/** A script that has `call` as its only global of ours. */
export function script(code: string, language: ScriptSource['language'] = 'typescript'): ScriptSource {
  return {
    language,
    code,
    name: 'script.ts',
    prelude: '(call) => { globalThis.call = call; }',
    data: 'null',
  };
}

/** Gives back what it is given. */
export const ECHO: ScriptHost = { call: async (_name, input) => input };

export function limits(some: Partial<ScriptLimits> = {}): ScriptLimits {
  return { ...DEFAULT_LIMITS, ...some };
}
