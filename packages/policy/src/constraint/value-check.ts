import { ReadingBudget, TooMuchToRead } from './reading-budget.ts';
import { compileSchema } from './schema-compiler.ts';

/** What is wrong with a value, in one line; undefined when it satisfies the schema. Never throws, and keeps nothing. */
export type ValueCheck = (value: unknown) => string | undefined;

const MAX_FAULT_LENGTH = 300;
const TOO_MUCH = 'it is too large to be checked';
const FAILED = 'it could not be checked';

/**
 * Compiles a JSON Schema (2020-12) into a check of values, as strictly as those of rules: unknown keywords and formats are errors, patterns are RE2, nothing is
 * ever fetched. What cannot be checked within its bounds counts as wrong.
 *
 * @throws {Error} Naming the fault, when the schema cannot be used.
 */
export function createValueCheck(schema: unknown): ValueCheck {
  const budget = new ReadingBudget();
  const validate = compileSchema(schema, budget);
  return (value) => {
    budget.refill();
    try {
      if (validate(value)) return undefined;
    } catch (error) {
      return error instanceof TooMuchToRead ? TOO_MUCH : FAILED;
    }
    const [first] = validate.errors ?? [];
    const { instancePath = '', message = 'it does not satisfy the schema', params } = first ?? {};
    const more = namedIn(params);
    return `${instancePath === '' ? '' : `${instancePath} `}${message}${more}`.slice(0, MAX_FAULT_LENGTH);
  };
}

/** The name or values that the message of the validator leaves out. */
function namedIn(params: Readonly<Record<string, unknown>> | undefined): string {
  const { additionalProperty, allowedValues } = params ?? {};
  if (typeof additionalProperty === 'string') return `: ${JSON.stringify(additionalProperty)}`;
  return Array.isArray(allowedValues) ? `: ${JSON.stringify(allowedValues)}` : '';
}
