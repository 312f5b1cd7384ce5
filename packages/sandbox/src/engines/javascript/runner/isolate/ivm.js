import { createRequire } from 'node:module';

/** @type {typeof import('isolated-vm')} */
const ivm = /** @type {any} */ (createRequire(import.meta.url)('isolated-vm'));

export { ivm };
