import { createRequire } from 'node:module';

// oxlint-disable-next-line typescript/no-unsafe-assignment -- what is required has no type until it is said
/** @type {typeof import('isolated-vm')} */ const ivm = createRequire(import.meta.url)('isolated-vm');

export { ivm };
