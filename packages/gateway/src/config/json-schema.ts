import { z } from 'zod';
import { configSchema } from './schema.ts';

export const CONFIG_SCHEMA_ID = 'urn:smcp:schema:config:1';

/** The part of JSON Schema that the configuration uses. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/**
 * The JSON Schema (2020-12) of `smcp.yaml`, made from the schema that reads the file, so that editors and the gateway agree.
 *
 * It describes what is written, so keys with a default are optional, and a text that must have a certain form may also be `${…}`. It does not
 * express rules between keys, such as a role that must exist; loading the file checks those.
 */
export function configJsonSchema(): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, {
    target: 'draft-2020-12',
    io: 'input',
    override: ({ jsonSchema, path }) => {
      if (path.at(-1) !== 'propertyNames') acceptReference(jsonSchema);
    },
  });
  return {
    ...($schema === undefined ? {} : { $schema }),
    $id: CONFIG_SCHEMA_ID,
    title: 'Configuration of the SMCP gateway (smcp.yaml)',
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- zod types keywords more loosely; the schema uses no others
    ...(schema as JsonSchema),
  };
}

const REFERENCE = { type: 'string', pattern: '\\$\\{' } as const;

/** NOTE: the schema checks values after `${…}` has been replaced, an editor sees them before. */
function acceptReference(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.type !== 'string') return;
  const constrained: z.core.JSONSchema.BaseSchema = { type: 'string' };
  for (const key of ['pattern', 'format', 'minLength', 'enum'] as const) {
    if (schema[key] === undefined || schema[key] === 1) continue;
    Object.assign(constrained, { [key]: schema[key] });
    delete schema[key];
  }
  if (Object.keys(constrained).length === 1) return;
  delete schema.type;
  schema.anyOf = [constrained, REFERENCE];
}
