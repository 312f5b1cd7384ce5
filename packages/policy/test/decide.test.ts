import { describe, expect, it } from 'vitest';
import {
  compilePolicy,
  decide,
  type Action,
  type Facts,
  type PolicySet,
  type Principal,
  type RoleSpec,
  type RuleSpec,
} from '@smcp/policy';

const SOURCE = { file: 'smcp.yaml', commit: 'abc123', dirty: true };

type Rules = Partial<Record<'allow' | 'deny' | 'ask', readonly (string | Omit<RuleSpec, 'line'>)[]>>;

/** A policy from roles whose rules are patterns; the line of a rule is its position in the role, from 1. */
function policyOf(roles: Readonly<Record<string, Rules>>): PolicySet {
  return compilePolicy({
    source: SOURCE,
    roles: Object.entries(roles).map(([name, rules], index): RoleSpec => {
      const list = (effect: keyof Rules): RuleSpec[] =>
        (rules[effect] ?? []).map((rule, position) =>
          typeof rule === 'string'
            ? { patterns: [rule], line: position + 1 }
            : { ...rule, line: position + 1 },
        );
      return { name, line: index + 1, allow: list('allow'), deny: list('deny'), ask: list('ask') };
    }),
  });
}

function principal(...roles: string[]): Principal {
  return { id: 'key:alice', kind: 'key', tenant: 'default', roles };
}

function action(text: string): Action {
  const [server = '', name = ''] = text.split(':');
  return { kind: 'tool', server, name };
}

describe('decide() by role', () => {
  const policy = policyOf({
    intern: { allow: ['slack:read_*'], deny: ['github:push_*'] },
    developer: { allow: ['slack:*', 'github:*'], deny: ['github:delete_repo'] },
    careful: { allow: ['github:*'], ask: ['github:merge_*'] },
    auditor: { deny: ['*:write_*', 'slack:*'] },
    empty: {},
  });

  const matrix: readonly (readonly [string, string, 'allow' | 'deny' | 'ask', string | null])[] = [
    ['intern', 'slack:read_channel', 'allow', 'roles.intern.allow[0]'],
    ['intern', 'slack:read_', 'allow', 'roles.intern.allow[0]'],
    ['intern', 'slack:post_message', 'deny', null],
    ['intern', 'slack:xread_channel', 'deny', null],
    ['intern', 'github:push_files', 'deny', 'roles.intern.deny[0]'],
    ['intern', 'github:list_issues', 'deny', null],
    ['intern', 'unknown:read_x', 'deny', null],
    ['developer', 'github:push_files', 'allow', 'roles.developer.allow[1]'],
    ['developer', 'github:delete_repo', 'deny', 'roles.developer.deny[0]'],
    ['developer', 'github:delete_repos', 'allow', 'roles.developer.allow[1]'],
    ['intern developer', 'github:push_files', 'deny', 'roles.intern.deny[0]'],
    ['developer intern', 'github:push_files', 'deny', 'roles.intern.deny[0]'],
    ['developer intern', 'slack:post_message', 'allow', 'roles.developer.allow[0]'],
    ['careful', 'github:merge_pull', 'ask', 'roles.careful.ask[0]'],
    ['careful', 'github:push_files', 'allow', 'roles.careful.allow[0]'],
    ['careful intern', 'github:push_files', 'deny', 'roles.intern.deny[0]'],
    ['developer careful', 'github:merge_pull', 'ask', 'roles.careful.ask[0]'],
    ['developer auditor', 'slack:read_channel', 'deny', 'roles.auditor.deny[1]'],
    ['developer auditor', 'github:write_file', 'deny', 'roles.auditor.deny[0]'],
    ['developer auditor', 'github:read_file', 'allow', 'roles.developer.allow[1]'],
    ['auditor', 'github:read_file', 'deny', null],
    ['empty', 'slack:read_channel', 'deny', null],
    ['ghost', 'slack:read_channel', 'deny', null],
    ['ghost intern', 'slack:read_channel', 'allow', 'roles.intern.allow[0]'],
    ['toString', 'slack:read_channel', 'deny', null],
    ['__proto__', 'slack:read_channel', 'deny', null],
    ['developer', 'github:constructor', 'allow', 'roles.developer.allow[1]'],
    ['intern', 'constructor:toString', 'deny', null],
  ];

  it.each(matrix)('%s on %s is %s by %s [S1-10] [S1-35]', (roles, text, effect, rule) => {
    expect(decide(policy, principal(...roles.split(' ')), action(text), {})).toMatchObject({ effect, rule });
    expect(decide(policy, principal(...roles.split(' ')), action(text), { arguments: {} })).toMatchObject({
      effect,
      rule,
    });
  });

  it('lets an intern read Slack and not push to GitHub [S1-11]', () => {
    expect(decide(policy, principal('intern'), action('slack:read_channel'), { arguments: {} }).effect).toBe(
      'allow',
    );
    expect(decide(policy, principal('intern'), action('github:push_files'), { arguments: {} }).effect).toBe(
      'deny',
    );
  });

  it('denies whoever has no roles, with the reason', () => {
    expect(decide(policy, principal(), action('slack:read_channel'), {})).toEqual({
      effect: 'deny',
      rule: null,
      source: null,
      reasons: ['key:alice has no roles, so nothing allows slack:read_channel'],
    });
  });

  it('says which rule of which file and commit decided [S1-21]', () => {
    expect(decide(policy, principal('developer'), action('github:push_files'), {})).toEqual({
      effect: 'allow',
      rule: 'roles.developer.allow[1]',
      source: { ...SOURCE, line: 2 },
      reasons: ['roles.developer.allow[1] allows github:push_files for key:alice'],
    });
  });

  it('says that no rule matched, and which roles are not defined', () => {
    expect(decide(policy, principal('intern', 'ghost'), action('jira:create'), {}).reasons).toEqual([
      'No rule of key:alice with the roles intern, ghost allows jira:create',
      'The role ghost is not defined',
    ]);
  });

  it('tells prompts and resources from tools', () => {
    const policy = policyOf({
      r: { allow: ['s:prompts/*', 's:resources/file:///a/*'], deny: ['s:resources/*.key'] },
    });
    const check = (kind: Action['kind'], name: string) =>
      decide(policy, principal('r'), { kind, server: 's', name }, {}).effect;
    expect(check('prompt', 'summarize')).toBe('allow');
    expect(check('tool', 'prompts/summarize')).toBe('deny');
    expect(check('resource', 'file:///a/b')).toBe('allow');
    expect(check('resource', 'file:///a/b.key')).toBe('deny');
    expect(check('resource', 'file:///b')).toBe('deny');
  });

  it('keeps hostile names on one line and cut', () => {
    const { reasons } = decide(
      policy,
      { ...principal('a\nb'), id: 'key:\u001b[31m' },
      { kind: 'tool', server: 'x\r\n', name: 'y'.repeat(5000) },
      {},
    );
    expect(reasons.join('')).not.toMatch(/\p{Cc}/u);
    expect(Math.max(...reasons.map((reason) => reason.length))).toBeLessThan(600);
  });

  it('denies a name longer than 8,192 characters, even where everything is allowed', () => {
    const all = policyOf({ r: { allow: ['*:*'] } });
    const check = (name: string) =>
      decide(all, principal('r'), { kind: 'resource', server: 's', name }, {}).effect;
    expect(check('x'.repeat(8192))).toBe('allow');
    expect(check('x'.repeat(8193))).toBe('deny');
  });
});

describe('decide() with argument constraints', () => {
  const path = { type: 'string', pattern: '^/safe/' };
  const policy = policyOf({
    writer: {
      allow: ['fs:read', { patterns: ['fs:write'], arguments: { path, mode: { enum: ['w', 'a'] } } }],
    },
    limited: {
      allow: ['pay:*'],
      deny: [{ patterns: ['pay:send'], arguments: { amount: { type: 'number', exclusiveMinimum: 100 } } }],
    },
    asking: {
      allow: ['pay:*'],
      ask: [{ patterns: ['pay:send'], arguments: { amount: { type: 'number', exclusiveMinimum: 10 } } }],
    },
    askingOnly: { ask: [{ patterns: ['pay:send'], arguments: { amount: { type: 'number' } } }] },
  });

  const cases: readonly (readonly [string, string, Facts, 'allow' | 'deny' | 'ask', string | null])[] = [
    ['writer', 'fs:write', { arguments: { path: '/safe/x', mode: 'w' } }, 'allow', 'roles.writer.allow[1]'],
    [
      'writer',
      'fs:write',
      { arguments: { path: '/safe/x', mode: 'w', more: 1 } },
      'allow',
      'roles.writer.allow[1]',
    ],
    ['writer', 'fs:write', { arguments: { path: '/etc/x', mode: 'w' } }, 'deny', null],
    ['writer', 'fs:write', { arguments: { path: '/safe/x', mode: 'x' } }, 'deny', null],
    ['writer', 'fs:write', { arguments: { path: '/safe/x' } }, 'deny', null],
    ['writer', 'fs:write', { arguments: {} }, 'deny', null],
    ['writer', 'fs:write', { arguments: { path: ['/safe/x'], mode: 'w' } }, 'deny', null],
    ['writer', 'fs:write', { arguments: [] }, 'deny', null],
    ['writer', 'fs:write', { arguments: null }, 'deny', null],
    ['writer', 'fs:write', { arguments: Object.create({ path: '/safe/x', mode: 'w' }) }, 'deny', null],
    ['writer', 'fs:write', { arguments: { __proto__: { path: '/safe/x', mode: 'w' } } }, 'deny', null],
    ['writer', 'fs:write', { arguments: { path: '/safe/x', mode: 'w' }, exactNumbers: false }, 'deny', null],
    ['writer', 'fs:write', { arguments: { path: `/safe/${'x'.repeat(70_000)}`, mode: 'w' } }, 'deny', null],
    ['writer', 'fs:write', {}, 'allow', 'roles.writer.allow[1]'],
    ['writer', 'fs:read', { arguments: {}, exactNumbers: false }, 'allow', 'roles.writer.allow[0]'],
    ['limited', 'pay:send', { arguments: { amount: 100 } }, 'allow', 'roles.limited.allow[0]'],
    ['limited', 'pay:send', { arguments: { amount: 100.01 } }, 'deny', 'roles.limited.deny[0]'],
    ['limited', 'pay:send', { arguments: {} }, 'allow', 'roles.limited.allow[0]'],
    [
      'limited',
      'pay:send',
      { arguments: { amount: 1 }, exactNumbers: false },
      'deny',
      'roles.limited.deny[0]',
    ],
    ['limited', 'pay:send', { arguments: {}, exactNumbers: false }, 'deny', 'roles.limited.deny[0]'],
    ['limited', 'pay:list', { arguments: {}, exactNumbers: false }, 'allow', 'roles.limited.allow[0]'],
    ['limited', 'pay:send', {}, 'allow', 'roles.limited.allow[0]'],
    ['asking', 'pay:send', { arguments: { amount: 10 } }, 'allow', 'roles.asking.allow[0]'],
    ['asking', 'pay:send', { arguments: { amount: 11 } }, 'ask', 'roles.asking.ask[0]'],
    ['asking', 'pay:send', { arguments: { amount: 1 }, exactNumbers: false }, 'ask', 'roles.asking.ask[0]'],
    ['askingOnly', 'pay:send', { arguments: { amount: 1 } }, 'ask', 'roles.askingOnly.ask[0]'],
    ['askingOnly', 'pay:send', { arguments: { amount: 1 }, exactNumbers: false }, 'deny', null],
    ['askingOnly', 'pay:send', {}, 'ask', 'roles.askingOnly.ask[0]'],
  ];

  it.each(cases)('%s on %s with %j is %s by %s', (role, text, facts, effect, rule) => {
    expect(decide(policy, principal(role), action(text), facts)).toMatchObject({ effect, rule });
  });

  it('denies by a constrained deny that is too large to judge, with the reason', () => {
    const policy = policyOf({
      r: {
        allow: ['db:*'],
        deny: [{ patterns: ['db:query'], arguments: { sql: { type: 'string', pattern: '(?i)drop' } } }],
      },
    });
    const check = (sql: string) => decide(policy, principal('r'), action('db:query'), { arguments: { sql } });
    expect(check('select 1').effect).toBe('allow');
    expect(check('DROP table x').effect).toBe('deny');
    expect(check(`select ${'x'.repeat(1_000_000)}`)).toMatchObject({
      effect: 'deny',
      rule: 'roles.r.deny[0]',
      reasons: [
        'roles.r.deny[0] denies db:query for key:alice, because argument sql is too large to be judged',
      ],
    });
  });

  it('tells which argument kept an allow rule from applying', () => {
    expect(
      decide(policy, principal('writer'), action('fs:write'), { arguments: { mode: 'w' } }).reasons,
    ).toEqual([
      'No rule of key:alice with the role writer allows fs:write',
      'roles.writer.allow[1] does not apply: argument path is missing',
    ]);
    const facts = { arguments: { path: '/safe/x', mode: 'w' }, exactNumbers: false };
    expect(decide(policy, principal('writer'), action('fs:write'), facts).reasons[1]).toContain(
      'exact range',
    );
  });

  it('never quotes an argument', () => {
    const facts = { arguments: { path: 'hunter2', mode: 'hunter2', amount: 'hunter2' } };
    for (const role of ['writer', 'limited', 'asking']) {
      for (const text of ['fs:write', 'pay:send']) {
        expect(JSON.stringify(decide(policy, principal(role), action(text), facts))).not.toContain('hunter2');
      }
    }
  });
});

describe('decide() is total and pure', () => {
  const policy = policyOf({
    r: { allow: ['a:*'], deny: [{ patterns: ['a:x'], arguments: { v: { type: 'string' } } }] },
  });
  const hostile = new Proxy(
    {},
    {
      getOwnPropertyDescriptor() {
        throw new Error('hunter2');
      },
    },
  );

  it('denies when the arguments throw, and tells nothing of the error', () => {
    const decision = decide(policy, principal('r'), action('a:x'), { arguments: hostile });
    expect(decision).toEqual({ effect: 'deny', rule: null, source: null, reasons: ['Deciding failed'] });
  });

  it('denies when a member of the arguments throws', () => {
    const facts = {
      arguments: {
        get v(): string {
          throw new Error('hunter2');
        },
      },
    };
    expect(decide(policy, principal('r'), action('a:x'), facts)).toMatchObject({
      effect: 'deny',
      rule: 'roles.r.deny[0]',
    });
  });

  it.each([
    ['principal', undefined, action('a:y'), {}],
    ['principal without roles', {}, action('a:y'), {}],
    ['action', principal('r'), null, {}],
    ['action name', principal('r'), { kind: 'tool', server: 'a' }, {}],
    ['facts', principal('r'), action('a:x'), null],
    ['delegation', { ...principal('r'), delegation: { grants: [{}] } }, action('a:y'), {}],
  ])('denies a missing %s', (_, who, what, facts) => {
    expect(decide(policy, who as Principal, what as Action, facts as Facts)).toMatchObject({
      effect: 'deny',
      rule: null,
    });
  });

  it('freezes the decision and leaves its inputs alone', () => {
    const who = Object.freeze({ ...principal('r'), roles: Object.freeze(['r']) });
    const facts = Object.freeze({ arguments: Object.freeze({ v: 'x' }) });
    for (const text of ['a:y', 'a:x', 'b:z']) {
      const decision = decide(policy, who, Object.freeze(action(text)), facts);
      expect(Object.isFrozen(decision) && Object.isFrozen(decision.reasons)).toBe(true);
      expect(decision.source === null || Object.isFrozen(decision.source)).toBe(true);
      expect(decide(policy, who, action(text), facts)).toEqual(decision);
    }
  });
});
