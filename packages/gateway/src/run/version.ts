import { readFileSync } from 'node:fs';

/** Name and version with which the gateway introduces itself. */
export const PRODUCT: { readonly name: string; readonly version: string } = Object.freeze({ name: 'smcp', version: readVersion() });

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string };
  return manifest.version;
}
