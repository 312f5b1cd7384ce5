import type { NamedServer } from '../bindings/named.ts';
import { resolveServer } from '../bindings/names.ts';
import { CodeModeError } from '../code-mode-error.ts';
import { didYouMean } from './near-names.ts';
import { visibleText } from './visible-text.ts';

const MAX_SHOWN_CHARS = 100;
const PYTHON_PREFIX = 'mcp_';

/**
 * The server that a script means: by its name, its alias or its snake name, with or without the `mcp_` in front; otherwise in any case, when only one
 * server fits.
 *
 * @param servers Those that the caller may reach; no other is found or suggested.
 * @throws {CodeModeError} `SERVER_UNKNOWN`.
 */
export function findServer(servers: readonly NamedServer[], wanted: string): NamedServer {
  const found =
    resolveServer(servers, wanted) ??
    (wanted.startsWith(PYTHON_PREFIX)
      ? resolveServer(servers, wanted.slice(PYTHON_PREFIX.length))
      : undefined);
  if (found !== undefined) return found;
  const near = didYouMean(
    wanted,
    servers.map(({ name }) => name),
  );
  throw new CodeModeError(
    'SERVER_UNKNOWN',
    `Server '${visibleText(wanted, MAX_SHOWN_CHARS)}' is not available${near}`,
  );
}
