import { describe, expect, it } from 'vitest';
import { compilePatternSet, compilePolicy, decide, type DelegationGrant, type Principal } from '@smcp/policy';

const policy = compilePolicy({
  source: { file: 'smcp.yaml' },
  roles: [
    { name: 'admin', line: 1, allow: [{ patterns: ['*:*'], line: 2 }], deny: [] },
    {
      name: 'reader',
      line: 5,
      allow: [{ patterns: ['*:read_*'], line: 6 }],
      deny: [{ patterns: ['vault:*'], line: 7 }],
    },
    {
      name: 'asker',
      line: 9,
      allow: [{ patterns: ['*:*'], line: 10 }],
      deny: [],
      ask: [{ patterns: ['github:push'], line: 11 }],
    },
  ],
});

function grant(
  delegator: string,
  roles: readonly string[],
  scope: readonly string[] = ['*:*'],
): DelegationGrant {
  return { delegator, roles, scope: compilePatternSet(scope) };
}

function agent(roles: readonly string[], ...grants: DelegationGrant[]): Principal {
  return { id: 'agent:ci', kind: 'agent', tenant: 'default', roles, delegation: { grants } };
}

const PUSH = { kind: 'tool', server: 'github', name: 'push' } as const;
const READ = { kind: 'tool', server: 'vault', name: 'read_key' } as const;

describe('decide() with a delegation', () => {
  it('allows what everybody in the chain may, by the rule of the principal, and says by whom', () => {
    const decision = decide(
      policy,
      agent(['admin'], grant('key:ann', ['admin']), grant('agent:b', ['asker'])),
      READ,
      {},
    );
    expect(decision).toMatchObject({ effect: 'allow', rule: 'roles.admin.allow[0]' });
    expect(decision.reasons).toEqual([
      'roles.admin.allow[0] allows vault:read_key for agent:ci',
      'roles.admin.allow[0] allows vault:read_key for key:ann',
      'roles.asker.allow[0] allows vault:read_key for agent:b',
    ]);
  });

  it('denies by the rule of the delegator that denies', () => {
    expect(
      decide(policy, agent(['admin'], grant('key:ann', ['admin']), grant('agent:b', ['reader'])), READ, {}),
    ).toEqual({
      effect: 'deny',
      rule: 'roles.reader.deny[0]',
      source: { file: 'smcp.yaml', line: 7 },
      reasons: ['roles.reader.deny[0] denies vault:read_key for agent:b'],
    });
  });

  it('denies by nobody’s rule what a delegator was never allowed', () => {
    const decision = decide(policy, agent(['admin'], grant('key:ann', ['reader'])), PUSH, {});
    expect(decision).toMatchObject({ effect: 'deny', rule: null, source: null });
    expect(decision.reasons[0]).toContain('key:ann');
  });

  it('denies what a scope does not cover, naming who gave it', () => {
    const decision = decide(
      policy,
      agent(['admin'], grant('key:ann', ['admin'], ['github:read_*'])),
      PUSH,
      {},
    );
    expect(decision).toMatchObject({ effect: 'deny', rule: null });
    expect(decision.reasons).toEqual(['The delegation of key:ann does not cover github:push']);
  });

  it('names the first that fails: the principal, then delegators from the root', () => {
    const first = (principal: Principal) => decide(policy, principal, PUSH, {}).reasons[0];
    expect(first(agent(['reader'], grant('key:ann', []), grant('agent:b', [])))).toContain('agent:ci');
    expect(first(agent(['admin'], grant('key:ann', []), grant('agent:b', [])))).toContain('key:ann');
    expect(first(agent(['admin'], grant('key:ann', ['admin']), grant('agent:b', ['admin'], [])))).toContain(
      'agent:b',
    );
  });

  it('does not let a delegator add anything to the principal', () => {
    expect(decide(policy, agent([], grant('key:ann', ['admin'])), PUSH, {}).effect).toBe('deny');
    expect(decide(policy, agent(['reader'], grant('key:ann', ['admin'])), PUSH, {}).effect).toBe('deny');
  });

  it('asks when anybody would be asked, and denies over asking', () => {
    expect(decide(policy, agent(['admin'], grant('key:ann', ['asker'])), PUSH, {})).toMatchObject({
      effect: 'ask',
      rule: 'roles.asker.ask[0]',
    });
    expect(decide(policy, agent(['asker'], grant('key:ann', ['admin'])), PUSH, {}).effect).toBe('ask');
    expect(decide(policy, agent(['asker'], grant('key:ann', ['reader'])), PUSH, {}).effect).toBe('deny');
  });

  it('denies a delegator without roles and one with unknown roles', () => {
    expect(decide(policy, agent(['admin'], grant('key:ann', [])), PUSH, {}).effect).toBe('deny');
    const decision = decide(policy, agent(['admin'], grant('key:ann', ['ghost'])), PUSH, {});
    expect(decision.effect).toBe('deny');
    expect(decision.reasons).toContain('The role ghost is not defined');
  });

  it('denies when a scope throws', () => {
    const scope = {
      ...compilePatternSet([]),
      matches(): boolean {
        throw new Error('no');
      },
    };
    const grants = [{ delegator: 'key:ann', roles: ['admin'], scope }];
    expect(decide(policy, { ...agent(['admin']), delegation: { grants } }, PUSH, {}).effect).toBe('deny');
  });
});
