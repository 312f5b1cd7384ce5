import { describe, expect, it } from 'vitest';
import { compilePatternSet, compilePolicy, decide, explain, type Principal } from '@smcp/policy';

const policy = compilePolicy({
  source: { file: 'smcp.yaml', commit: 'abc', dirty: false },
  roles: [
    {
      name: 'intern',
      line: 3,
      allow: [
        { patterns: ['slack:read_*'], line: 5 },
        { patterns: ['fs:write'], arguments: { path: { type: 'string', pattern: '^/safe/' } }, line: 6 },
      ],
      deny: [{ patterns: ['github:push_*', 'github:delete_*'], line: 8 }],
      ask: [{ patterns: ['fs:*'], line: 10 }],
    },
    {
      name: 'cautious',
      line: 12,
      allow: [],
      deny: [{ patterns: ['fs:write'], arguments: { size: { type: 'number', minimum: 9 } }, line: 13 }],
    },
  ],
});

const WRITE = { kind: 'tool', server: 'fs', name: 'write' } as const;
const intern: Principal = { id: 'key:ann', kind: 'key', tenant: 't', roles: ['intern'] };

describe('explain()', () => {
  it('shows every rule of the role, with its place and why it matched or not', () => {
    const facts = { arguments: { path: '/etc/passwd' } };
    const { decision, considered } = explain(policy, intern, WRITE, facts);
    expect(decision).toEqual(decide(policy, intern, WRITE, facts));
    expect(considered).toEqual([
      {
        participant: 'key:ann',
        role: 'intern',
        rule: 'roles.intern.deny[0]',
        effect: 'deny',
        patterns: ['github:push_*', 'github:delete_*'],
        source: { file: 'smcp.yaml', commit: 'abc', dirty: false, line: 8 },
        matched: false,
        why: 'no pattern covers it',
      },
      expect.objectContaining({ rule: 'roles.intern.ask[0]', matched: true, why: 'a pattern covers it' }),
      expect.objectContaining({ rule: 'roles.intern.allow[0]', matched: false }),
      expect.objectContaining({
        rule: 'roles.intern.allow[1]',
        matched: false,
        why: 'argument path does not satisfy its schema',
      }),
    ]);
  });

  it('shows rules past the deciding one', () => {
    const push = { kind: 'tool', server: 'github', name: 'push_files' } as const;
    const { decision, considered } = explain(policy, intern, push, {});
    expect(decision.rule).toBe('roles.intern.deny[0]');
    expect(considered).toHaveLength(4);
  });

  it('calls a deny rule matched, and an allow rule not, when the arguments cannot be judged', () => {
    const both = { ...intern, roles: ['intern', 'cautious'] };
    const { considered } = explain(policy, both, WRITE, {
      arguments: { path: '/safe/x' },
      exactNumbers: false,
    });
    const why = 'a number in the arguments is beyond the exact range';
    expect(considered).toContainEqual(
      expect.objectContaining({ rule: 'roles.intern.allow[1]', matched: false, why }),
    );
    expect(considered).toContainEqual(
      expect.objectContaining({ rule: 'roles.cautious.deny[0]', matched: true, why }),
    );
  });

  it('shows delegators, scopes and unknown roles', () => {
    const agent: Principal = {
      id: 'agent:ci',
      kind: 'agent',
      tenant: 't',
      roles: ['cautious', 'ghost'],
      delegation: {
        grants: [{ delegator: 'key:ann', roles: ['intern', 'ghost'], scope: compilePatternSet(['slack:*']) }],
      },
    };
    const explanation = explain(policy, agent, WRITE, { arguments: {} });
    expect(explanation.considered.map(({ participant, role }) => `${participant} ${role}`)).toEqual([
      'agent:ci cautious',
      ...Array.from({ length: 4 }, () => 'key:ann intern'),
    ]);
    expect(explanation.scopes).toEqual([{ participant: 'key:ann', patterns: ['slack:*'], matched: false }]);
    expect(explanation.unknownRoles).toEqual(['ghost']);
  });

  it('shows nothing where there is nothing, and does not throw', () => {
    expect(explain(policy, { ...intern, roles: [] }, WRITE, {})).toMatchObject({
      decision: { effect: 'deny' },
      considered: [],
      scopes: [],
      unknownRoles: [],
    });
    expect(explain(policy, undefined as unknown as Principal, WRITE, {})).toMatchObject({
      decision: { effect: 'deny', reasons: ['Deciding failed'] },
      considered: [],
    });
  });
});
