#!/usr/bin/env -S smcp run --role editor --config smcp.yaml
// Puts whoever was present into the memory, but for those it knows. Try it with --preview first.

const { content: listed } = await files.searchFiles({ path: '.', pattern: '*.md' });
const minutes = await Promise.all(listed.split('\n').map((path) => files.readTextFile({ path })));
const present = new Set(
  minutes.flatMap(({ content }) => /^Present: (.+)$/m.exec(content)?.[1]?.split(', ') ?? []),
);

const { entities: known } = await memory.readGraph();
const unknown = [...present].filter((name) => !known.some((each) => each.name === name));

if (unknown.length > 0) {
  await memory.createEntities({
    entities: unknown.map((name) => ({
      name,
      entityType: 'person',
      observations: ['was at the Monday round'],
    })),
  });
}
console.log(`${present.size} people, ${unknown.length} of them new`);
