import { describe, expect, it } from 'vitest';
import { compilePolicy, decide, DecisionMemo, type Action, type Facts, type Principal } from '@smcp/policy';

const policy = compilePolicy({
  source: { file: 'smcp.yaml' },
  roles: [
    {
      name: 'eng',
      line: 1,
      allow: [
        { patterns: ['slack:*'], line: 2 },
        { patterns: ['pay:send'], line: 3, arguments: { amount: { type: 'number', maximum: 5 } } },
      ],
      deny: [{ patterns: ['slack:delete'], line: 4, arguments: { all: { const: true } } }],
    },
  ],
});

const tool = (server: string, name: string): Action => ({ kind: 'tool', server, name });

function principal(...roles: string[]): Principal {
  return { id: 'key:alice', kind: 'key', tenant: 'default', roles };
}

describe('DecisionMemo', () => {
  it('gives the very decision again where no rule looks at arguments', () => {
    const memo = new DecisionMemo(policy);
    const alice = principal('eng');
    const first = memo.decide(alice, tool('slack', 'post'), { arguments: { text: 'a' } });
    expect(first.effect).toBe('allow');
    expect(memo.decide(alice, tool('slack', 'post'), { arguments: { text: 'b' } })).toBe(first);
  });

  it.each([
    ['an allow rule with a limit', tool('pay', 'send'), { amount: 1 }, { amount: 9 }],
    ['a deny rule with a condition', tool('slack', 'delete'), { all: false }, { all: true }],
  ])('decides anew by the arguments of each call: %s', (_what, action, mild, grave) => {
    const memo = new DecisionMemo(policy);
    const alice = principal('eng');
    for (const given of [mild, grave, mild, grave]) {
      const facts = { arguments: given };
      expect(memo.decide(alice, action, facts)).toEqual(decide(policy, alice, action, facts));
    }
    expect(memo.decide(alice, action, { arguments: grave }).effect).toBe('deny');
  });

  it('does not take what a listing was told for what a call is told', () => {
    const memo = new DecisionMemo(policy);
    const alice = principal('eng');
    const listing: Facts = {};
    expect(memo.decide(alice, tool('pay', 'send'), listing).effect).toBe('allow');
    expect(memo.decide(alice, tool('pay', 'send'), { arguments: { amount: 9 } }).effect).toBe('deny');
  });

  it('does not judge a number that is not exact by one that is', () => {
    const memo = new DecisionMemo(policy);
    const alice = principal('eng');
    const given = { arguments: { amount: 1 } };
    expect(memo.decide(alice, tool('pay', 'send'), given).effect).toBe('allow');
    expect(memo.decide(alice, tool('pay', 'send'), { ...given, exactNumbers: false }).effect).toBe('deny');
  });

  it('keeps principals apart that differ in nothing but their roles', () => {
    const memo = new DecisionMemo(policy);
    const action = tool('slack', 'post');
    expect(memo.decide(principal('eng'), action, {}).effect).toBe('allow');
    expect(memo.decide(principal(), action, {}).effect).toBe('deny');
    expect(memo.mayReach(principal('eng'), 'slack')).toBe(true);
    expect(memo.mayReach(principal(), 'slack')).toBe(false);
  });

  it('keeps kinds, servers and names apart', () => {
    const memo = new DecisionMemo(policy);
    const alice = principal('eng');
    expect(memo.decide(alice, tool('slack', 'pay\nsend'), {}).effect).toBe('allow');
    expect(memo.decide(alice, tool('slack\npay', 'send'), {}).effect).toBe('deny');
    expect(memo.decide(alice, { kind: 'prompt', server: 'jira', name: 'x' }, {}).effect).toBe('deny');
  });

  it('stays right past its bounds', () => {
    const memo = new DecisionMemo(policy);
    const alice = principal('eng');
    for (let n = 0; n < 5000; n += 1) {
      expect(memo.decide(alice, tool('slack', `post_${n}`), {}).effect).toBe('allow');
      expect(memo.mayReach(alice, `other-${n}`)).toBe(false);
    }
    expect(memo.decide(alice, tool('slack', 'x'.repeat(1000)), {}).effect).toBe('allow');
  });
});
