import type { LoadedConfig } from '../config/index.ts';
import type { CodeModeConfig } from '../config/schema.ts';
import { codeMode } from '../config/schema/code-mode.ts';

/** The same configuration with code mode on: as it says, else with the defaults, and in both cases with these changes, which must be within the bounds. */
export function withCodeMode(
  loaded: LoadedConfig,
  changes: (config: CodeModeConfig) => Partial<CodeModeConfig> = () => ({}),
): LoadedConfig {
  const code = loaded.config.code_mode ?? codeMode.parse({});
  return { ...loaded, config: { ...loaded.config, code_mode: { ...code, ...changes(code) } } };
}
