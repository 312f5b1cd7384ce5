import { describe, expect, it } from 'vitest';
import { compilePatternSet, compilePolicy, decide, type Principal } from '@smcp/policy';

const who: Principal = { id: 'key:alice', kind: 'key', tenant: 'default', roles: ['reader'] };

/** What a role with these rules says of reading a resource of the server `files`. */
function read(uri: string, rules: { allow: readonly string[]; deny?: readonly string[] }, principal = who) {
  const spec = (patterns: readonly string[] = []) =>
    patterns.map((pattern) => ({ patterns: [pattern], line: 1 }));
  const policy = compilePolicy({
    source: { file: 'smcp.yaml' },
    roles: [{ name: 'reader', line: 1, allow: spec(rules.allow), deny: spec(rules.deny) }],
  });
  return decide(policy, principal, { kind: 'resource', server: 'files', name: uri }, {});
}

describe('decide() about resources', () => {
  const allow = ['files:resources/file:///public/*'];

  it.each([
    'file:///public/../secret/key',
    'file:///public/..',
    'file:///public/./x',
    'file:///public/a/..?x=1',
    'file:///public/..#x',
    'file:///public/..\\secret',
    'file:///public\\..\\secret',
    'file:///public/%2e%2e/secret',
    'file:///public/.%2E/secret',
    'file:///public/..%2fsecret',
    'file:///public/x%5c..%5Csecret',
    'file:///public/%252e%252e/secret',
    'file:///public/%25252e%25252e%25252fsecret',
  ])('denies %s, which leaves the place that its beginning names', (uri) => {
    const everything = read(uri, { allow: ['files:*'] });
    expect(everything).toMatchObject({ effect: 'deny', rule: null });
    expect(everything.reasons[0]).toContain('leaves the place');
    expect(read(uri, { allow: ['files:*', ...allow] }).effect).toBe('deny');
  });

  it.each([
    'file:///public/x',
    'file:///public/..x/y',
    'file:///public/x../y',
    'file:///public/.../y',
    'file:///public/.hidden',
    'file:///public/a%20b',
    'file:///public/100%',
    'file:///public/{path}',
    'file:///public/',
  ])('allows %s', (uri) => {
    expect(read(uri, { allow })).toMatchObject({ effect: 'allow', rule: 'roles.reader.allow[0]' });
  });

  it.each([
    'file:///%73ecret/key',
    'file:///s%65cret/key',
    'file:///%2573ecret/key',
    'FILE:///secret/key',
    'File:///%73ecret/key',
  ])('denies %s when a rule denies its plain writing', (uri) => {
    expect(read(uri, { allow: ['files:*'], deny: ['files:resources/file:///secret/*'] })).toMatchObject({
      effect: 'deny',
      rule: 'roles.reader.deny[0]',
    });
  });

  it('denies another writing of a host', () => {
    const deny = ['files:resources/https://internal.example/*'];
    expect(read('https://INTERNAL.example/x', { allow: ['files:*'], deny }).effect).toBe('deny');
    expect(read('https://other.example/x', { allow: ['files:*'], deny }).effect).toBe('allow');
  });

  it('allows no other writing than the one that a rule allows', () => {
    expect(read('file:///%70ublic/x', { allow }).effect).toBe('deny');
    expect(read('FILE:///public/x', { allow }).effect).toBe('deny');
  });

  it('keeps the writing of the path, whose case matters', () => {
    const deny = ['files:resources/file:///secret/*'];
    expect(read('file:///SECRET/x', { allow: ['files:*'], deny }).effect).toBe('allow');
  });

  it('asks every delegator about the plain writing, too', () => {
    const delegation = {
      grants: [{ delegator: 'key:bob', roles: ['reader'], scope: compilePatternSet(['files:*']) }],
    };
    const deny = ['files:resources/file:///secret/*'];
    const uri = 'file:///%73ecret/x';
    expect(read(uri, { allow: ['files:*'], deny }, { ...who, delegation }).effect).toBe('deny');
  });

  it('leaves tools and prompts with such names alone', () => {
    const policy = compilePolicy({
      source: { file: 'smcp.yaml' },
      roles: [{ name: 'reader', line: 1, allow: [{ patterns: ['files:*'], line: 1 }], deny: [] }],
    });
    for (const kind of ['tool', 'prompt'] as const) {
      expect(decide(policy, who, { kind, server: 'files', name: 'a/../b' }, {}).effect).toBe('allow');
    }
  });
});
