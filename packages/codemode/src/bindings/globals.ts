import { HELPER_DECLARATIONS } from './globals/helper-declarations.ts';
import { PLATFORM_DECLARATIONS } from './globals/platform-declarations.ts';
import { TOOL_DECLARATIONS } from './globals/tool-declarations.ts';

/**
 * Declares, as `.d.ts` text in the global scope, everything that a script sees besides its servers. Stands on `lib.es2024` alone; the declarations of servers
 * stand on it.
 */
export const GLOBAL_DECLARATIONS: string = [
  TOOL_DECLARATIONS,
  HELPER_DECLARATIONS,
  PLATFORM_DECLARATIONS,
].join('\n');
