import { describe, expect, it } from 'vitest';
import { compilePolicy, decide, PolicyError, type PolicySpec, type RoleSpec } from '@smcp/policy';

const SOURCE = { file: 'smcp.yaml', commit: 'abc123', dirty: false };

function spec(...roles: readonly Partial<RoleSpec>[]): PolicySpec {
  return {
    source: SOURCE,
    roles: roles.map((role) => ({ name: 'r', line: 1, allow: [], deny: [], ...role })),
  };
}

function refusal(policy: PolicySpec): PolicyError {
  try {
    compilePolicy(policy);
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
  throw new Error('compilePolicy accepted the policy');
}

describe('compilePolicy()', () => {
  it('names rules by role, effect and position, each with its place in the file [S1-33]', () => {
    const policy = compilePolicy(
      spec({
        name: 'intern',
        line: 10,
        allow: [
          { patterns: ['slack:read_*'], line: 12 },
          { patterns: ['fs:*'], line: 13 },
        ],
        deny: [{ patterns: ['github:push_*'], line: 15 }],
        ask: [{ patterns: ['slack:post'], line: 17 }],
      }),
    );
    expect(policy.role('intern')?.rules.map(({ id, source }) => [id, source])).toEqual([
      ['roles.intern.deny[0]', { ...SOURCE, line: 15 }],
      ['roles.intern.ask[0]', { ...SOURCE, line: 17 }],
      ['roles.intern.allow[0]', { ...SOURCE, line: 12 }],
      ['roles.intern.allow[1]', { ...SOURCE, line: 13 }],
    ]);
    expect(policy).toMatchObject({ roleNames: ['intern'], ruleCount: 4, source: SOURCE });
  });

  it('gives an empty set for an empty policy', () => {
    expect(compilePolicy(spec())).toMatchObject({ roleNames: [], ruleCount: 0 });
  });

  it('does not follow changes of the spec, of its schemas neither', () => {
    const schema = { enum: [{ a: 1 }] };
    const allow = [{ patterns: ['fs:read'], arguments: { path: schema }, line: 1 }];
    const changing = spec({ allow });
    const policy = compilePolicy(changing);
    schema.enum[0] = { a: 2 };
    allow.length = 0;
    const action = { kind: 'tool', server: 'fs', name: 'read' } as const;
    const principal = { id: 'key:a', kind: 'key', tenant: 't', roles: ['r'] } as const;
    expect(decide(policy, principal, action, { arguments: { path: { a: 1 } } }).effect).toBe('allow');
    expect(decide(policy, principal, action, { arguments: { path: { a: 2 } } }).effect).toBe('deny');
  });

  it('is frozen in every part', () => {
    const policy = compilePolicy(spec({ allow: [{ patterns: ['a:*'], line: 1 }] }));
    const role = policy.role('r');
    const parts = [
      policy,
      policy.source,
      policy.roleNames,
      role,
      role?.rules,
      role?.rules[0],
      role?.rules[0]?.source,
    ];
    expect(parts.map((part) => part !== undefined && Object.isFrozen(part))).toEqual(parts.map(() => true));
  });

  it.each(['toString', 'constructor', '__proto__', 'hasOwnProperty'])(
    'knows no role %s by itself',
    (name) => {
      expect(compilePolicy(spec({ name: 'intern' })).role(name)).toBeUndefined();
      expect(compilePolicy(spec({ name })).role(name)?.name).toBe(name);
    },
  );
});

describe('compilePolicy() refuses', () => {
  it('a role without name', () => {
    expect(refusal(spec({ name: '', line: 4 }))).toMatchObject({
      code: 'POLICY_BAD_ROLE',
      place: { line: 4 },
    });
  });

  it('a role that is defined twice', () => {
    expect(
      refusal(spec({ name: 'a', line: 1 }, { name: 'b', line: 5 }, { name: 'a', line: 9 })),
    ).toMatchObject({
      code: 'POLICY_DUPLICATE_ROLE',
      place: { role: 'a', line: 9 },
    });
  });

  it('a rule without pattern', () => {
    expect(refusal(spec({ deny: [{ patterns: [], line: 7 }] }))).toMatchObject({
      code: 'POLICY_EMPTY_RULE',
      place: { role: 'r', rule: 'roles.r.deny[0]', line: 7 },
    });
  });

  it('a bad pattern, naming role, rule, line and pattern', () => {
    const error = refusal(
      spec({
        ask: [
          { patterns: ['a:b'], line: 7 },
          { patterns: ['a:b', 'slack'], line: 8 },
        ],
      }),
    );
    expect(error).toMatchObject({
      code: 'POLICY_BAD_PATTERN',
      place: { role: 'r', rule: 'roles.r.ask[1]', line: 8, pattern: 'slack' },
      message: 'Pattern slack must have the form server:tool, in roles.r.ask[1]',
    });
  });

  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;
  const schemas: readonly (readonly [string, unknown, RegExp])[] = [
    ['text', 'string', /object or a boolean/],
    ['null', null, /object or a boolean/],
    ['a list', [], /object or a boolean/],
    ['a function', () => true, /object or a boolean/],
    ['undefined', undefined, /object or a boolean/],
    ['a cyclic object', cyclic, /circular/i],
    ['a big number', { const: 1n }, /BigInt/],
    ['an unknown type', { type: 'strin' }, /type/],
    ['an unknown keyword', { type: 'string', patern: 'a' }, /unknown keyword/],
    ['an unknown format', { type: 'string', format: 'uril' }, /unknown format/],
    ['a pattern without type', { pattern: '^/safe/' }, /missing type/],
    ['properties without type', { properties: { a: true } }, /missing type/],
    ['a pattern with look-ahead', { type: 'string', pattern: '^(?!/etc)' }, /\(\?!/],
    ['a pattern with a back-reference', { type: 'string', pattern: String.raw`(a)\1` }, /escape/],
    ['a pattern that is broken', { type: 'string', pattern: '[' }, /./],
    ['a remote reference', { $ref: 'https://example.com/schema.json' }, /example\.com/],
    ['a reference to nothing', { $ref: '#/$defs/none' }, /none/],
    ['an asynchronous schema', { $async: true, type: 'string' }, /\$async/],
    ['a nested asynchronous schema', { type: 'array', items: { $async: true } }, /\$async/],
    [
      'a __proto__ member',
      JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}'),
      /__proto__/,
    ],
    ['a wrong keyword value', { type: 'string', maxLength: -1 }, /maxLength/],
    ['a schema that nests too deep', JSON.parse(`${'{"not":'.repeat(65)}true${'}'.repeat(65)}`), /deeper/],
    ['half of a surrogate pair', { const: '\uD83D' }, /surrogate/],
    ['a huge schema', { enum: ['x'.repeat(70_000)] }, /at most 65536/],
  ];

  it.each(schemas)('%s as schema', (_, schema, fault) => {
    const error = refusal(
      spec({ name: 'dev', allow: [{ patterns: ['fs:*'], arguments: { ok: true, path: schema }, line: 3 }] }),
    );
    expect(error).toMatchObject({
      code: 'POLICY_BAD_SCHEMA',
      place: { role: 'dev', rule: 'roles.dev.allow[0]', argument: 'path', line: 3 },
    });
    expect(error.message).toMatch(/^Schema of argument path in roles\.dev\.allow\[0\] cannot be used: /);
    expect(error.message).toMatch(fault);
    expect(error.message.length).toBeLessThan(450);
  });

  it('a reference into the schema of another rule', () => {
    const first = {
      $id: 'https://example.com/a',
      $defs: { b: { $id: 'https://example.com/b', type: 'string' } },
    };
    const rule = (schema: unknown, line: number) => ({
      patterns: ['fs:*'],
      arguments: { path: schema },
      line,
    });
    const error = refusal(spec({ allow: [rule(first, 1), rule({ $ref: 'https://example.com/b' }, 2)] }));
    expect(error).toMatchObject({ code: 'POLICY_BAD_SCHEMA', place: { line: 2 } });
    expect(() => compilePolicy(spec({ allow: [rule(first, 1), rule(first, 2)] }))).not.toThrow();
  });
});
