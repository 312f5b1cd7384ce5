import { declareServer, declareUnlistedServer } from '../bindings/declarations.ts';
import { GLOBAL_DECLARATIONS } from '../bindings/globals.ts';
import type { NamedServer, ServerDeclarations } from '../bindings/named.ts';
import type { DeclarationFile } from '../check/check.ts';
import type { RunServers } from './run-servers.ts';

/** What a script is checked against. */
export interface RunDeclarations {
  readonly files: readonly DeclarationFile[];
  /** The same by file, to find whose a line is. */
  readonly servers: ReadonlyMap<string, ServerDeclarations>;
}

/**
 * Declares the globals and the servers of one execution: those that are loaded in full, those that the script mentions besides so that whatever it calls fits.
 *
 * @param args Declaration of the arguments of a saved script.
 */
export function declareRun(
  servers: RunServers,
  mentioned: readonly NamedServer[],
  maxDescriptionChars: number,
  args?: string,
): RunDeclarations {
  const loaded = servers.loaded.map(({ server, tools }) =>
    declareServer(server, tools, { maxDescriptionChars }),
  );
  const others = mentioned
    .filter((server) => servers.ifLoaded(server) === undefined)
    .map((server) => declareUnlistedServer(server));
  const byFile = new Map([...loaded, ...others].map((each) => [`${each.server.alias}.d.ts`, each]));
  return {
    files: [
      { name: 'globals.d.ts', text: GLOBAL_DECLARATIONS },
      ...[...byFile].map(([name, { text }]) => ({ name, text })),
      ...(args === undefined ? [] : [{ name: 'args.d.ts', text: args }]),
    ],
    servers: byFile,
  };
}
