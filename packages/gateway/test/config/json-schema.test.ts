import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { configJsonSchema, type JsonSchema } from '../../src/config/index.ts';
import { renderConfigReference } from '../../../../scripts/config-reference.ts';

const document = (name: string): Promise<string> =>
  readFile(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8');

/** Every named key with its path, however deep. */
function keysOf(schema: JsonSchema, path = ''): readonly (readonly [string, JsonSchema])[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, below]) => [
    [`${path}.${name}`, below] as const,
    ...keysOf(below, `${path}.${name}`),
  ]);
  const others = [schema.items, schema.additionalProperties, ...(schema.anyOf ?? [])];
  return [
    ...own,
    ...others.flatMap((other) => (typeof other === 'object' ? keysOf(other, `${path}[]`) : [])),
  ];
}

describe('configJsonSchema()', () => {
  it('is 2020-12 with an id and a title', () => {
    expect(configJsonSchema()).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'urn:smcp:schema:config:1',
      title: 'Configuration of the SMCP gateway (smcp.yaml)',
      type: 'object',
      additionalProperties: false,
    });
  });

  it('asks for nothing that has a default', () => {
    const schema = configJsonSchema();
    expect(schema.required).toBeUndefined();
    expect(schema.properties?.['api_keys']?.items?.required).toEqual(['name', 'key']);
    expect(schema.properties?.['agents']?.items?.required).toEqual(['name', 'token', 'code_hash']);
  });

  it('explains every key in a sentence', () => {
    const keys = keysOf(configJsonSchema());
    expect(keys.length).toBeGreaterThan(80);
    expect(
      keys.filter(([, { description }]) => !/^\S.*\.$/.test(description ?? '')).map(([path]) => path),
    ).toEqual([]);
  });

  it('knows no unknown keys, except where users choose the names', () => {
    const open = keysOf(configJsonSchema())
      .filter(([, schema]) => schema.properties !== undefined && schema.additionalProperties !== false)
      .map(([path]) => path);
    expect(open).toEqual([]);
  });

  it('lets a text of a certain form be a reference, but not a name', () => {
    const server = configJsonSchema().properties?.['servers'];
    const item = server?.additionalProperties;
    const url = typeof item === 'object' ? item.properties?.['url'] : undefined;
    expect(url?.anyOf).toEqual([
      { type: 'string', format: 'uri' },
      { type: 'string', pattern: '\\$\\{' },
    ]);
    expect(server).toMatchObject({
      propertyNames: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$' },
    });
  });

  it('wants either a URL or a command', () => {
    expect(configJsonSchema().properties?.['servers']?.additionalProperties).toMatchObject({
      oneOf: [{ required: ['url'] }, { required: ['command'] }],
    });
  });

  it('is what docs/smcp.schema.json holds; if not, run node scripts/generate-config-docs.ts', async () => {
    expect(await document('smcp.schema.json')).toBe(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  });
});

describe('renderConfigReference()', () => {
  it('is what docs/configuration.md holds; if not, run node scripts/generate-config-docs.ts', async () => {
    expect(await document('configuration.md')).toBe(renderConfigReference(configJsonSchema()));
  });

  it('has a line for every key', () => {
    const text = renderConfigReference(configJsonSchema());
    expect(text).toContain('| `servers.<name>.tools.<glob>.rate.calls` | text | *required* |');
    expect(text).toContain('| `limits.auth_failures` | map | `{"calls":"10/min"}` |');
    expect(text.match(/^\| `/gm)?.length).toBeGreaterThan(80);
  });

  it('refuses a key without a chapter, and a chapter without its key', () => {
    const schema = configJsonSchema();
    expect(() =>
      renderConfigReference({ ...schema, properties: { ...schema.properties, extra: {} } }),
    ).toThrow('extra');
    const { log: _log, ...rest } = schema.properties ?? {};
    expect(() => renderConfigReference({ ...schema, properties: rest })).toThrow('log');
  });
});
