import { RE2JS } from 're2js';
import type { ReadingBudget } from './reading-budget.ts';

interface LinearRegExp {
  test(text: string): boolean;
  toString(): string;
}

/** What ajv calls in place of `new RegExp`. */
export interface LinearRegExpEngine {
  (pattern: string, flags: string): LinearRegExp;
  code: string;
}

/**
 * Regular expressions in time linear to the text: RE2 syntax, so neither look-around nor back-references.
 *
 * The engine throws for a pattern it does not know; `test` throws `TooMuchToRead` past the budget.
 */
export function createLinearRegExpEngine(budget: ReadingBudget): LinearRegExpEngine {
  const engine = (pattern: string, flags: string): LinearRegExp => {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
    return {
      test(text) {
        budget.spend(text.length);
        return compiled.test(text);
      },
      // NOTE: ajv keeps one expression per text given here, so two patterns must never share it.
      toString: () => `/${pattern}/${flags}`,
    };
  };
  return Object.assign(engine, { code: 'linearRegExp' });
}
