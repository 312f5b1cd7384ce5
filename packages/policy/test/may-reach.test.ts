import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePatternSet, compilePolicy, decide, mayReach, type Principal } from '@smcp/policy';

const policy = compilePolicy({
  source: { file: 'smcp.yaml' },
  roles: [
    role('eng', ['slack:*', 'git*:read_*']),
    role('closed', ['slack:*', 'jira:*'], ['slack:*']),
    role('narrowed', ['slack:*'], ['slack:post_*', 'slack:prompts/*']),
    role('nothing', []),
  ],
});

function role(name: string, allow: readonly string[], deny: readonly string[] = []) {
  const rules = (patterns: readonly string[]) =>
    patterns.map((pattern) => ({ patterns: [pattern], line: 1 }));
  return { name, line: 1, allow: rules(allow), deny: rules(deny) };
}

function principal(...roles: string[]): Principal {
  return { id: 'key:alice', kind: 'key', tenant: 'default', roles };
}

describe('mayReach()', () => {
  it.each([
    ['a server that a rule names', ['eng'], 'slack', true],
    ['a server that a glob meets', ['eng'], 'github', true],
    ['a server that no rule meets', ['eng'], 'jira', false],
    ['a server whose name only begins alike', ['eng'], 'slack2', false],
    ['a server closed by a deny of everything', ['closed'], 'slack', false],
    ['another server of the same role', ['closed'], 'jira', true],
    ['a server closed by one role and opened by another', ['eng', 'closed'], 'slack', false],
    ['a server with some things denied', ['narrowed'], 'slack', true],
    ['a role without rules', ['nothing'], 'slack', false],
    ['a role that is not defined', ['toString'], 'slack', false],
    ['no role', [], 'slack', false],
  ])('%s', (_what, roles, server, expected) => {
    expect(mayReach(policy, principal(...roles), server)).toBe(expected);
  });

  it('needs every delegator and every scope to reach the server', () => {
    const delegated = (roles: readonly string[], scope: string): Principal => ({
      ...principal('eng'),
      delegation: { grants: [{ delegator: 'key:bob', roles, scope: compilePatternSet([scope]) }] },
    });
    expect(mayReach(policy, delegated(['eng'], '*:*'), 'slack')).toBe(true);
    expect(mayReach(policy, delegated(['eng'], 'github:*'), 'slack')).toBe(false);
    expect(mayReach(policy, delegated(['closed'], '*:*'), 'slack')).toBe(false);
  });

  it('is true wherever something is allowed', () => {
    const name = fc.constantFrom('eng', 'closed', 'narrowed', 'nothing', 'unknown');
    const server = fc.constantFrom('slack', 'github', 'gitlab', 'jira', 'other');
    const tool = fc.constantFrom('read_x', 'post_x', 'anything');
    fc.assert(
      fc.property(fc.array(name), server, tool, (roles, where, what) => {
        const who = principal(...roles);
        const { effect } = decide(policy, who, { kind: 'tool', server: where, name: what }, {});
        expect(effect === 'allow' && !mayReach(policy, who, where)).toBe(false);
      }),
    );
  });
});
