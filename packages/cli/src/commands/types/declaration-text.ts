import {
  declareServer,
  declareUnlistedServer,
  DEFAULT_SETTINGS,
  GLOBAL_DECLARATIONS,
  nameServers,
  nameTools,
} from '@smcp/codemode';
import type { Listed } from './listed-tools.ts';

/** First line of every file that `smcp types` writes: only such a file is ever written over. */
export const MARK = '// Written by `smcp types`. What is changed here is lost when it is written again.';

const { maxDescriptionChars } = DEFAULT_SETTINGS;

/** Everything that a script sees, as one `.d.ts` in the global scope. A server that did not answer has whatever is called of it. */
export function declarationText({ names, servers }: Listed): string {
  // Names in scripts depend on all servers, also on those that are left out here.
  const named = nameServers(names);
  const declared = servers.flatMap(({ name, tools }) => {
    const server = named.find((each) => each.name === name);
    if (server === undefined) return [];
    return tools === undefined
      ? declareUnlistedServer(server)
      : declareServer(server, nameTools(tools), { maxDescriptionChars });
  });
  return [MARK, USE, GLOBAL_DECLARATIONS, ...declared.map(({ text }) => text)].join('\n');
}

/** A `tsconfig.json` under which scripts are checked as `smcp run` checks them. */
export const TSCONFIG = {
  compilerOptions: {
    target: 'es2024',
    lib: ['es2024'],
    types: [],
    module: 'esnext',
    moduleDetection: 'force',
    strict: true,
    noEmit: true,
  },
  include: ['*.ts'],
} as const;

const USE = `//
// For an editor: keep this file beside the scripts, with this tsconfig.json:
//   ${JSON.stringify(TSCONFIG)}
// or begin each script with this line:
//   /// <reference path="./smcp.d.ts" />
// An editor takes a script for a module and marks a top-level "return" (1108); "smcp run" does not mind it.
`;
