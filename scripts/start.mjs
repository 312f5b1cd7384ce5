import { run } from './setup.mjs';

// Interrupting ends the gateway, which is a child; this process waits for it.
process.on('SIGINT', () => undefined);
process.exitCode = run('packages/cli/bin/smcp.js', ['demo', ...process.argv.slice(2)]);
