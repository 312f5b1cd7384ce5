import { describe, expect, it } from 'vitest';
import {
  compilePolicy,
  lint,
  type LintContext,
  type LintFinding,
  type RoleSpec,
  type RuleSpec,
} from '@smcp/policy';

type Written = string | Omit<RuleSpec, 'line'>;

function role(name: string, rules: Partial<Record<'allow' | 'deny' | 'ask', readonly Written[]>>): RoleSpec {
  const list = (written: readonly Written[] = [], from: number): RuleSpec[] =>
    written.map((rule, i) => ({
      ...(typeof rule === 'string' ? { patterns: [rule] } : rule),
      line: from + i,
    }));
  return {
    name,
    line: 1,
    allow: list(rules.allow, 10),
    deny: list(rules.deny, 20),
    ask: list(rules.ask, 30),
  };
}

const CONTEXT: LintContext = {
  servers: ['slack', 'github', 'jira'],
  tools: new Map([
    ['slack', ['read_channel', 'post_message']],
    ['github', ['push_files', 'list_issues']],
  ]),
  rolesInUse: ['r'],
};

function findings(rules: Parameters<typeof role>[1], context: LintContext = CONTEXT): readonly LintFinding[] {
  return lint(compilePolicy({ source: { file: 'smcp.yaml' }, roles: [role('r', rules)] }), context);
}

function brief(list: readonly LintFinding[]): readonly string[] {
  return list.map(({ code, rule, role }) => `${code} ${rule ?? role}`);
}

const SAFE_PATH = { path: { type: 'string', pattern: '^/safe/' } };

it('lint() has nothing to say about a sound policy', () => {
  expect(
    findings({
      allow: [
        'slack:read_*',
        'github:*',
        { patterns: ['github:list_*', 'jira:anything'], arguments: { q: true } },
      ],
      deny: ['github:push_*'],
      ask: ['slack:post_message'],
    }).filter(({ code }) => code !== 'rule-shadowed'),
  ).toEqual([]);
  expect(findings({ allow: ['slack:read_*', 'github:list_*'], deny: ['github:push_*'] })).toEqual([]);
});

describe('lint() server-unknown', () => {
  it('names the server, the pattern and the place', () => {
    expect(findings({ allow: ['slack:*', { patterns: ['github:*', 'slak:read_*'] }] })).toEqual([
      {
        code: 'server-unknown',
        severity: 'error',
        role: 'r',
        rule: 'roles.r.allow[1]',
        file: 'smcp.yaml',
        line: 11,
        pattern: 'slak:read_*',
        server: 'slak',
        message: 'Pattern slak:read_* names the server slak, which is not configured',
      },
    ]);
  });

  it.each([
    ['git*:*', false],
    ['*:*', false],
    ['gitlab*:*', true],
    ['Slack:*', true],
    ['toString:*', true],
  ])('for %s is %j', (pattern, expected) => {
    const codes = findings({ allow: [pattern] }).map(({ code }) => code);
    expect(codes.includes('server-unknown')).toBe(expected);
  });
});

describe('lint() rule-never-matches', () => {
  it.each([
    ['slack:read_*', false],
    ['slack:reed_*', true],
    ['slack:read_channels', true],
    ['slack:*', false],
    ['*:push_*', false],
    ['*:delete_*', false],
    ['s*:delete_*', true],
    ['jira:whatever', false],
    ['slack:prompts/none', false],
    ['slack:resources/none', false],
  ])('for %s is %j', (pattern, expected) => {
    const list = findings({ allow: [pattern] });
    expect(brief(list)).toEqual(expected ? ['rule-never-matches roles.r.allow[0]'] : []);
  });

  it('speaks of the one pattern that is dead', () => {
    const list = findings({
      deny: [{ patterns: ['slack:post_*', 'slack:delete_*'] }],
      allow: ['slack:read_*'],
    });
    expect(list).toMatchObject([{ code: 'rule-never-matches', pattern: 'slack:delete_*', line: 20 }]);
  });

  it('knows a server without any tools', () => {
    const context = { ...CONTEXT, tools: new Map([['slack', []]]) };
    expect(brief(findings({ allow: ['slack:read'] }, context))).toEqual([
      'rule-never-matches roles.r.allow[0]',
    ]);
    expect(brief(findings({ allow: ['slack:*'] }, context))).toEqual([]);
  });

  it('says nothing when no catalogue is known', () => {
    const { tools: _, ...context } = CONTEXT;
    expect(findings({ allow: ['slack:none'] }, context)).toEqual([]);
  });
});

describe('lint() rule-shadowed', () => {
  type Rules = Parameters<typeof role>[1];
  const context = { servers: ['a', 'b', 'ab'], rolesInUse: ['r'] };
  const cases: readonly (readonly [string, Rules, readonly string[]])[] = [
    ['an allow under a wider deny', { allow: ['a:read_x', 'b:*'], deny: ['a:read_*'] }, ['roles.r.allow[0]']],
    ['an allow under the same deny', { allow: ['a:x', 'b:*'], deny: ['a:x'] }, ['roles.r.allow[0]']],
    ['not an allow under a narrower deny', { allow: ['a:read_*'], deny: ['a:read_x'] }, []],
    ['not an allow that overlaps a deny', { allow: ['a:*x'], deny: ['a:x*'] }, []],
    [
      'not an allow under a constrained deny',
      { allow: ['a:x'], deny: [{ patterns: ['a:*'], arguments: SAFE_PATH }] },
      [],
    ],
    [
      'a constrained allow under a deny',
      { allow: [{ patterns: ['a:x'], arguments: SAFE_PATH }, 'b:*'], deny: ['a:*'] },
      ['roles.r.allow[0]'],
    ],
    ['an allow under an ask', { allow: ['a:x'], ask: ['a:*'] }, ['roles.r.allow[0]']],
    ['not an ask under an allow', { allow: ['a:*'], ask: ['a:x'] }, []],
    ['an ask under a deny', { allow: ['b:*'], ask: ['a:x'], deny: ['a:*'] }, ['roles.r.ask[0]']],
    ['the later of two equal rules', { allow: ['a:x', 'a:x'] }, ['roles.r.allow[1]']],
    ['a narrow rule after a wide one', { allow: ['a:*', 'a:x'] }, ['roles.r.allow[1]']],
    ['not a wide rule after a narrow one', { allow: ['a:x', 'a:*'] }, []],
    ['a deny after a wider deny', { allow: ['b:*'], deny: ['*:*x', 'a:*yx'] }, ['roles.r.deny[1]']],
    [
      'not a rule after a constrained one',
      { allow: [{ patterns: ['a:*'], arguments: SAFE_PATH }, 'a:x'] },
      [],
    ],
    [
      'a constrained rule after an unconditional one',
      { allow: ['a:*', { patterns: ['a:x'], arguments: SAFE_PATH }] },
      ['roles.r.allow[1]'],
    ],
    [
      'a rule whose patterns are covered by several rules',
      { allow: [{ patterns: ['a:x', 'b:y'] }, 'ab:z'], deny: ['a:*', 'b:*'] },
      ['roles.r.allow[0]'],
    ],
    ['not a rule with a pattern left', { allow: [{ patterns: ['a:x', 'b:y'] }], deny: ['a:*'] }, []],
    ['a rule under a wider server glob', { allow: ['ab:x', 'b:*'], deny: ['a*:x'] }, ['roles.r.allow[0]']],
    ['not a rule with a wider server glob', { allow: ['a*:x'], deny: ['ab:x'] }, []],
    ['not tools under prompts', { allow: ['a:x'], deny: ['a:prompts/*'] }, []],
    ['prompts under everything', { allow: ['a:prompts/*', 'b:*'], deny: ['a:*'] }, ['roles.r.allow[0]']],
    ['not everything under all that is tools', { allow: ['a:*'], deny: ['a:*x', 'a:x*'] }, []],
    ['not resources under a tool glob', { allow: ['a:resources/x'], deny: ['a:r*'] }, []],
  ];

  it.each(cases)('finds %s', (_, rules, expected) => {
    const shadowed = findings(rules, context).filter(({ code }) => code === 'rule-shadowed');
    expect(shadowed.map(({ rule }) => rule)).toEqual(expected);
  });

  it('says by which rules', () => {
    const [finding] = findings(
      { allow: [{ patterns: ['a:x', 'b:y'] }, 'ab:z'], deny: ['a:*', 'b:*'] },
      context,
    );
    expect(finding).toMatchObject({
      severity: 'warning',
      line: 10,
      message:
        'Rule roles.r.allow[0] has no effect, all that it covers is settled by roles.r.deny[0] and roles.r.deny[1]',
    });
  });

  it('judges a thousand rules of one role in reasonable time', () => {
    const allow = Array.from({ length: 1000 }, (_, i) => `a:tool_${i}_*`);
    expect(findings({ allow }, context)).toEqual([]);
  });
});

describe('lint() on roles', () => {
  const policy = compilePolicy({
    source: { file: 'smcp.yaml' },
    roles: [
      role('used', { allow: ['slack:*'] }),
      role('unused', { allow: ['slack:*'] }),
      role('empty', {}),
      role('denies', { deny: ['slack:*'] }),
      role('void', { allow: ['slack:read_*'], ask: ['github:*'], deny: ['slack:*', '*:*'] }),
      role('asks', { ask: ['slack:*'] }),
    ],
  });

  it('finds those that nobody uses, that are not defined, and that grant nothing', () => {
    const list = lint(policy, {
      ...CONTEXT,
      rolesInUse: ['used', 'ghost', 'empty', 'denies', 'void', 'asks', 'ghost', 'toString'],
    });
    expect(brief(list.filter(({ code }) => code.startsWith('role-')))).toEqual([
      'role-unused unused',
      'role-grants-nothing empty',
      'role-grants-nothing denies',
      'role-grants-nothing void',
      'role-unknown ghost',
      'role-unknown toString',
    ]);
  });

  it('places a role in the file, and an unknown one in the file without a line', () => {
    const list = lint(policy, { ...CONTEXT, rolesInUse: ['ghost'] });
    expect(list.find(({ code }) => code === 'role-unused')).toMatchObject({
      file: 'smcp.yaml',
      line: 1,
      rule: null,
    });
    expect(list.find(({ code }) => code === 'role-unknown')).toMatchObject({
      file: 'smcp.yaml',
      line: null,
      rule: null,
      role: 'ghost',
      severity: 'error',
    });
  });
});
