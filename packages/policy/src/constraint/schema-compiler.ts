import { isJsonObject, readJson } from '@smcp/protocol';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { addBoundedFormats } from './formats.ts';
import { createLinearRegExpEngine } from './linear-regexp.ts';
import type { ReadingBudget } from './reading-budget.ts';
import { hasUniqueItems } from './unique-items.ts';

const SCHEMA_LIMITS = { maxLength: 65_536, maxDepth: 64, maxNodes: 10_000 } as const;

/** Whether a value satisfies the schema. Throws when it cannot tell: too much to read, or nested too deep. */
export type SchemaCheck = (value: unknown) => boolean;

/**
 * Compiles JSON Schemas (2020-12) into checks that own no reference to the schema given.
 *
 * Strict: unknown keywords and formats are errors, and so is a keyword for one type in a schema that does not say `type` (`pattern` alone would be
 * satisfied by every number). Nothing is ever fetched.
 *
 * @throws {Error} Naming the fault, from the returned function.
 */
export function createSchemaCompiler(budget: ReadingBudget): (schema: unknown) => SchemaCheck {
  let shared: Ajv2020 | undefined;
  return (schema) => {
    const text = readSchemaText(schema);
    // A schema with an id registers it, where the next schema could refer to it; it gets a validator to itself.
    const ajv = text.includes('"$id"') ? createValidator(budget) : (shared ??= createValidator(budget));
    const validate = compile(ajv, text);
    return (value) => validate(value);
  };
}

/** As `createSchemaCompiler` for one schema; the function that it gives says after each value that does not satisfy it why. */
export function compileSchema(schema: unknown, budget: ReadingBudget): ValidateFunction {
  return compile(createValidator(budget), readSchemaText(schema));
}

function compile(ajv: Ajv2020, text: string): ValidateFunction {
  // Read back from text, so that the check shares nothing with the schema given.
  const own: unknown = readJson(text, SCHEMA_LIMITS).value;
  if (typeof own !== 'boolean' && !isJsonObject(own))
    throw new TypeError('A schema is an object or a boolean');
  return ajv.compile(own);
}

function createValidator(budget: ReadingBudget): Ajv2020 {
  const ajv = new Ajv2020({
    strict: true,
    strictTypes: true,
    strictTuples: false,
    allowUnionTypes: true,
    ownProperties: true,
    logger: false,
    code: { regExp: createLinearRegExpEngine(budget) },
  });
  addBoundedFormats(ajv, budget);
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    validate: (unique: boolean, items: readonly unknown[]) => !unique || hasUniqueItems(items),
  });
  return ajv;
}

function readSchemaText(schema: unknown): string {
  const text: string | undefined = JSON.stringify(schema);
  if (text === undefined) throw new TypeError('A schema is an object or a boolean');
  // The validator would answer with a promise, which is truthy.
  if (text.includes('"$async":')) throw new TypeError('The key $async is not accepted');
  return text;
}
