export { openHome, locateHome } from './home.ts';
export type { Home, HomeOptions } from './home.ts';
export { deriveKeys } from './derived-keys.ts';
export type { DerivedKeys } from './derived-keys.ts';
export { HomeError } from './home-error.ts';
export type { HomeErrorCode } from './home-error.ts';
