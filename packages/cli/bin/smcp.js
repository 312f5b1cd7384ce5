#!/usr/bin/env node
// Plain JavaScript, so that an old Node says one clear line instead of a syntax error.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(`smcp needs Node 24 or newer; this is ${process.version}.`);
  process.exit(1);
}
const { main } = await import('../src/main.ts');
process.exitCode = await main(process.argv);
