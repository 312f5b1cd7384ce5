import type { NamedServer, NamedTool } from '../bindings/named.ts';
import { resolveTool } from '../bindings/names.ts';
import { CodeModeError } from '../code-mode-error.ts';
import { didYouMean } from './near-names.ts';
import { shownToolName } from './tool-doc.ts';
import { visibleText } from './visible-text.ts';

const MAX_SHOWN_CHARS = 100;

/**
 * The tool that a script means: by raw name, alias or snake name; otherwise in any case, when only one fits.
 *
 * @param tools Those of the server that the caller may call; no other is found or suggested.
 * @throws {CodeModeError} `TOOL_UNKNOWN`.
 */
export function findTool(server: NamedServer, tools: readonly NamedTool[], wanted: string): NamedTool {
  const found = resolveTool(tools, wanted);
  if (found !== undefined) return found;
  const near = didYouMean(wanted, tools.map(shownToolName));
  throw new CodeModeError(
    'TOOL_UNKNOWN',
    `Tool '${visibleText(wanted, MAX_SHOWN_CHARS)}' not found for server ${server.name}${near}`,
  );
}
