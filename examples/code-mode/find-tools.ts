#!/usr/bin/env -S smcp run --role reader --config smcp.yaml
// What is there? Names first, then only what is wanted.

console.log('servers:', discoveredServers().join(', '));

const found = await searchToolDocs('read several files', { limit: 3 });
for (const { serverAlias, toolAlias, description = '' } of found) {
  console.log(`${serverAlias}.${toolAlias}: ${description.slice(0, 70)}`);
}

const { declaration } = await queryToolDocs('everything', { tool: 'get-sum', detail: 'full' });
console.log(declaration);
