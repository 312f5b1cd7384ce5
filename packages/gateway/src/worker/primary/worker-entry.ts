import { fileURLToPath } from 'node:url';

/** The program of a worker: beside this package's sources as they are, and beside the bundle when there is one. */
export function workerEntry(here: string = import.meta.url): string {
  const isSource = here.endsWith('.ts');
  return fileURLToPath(new URL(isSource ? '../worker-process.ts' : './worker-process.js', here));
}
