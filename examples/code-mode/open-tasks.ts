#!/usr/bin/env -S smcp run --role reader --config smcp.yaml
// Who has what to do? Reads all minutes at once; the model would see a line per person and none of the files.

const { content: listed } = await files.searchFiles({ path: '.', pattern: '*.md' });
const paths = listed.split('\n');
const minutes = await Promise.all(paths.map((path) => files.readTextFile({ path })));

const tasks = new Map<string, string[]>();
for (const { content } of minutes) {
  for (const [, who = '', what = ''] of content.matchAll(/^- \[ \] (\w+): (.+)$/gm)) {
    tasks.set(who, [...(tasks.get(who) ?? []), what]);
  }
}
for (const [who, what] of [...tasks].toSorted(([one], [other]) => one.localeCompare(other)))
  console.log(`${who}: ${what.join('; ')}`);
