import type { JsonObject } from '@smcp/protocol';
import type { Language } from '@smcp/sandbox';
import type { ToolDefinition } from '../tool-host.ts';
import type { SavedScript } from './saved-script.ts';

/** A saved script as MCP lists tools. */
export interface SavedTool extends ToolDefinition {
  readonly annotations: JsonObject;
  readonly _meta: JsonObject;
}

const SCRIPT_META = 'smcp/script';

/**
 * The tool that a script is. It never claims to change nothing: what it does is up to the tools that it calls. A pin on the definition notices every new
 * version, for its digest is part of it.
 */
export function toolOf(script: SavedScript): SavedTool {
  return {
    name: script.name,
    description: script.description,
    inputSchema: script.inputSchema,
    ...(script.outputSchema === undefined ? {} : { outputSchema: script.outputSchema }),
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
    _meta: { [SCRIPT_META]: { version: script.version, digest: script.digest, servers: script.servers } },
  };
}

/** How a saved script is run. */
export interface SavedSource {
  readonly language: Language;
  readonly code: string;
  /** Name of the script in errors. */
  readonly name: string;
  /** JSON text of the arguments, the global `args` of the script. */
  readonly args: string;
  /** Declaration of `args` for the checker. */
  readonly declaration: string;
  /** The only servers that it reaches. */
  readonly servers: readonly string[];
}

const EXTENSIONS: Readonly<Record<Language, string>> = { typescript: 'ts', javascript: 'js', python: 'py' };

/**
 * Does not check the arguments against the schema: whoever makes the call has.
 *
 * @param declare Declares the global `args` from the schema of the arguments.
 */
export function toSource(
  script: SavedScript,
  args: JsonObject,
  declare: (inputSchema: JsonObject) => string,
): SavedSource {
  return {
    language: script.language,
    code: script.code,
    name: `${script.name}.${EXTENSIONS[script.language]}`,
    args: JSON.stringify(args),
    declaration: declare(script.inputSchema),
    servers: script.servers,
  };
}
