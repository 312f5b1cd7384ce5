import { run } from './setup.mjs';

process.exitCode = run('node_modules/vitest/vitest.mjs', ['run', ...process.argv.slice(2)]);
