import { existsSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { join } from 'node:path';

/** Path of the `package.json` of an installed package. */
export function manifestOf(name: string): string {
  const manifest = findPackageJSON(name, import.meta.url);
  if (manifest === undefined) {
    throw new Error(`Package ${name} is not installed: run npm install`);
  }
  return manifest;
}

/** Path of a program inside an installed package. */
export function programOf(name: string, ...path: string[]): string {
  const program = join(manifestOf(name), '..', ...path);
  if (!existsSync(program)) {
    throw new Error(`Package ${name} has no ${path.join('/')}`);
  }
  return program;
}

/** Path of a program of the benchmark itself, relative to its folder. */
export function benchProgram(...path: string[]): string {
  return join(import.meta.dirname, '..', ...path);
}
