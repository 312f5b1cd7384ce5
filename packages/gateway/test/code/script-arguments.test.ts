import { describe, expect, it } from 'vitest';
import { schemaFault, ScriptArguments } from '../../src/code/script-arguments.ts';

const CITY = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

describe('schemaFault()', () => {
  it.each([{ type: 'object' }, CITY, { type: 'object', properties: {}, additionalProperties: false }])(
    'finds none in %j',
    (schema) => {
      expect(schemaFault(schema)).toBeUndefined();
    },
  );

  it.each([
    { type: 'object', properties: { a: { type: 'string', format: 'shoe' } } },
    { type: 'object', properties: { a: { $ref: '#/$defs/none' } } },
    { type: 'object', propertys: {} },
  ])('says why arguments cannot be checked against %j', (schema) => {
    expect(schemaFault(schema)).toMatch(/\S/);
  });
});

describe('ScriptArguments.faultOf()', () => {
  it('says what is wrong with arguments, by the version of the script', () => {
    const checks = new ScriptArguments();
    const one = { digest: 'sha256:1', inputSchema: CITY };
    const two = {
      digest: 'sha256:2',
      inputSchema: { ...CITY, properties: { town: { type: 'string' } }, required: ['town'] },
    };
    expect(checks.faultOf(one, { city: 'Rome' })).toBeUndefined();
    expect(checks.faultOf(one, { city: 1 })).toBe('/city must be string');
    expect(checks.faultOf(two, { city: 'Rome' })).toBe("must have required property 'town'");
    expect(checks.faultOf(one, { city: 'Rome' })).toBeUndefined();
  });

  it('lets nothing through when the schema cannot be used', () => {
    const broken = { digest: 'sha256:3', inputSchema: { type: 'object', propertys: {} } };
    const checks = new ScriptArguments();
    for (const args of [{}, { a: 1 }]) {
      expect(checks.faultOf(broken, args)).toContain('its schema cannot be used');
    }
  });

  it('forgets what was used longest ago, and judges it again', () => {
    const checks = new ScriptArguments(2);
    for (let index = 0; index < 5; index += 1) {
      const script = { digest: `sha256:${index}`, inputSchema: CITY };
      expect(checks.faultOf(script, {})).toContain('city');
    }
    expect(checks.faultOf({ digest: 'sha256:0', inputSchema: CITY }, { city: 'Rome' })).toBeUndefined();
  });
});
