// Loads what a runner loads and tells which shared libraries that took. Plain JavaScript: it also runs where only this folder is mounted.
import { writeSync } from 'node:fs';

for (const name of process.argv.slice(2)) {
  await import(name);
}
process.report.excludeNetwork = true;
process.report.excludeEnv = true;
const { sharedObjects } = process.report.getReport();
const libraries = sharedObjects.filter((file) => file !== process.execPath && !file.endsWith('.node'));
writeSync(3, JSON.stringify(libraries));
