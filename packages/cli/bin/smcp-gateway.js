#!/usr/bin/env node
// The gateway alone: `smcp-gateway --config FILE` is `smcp gateway --config FILE`.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(`smcp-gateway needs Node 24 or newer; this is ${process.version}.`);
  process.exit(1);
}
const { main } = await import('../src/main.ts');
process.exitCode = await main([...process.argv.slice(0, 2), 'gateway', ...process.argv.slice(2)]);
