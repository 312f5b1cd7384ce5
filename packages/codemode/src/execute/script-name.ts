import type { Language } from '@smcp/sandbox';

const NAMES: Readonly<Record<Language, string>> = {
  typescript: 'script.ts',
  javascript: 'script.js',
  python: 'script.py',
};

/** Name of a script in errors, when it has none of its own. */
export function scriptName(language: Language): string {
  return NAMES[language];
}
