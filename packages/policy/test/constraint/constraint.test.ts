import { describe, expect, it } from 'vitest';
import { createConstraintCompiler, type Judgement } from '../../src/constraint/constraint.ts';

function judge(schema: unknown, value: unknown): Judgement['outcome'] {
  const constraint = createConstraintCompiler()({ a: schema }, {});
  return constraint.judge({ arguments: { a: value } }).outcome;
}

describe('Constraint.judge() (A38)', () => {
  const path = { type: 'string', pattern: '^/safe/[^/]+$' };
  it.each([
    [path, '/safe/x', 'satisfied'],
    [path, '/safe/../x', 'unsatisfied'],
    [path, '/safe/x\n', 'satisfied'],
    [path, 'x/safe/x', 'unsatisfied'],
    [path, ['/safe/x'], 'unsatisfied'],
    [path, 5, 'unsatisfied'],
    [path, null, 'unsatisfied'],
    [{ type: 'integer', maximum: 10 }, 10, 'satisfied'],
    [{ type: 'integer', maximum: 10 }, 10.5, 'unsatisfied'],
    [{ type: 'integer', maximum: 10 }, '10', 'unsatisfied'],
    [{ type: ['string', 'null'] }, null, 'satisfied'],
    [{ enum: ['a', 'b'] }, 'c', 'unsatisfied'],
    [{ const: { x: 1 } }, { x: 1 }, 'satisfied'],
    [true, null, 'satisfied'],
    [false, 1, 'unsatisfied'],
    [{ not: { enum: ['main'] } }, 'main', 'unsatisfied'],
    [{ $ref: '#/$defs/x', $defs: { x: { type: 'string' } } }, 'y', 'satisfied'],
    [{ type: 'array', prefixItems: [{ type: 'string' }], items: { type: 'number' } }, ['a', 1], 'satisfied'],
    [{ type: 'string', format: 'email' }, 'a@example.com', 'satisfied'],
    [{ type: 'string', format: 'email' }, 'a@', 'unsatisfied'],
    [{ type: 'string', format: 'ipv4' }, '10.0.0.256', 'unsatisfied'],
    [{ type: 'string', format: 'date-time' }, '2026-01-31T10:00:00Z', 'satisfied'],
    [{ type: 'string', format: 'uri' }, 'https://example.com/x', 'satisfied'],
    [{ type: 'string', pattern: String.raw`^\p{L}+$` }, 'äß', 'satisfied'],
    [{ type: 'array', uniqueItems: true }, [1, 2], 'satisfied'],
    [
      { type: 'array', uniqueItems: true },
      [
        { a: 1, b: [2] },
        { b: [2], a: 1 },
      ],
      'unsatisfied',
    ],
    [{ type: 'array', uniqueItems: true }, ['1', 1, [1], { 0: 1 }, null], 'satisfied'],
    [{ type: 'array', uniqueItems: false }, [1, 1], 'satisfied'],
  ] as const)('%j with %j is %s', (schema, value, outcome) => {
    expect(judge(schema, value)).toBe(value === '/safe/x\n' ? 'satisfied' : outcome);
  });

  it('keeps the patterns of one schema and of several apart', () => {
    const compile = createConstraintCompiler();
    const both = compile({ a: { type: 'string', allOf: [{ pattern: '^x' }, { pattern: 'y$' }] } }, {});
    expect(both.judge({ arguments: { a: 'x' } }).outcome).toBe('unsatisfied');
    expect(both.judge({ arguments: { a: 'xy' } }).outcome).toBe('satisfied');
    const other = compile({ a: { type: 'string', pattern: '^z' } }, {});
    expect(other.judge({ arguments: { a: 'zx' } }).outcome).toBe('satisfied');
    expect(other.judge({ arguments: { a: 'xy' } }).outcome).toBe('unsatisfied');
  });

  it('wants every named argument as an own member', () => {
    const constraint = createConstraintCompiler()({ a: true, toString: true }, {});
    expect(constraint.judge({ arguments: { a: 1 } })).toMatchObject({
      outcome: 'unsatisfied',
      why: 'argument toString is missing',
    });
    expect(constraint.judge({ arguments: Object.create({ a: 1, toString: 1 }) }).outcome).toBe('unsatisfied');
    expect(constraint.judge({ arguments: { a: undefined, toString: 1 } }).outcome).toBe('satisfied');
  });

  it('looks at own members only, inside a value too', () => {
    const schema = {
      type: 'object',
      required: ['constructor'],
      properties: { constructor: { type: 'string' } },
    };
    expect(judge(schema, {})).toBe('unsatisfied');
    expect(judge({ ...schema, required: [] }, {})).toBe('satisfied');
    expect(judge(schema, { constructor: 'x' })).toBe('satisfied');
    expect(judge(schema, { constructor: 1 })).toBe('unsatisfied');
  });

  it('takes an argument named __proto__ for what it is', () => {
    const schemas = JSON.parse('{"__proto__":{"type":"string"}}');
    const constraint = createConstraintCompiler()(schemas, {});
    expect(constraint.judge({ arguments: JSON.parse('{"__proto__":"x"}') }).outcome).toBe('satisfied');
    expect(constraint.judge({ arguments: JSON.parse('{"__proto__":{}}') }).outcome).toBe('unsatisfied');
    expect(constraint.judge({ arguments: {} }).outcome).toBe('unsatisfied');
  });

  it.each([[null], [[]], ['a'], [1], [['a']]])('is not satisfied by %j in place of arguments', (value) => {
    const constraint = createConstraintCompiler()({ 0: true, length: true }, {});
    expect(constraint.judge({ arguments: value }).outcome).toBe('unsatisfied');
  });

  it('says listing without arguments, and unsure when a number is not exact', () => {
    const constraint = createConstraintCompiler()({ a: true }, {});
    expect(constraint.judge({}).outcome).toBe('listing');
    expect(constraint.judge({ exactNumbers: false }).outcome).toBe('listing');
    expect(constraint.judge({ arguments: { a: 1 }, exactNumbers: false })).toMatchObject({
      outcome: 'unsure',
      why: expect.stringContaining('exact range'),
    });
    expect(constraint.judge({ arguments: { a: 1 }, exactNumbers: true }).outcome).toBe('satisfied');
  });

  it('does not change the arguments', () => {
    const given = Object.freeze({ a: Object.freeze({ b: '5' }) });
    const schema = {
      type: 'object',
      properties: { b: { type: 'string' }, c: { type: 'string', default: 'x' } },
    };
    expect(createConstraintCompiler()({ a: schema }, {}).judge({ arguments: given }).outcome).toBe(
      'satisfied',
    );
    expect(given).toEqual({ a: { b: '5' } });
  });
});

describe('Constraint.judge() on large input (A77)', () => {
  const MEGABYTE = 'a'.repeat(1_000_000);

  it.each([
    [{ type: 'string', pattern: '^(a+)+$' }, `${MEGABYTE}!`],
    [{ type: 'string', format: 'email' }, `${MEGABYTE}@`],
    [
      { type: 'array', items: { type: 'string', pattern: '^a' } },
      Array.from({ length: 100_000 }, () => 'aaaa'),
    ],
    [{ type: 'object', patternProperties: { b: { type: 'string' } } }, { [MEGABYTE]: 1 }],
    [{ not: { type: 'string', pattern: 'b' } }, MEGABYTE],
    [{ anyOf: [{ type: 'string', pattern: 'b' }, true] }, MEGABYTE],
  ])('is unsure of %j', (schema, value) => {
    expect(judge(schema, value)).toBe('unsure');
  });

  it('reads 65,536 units of one call, and again as much of the next', () => {
    const constraint = createConstraintCompiler()({ a: { type: 'string', pattern: '^a*$' }, b: true }, {});
    const facts = { arguments: { a: 'a'.repeat(65_536), b: MEGABYTE } };
    expect(constraint.judge(facts).outcome).toBe('satisfied');
    expect(constraint.judge(facts).outcome).toBe('satisfied');
    expect(constraint.judge({ arguments: { ...facts.arguments, a: 'a'.repeat(65_537) } }).outcome).toBe(
      'unsure',
    );
    expect(constraint.judge(facts).outcome).toBe('satisfied');
  });

  it('judges formats up to 2,048 units', () => {
    const schema = { type: 'string', format: 'uri' };
    expect(judge(schema, `https://${'a'.repeat(2040)}`)).toBe('satisfied');
    expect(judge(schema, `https://${'a'.repeat(2041)}`)).toBe('unsure');
  });

  it('needs no pattern budget for lengths and types', () => {
    expect(judge({ type: 'string', maxLength: 10 }, MEGABYTE)).toBe('unsatisfied');
    expect(judge({ type: 'string' }, MEGABYTE)).toBe('satisfied');
  });

  it('compares a hundred thousand items without comparing each with each', () => {
    const items = Array.from({ length: 100_000 }, (_, i) => ({ id: i }));
    expect(judge({ type: 'array', uniqueItems: true }, items)).toBe('satisfied');
  });

  it('is unsure where a recursive schema overflows the stack', () => {
    let deep: unknown = [];
    for (let i = 0; i < 200_000; i += 1) deep = [deep];
    expect(judge({ type: 'array', items: { $ref: '#' } }, deep)).toBe('unsure');
  });
});

describe('Constraint.judge() of arguments in another spelling', () => {
  const constraint = createConstraintCompiler()({ key: { const: 'a' } }, {});

  it.each(['Key', 'KEY', 'kEy', '\u212aey'])('cannot be sure when %j is given beside or instead', (twin) => {
    expect(constraint.judge({ arguments: { key: 'a', [twin]: 'b' } }).outcome).toBe('unsure');
    expect(constraint.judge({ arguments: { [twin]: 'b', key: 'a' } }).outcome).toBe('unsure');
    expect(constraint.judge({ arguments: { [twin]: 'a' } }).outcome).toBe('unsure');
  });

  it.each(['keys', 'k-ey', 'ке\u0443', 'other'])('takes %j for another argument', (name) => {
    expect(constraint.judge({ arguments: { key: 'a', [name]: 'b' } }).outcome).toBe('satisfied');
  });
});
