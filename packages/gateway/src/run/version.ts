import { readFileSync } from 'node:fs';
import { isJsonObject } from '@smcp/protocol';

/** Name and version with which the gateway introduces itself. */
export const PRODUCT: { readonly name: string; readonly version: string } = Object.freeze({
  name: 'smcp',
  version: readVersion(),
});

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return isJsonObject(manifest) && typeof manifest['version'] === 'string' ? manifest['version'] : '0.0.0';
}
