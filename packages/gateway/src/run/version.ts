import manifest from '../../package.json' with { type: 'json' };

/** Name and version with which the gateway introduces itself. */
export const PRODUCT: { readonly name: string; readonly version: string } = Object.freeze({
  name: 'smcp',
  version: manifest.version,
});
