// Plain JavaScript, so that an old Node says one clear line instead of a syntax error.
import { homedir } from 'node:os';
import { join } from 'node:path';

const NEEDED_MAJOR = 24;

/** Runs the command with the arguments in `argv`, of which the first two are Node and the script. */
export async function launch(argv) {
  if (Number(process.versions.node.split('.')[0]) < NEEDED_MAJOR) {
    console.error(
      `smcp needs Node ${NEEDED_MAJOR} or newer; this is v${process.versions.node}.\n` +
        `  On Linux x64 the checkout brings Node ${NEEDED_MAJOR} along: run \`npx smcp …\` or \`npm start\` in it. ` +
        `Elsewhere install Node ${NEEDED_MAJOR} (https://nodejs.org).`,
    );
    process.exitCode = 1;
    return;
  }
  // Keeps compiled code from start to start: a third of the time. In a folder of our own, because whoever can write there can run code here.
  const { enableCompileCache } = await import('node:module');
  enableCompileCache(join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'smcp', 'compiled'));
  const { main } = await import('../src/main.ts');
  process.exitCode = await main(argv);
}
