import { compilePolicy, decide, lint } from '@smcp/policy';
import { describe, expect, it } from 'vitest';
import { toApprovalSettings } from '../../src/approval/index.ts';
import { ConfigError, configJsonSchema, loadConfig, type LoadedConfig } from '../../src/config/index.ts';

function load(text: string): Promise<LoadedConfig> {
  return loadConfig({
    file: '/etc/smcp/smcp.yaml',
    env: {},
    git: async () => undefined,
    now: () => 0,
    readFile: async () => ({ ok: true, text, mode: 0o600 }),
  });
}

async function problemsOf(text: string): Promise<readonly (readonly [string, number, string])[]> {
  const error: unknown = await load(text).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof ConfigError)) throw new Error('Expected a ConfigError');
  return error.problems.map(({ path, line, message }) => [path, line, message]);
}

const ASKING = `servers: { slack: { url: "https://a.example" } }
roles:
  eng:
    allow: ["slack:*"]
    ask:
      - "slack:post_*"
      - tool: ["slack:delete", "slack:archive"]
        arguments: { channel: { const: general } }
    deny: ["slack:post_secret"]
`;

describe('roles.<name>.ask', () => {
  it('is read like allow, with lines and schemas', async () => {
    const { policy, config, warnings } = await load(ASKING);
    expect(policy.roles[0]?.ask).toEqual([
      { patterns: ['slack:post_*'], line: 6 },
      { patterns: ['slack:delete', 'slack:archive'], line: 7, arguments: { channel: { const: 'general' } } },
    ]);
    expect(config.roles['eng']?.ask).toHaveLength(2);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['post_message', {}, 'ask', 'roles.eng.ask[0]'],
    ['post_secret', {}, 'deny', 'roles.eng.deny[0]'],
    ['read', {}, 'allow', 'roles.eng.allow[0]'],
    ['delete', { channel: 'general' }, 'ask', 'roles.eng.ask[1]'],
    ['delete', { channel: 'random' }, 'allow', 'roles.eng.allow[0]'],
  ])('decides about %s with %j: %s', async (name, args, effect, rule) => {
    const { policy } = await load(ASKING);
    const alice = { id: 'key:alice', kind: 'key', tenant: 'default', roles: ['eng'] } as const;
    const action = { kind: 'tool', server: 'slack', name } as const;
    expect(decide(compilePolicy(policy), alice, action, { arguments: args })).toMatchObject({ effect, rule });
  });

  it('alone grants what it covers, and nothing else', async () => {
    const { policy } = await load(
      'servers: { s: { url: "https://a.example" } }\nroles: { eng: { ask: ["s:a"] } }',
    );
    const alice = { id: 'key:alice', kind: 'key', tenant: 'default', roles: ['eng'] } as const;
    const effect = (name: string) =>
      decide(compilePolicy(policy), alice, { kind: 'tool', server: 's', name }, { arguments: {} }).effect;
    expect([effect('a'), effect('b')]).toEqual(['ask', 'deny']);
    expect(lint(compilePolicy(policy), { servers: ['s'], rolesInUse: ['eng'] })).toEqual([]);
  });

  it('is linted with its line: an unknown server, and an allow rule that it makes useless', async () => {
    const { policy, warnings } = await load(`servers: { slack: { url: "https://a.example" } }
roles:
  eng:
    allow: ["slack:post"]
    ask: ["slack:*", "slak:x"]
`);
    expect(warnings).toMatchObject([
      { path: 'roles.eng.ask[1]', line: 5, code: 'server-unknown', hint: 'did you mean "slack"?' },
    ]);
    expect(lint(compilePolicy(policy), { servers: ['slack'], rolesInUse: ['eng'] })).toMatchObject([
      { code: 'server-unknown', rule: 'roles.eng.ask[1]', line: 5 },
      { code: 'rule-shadowed', rule: 'roles.eng.allow[0]', line: 4 },
    ]);
  });

  it('refuses what is no rule, at its place', async () => {
    const problems = await problemsOf(`roles:
  eng:
    ask: ["slack", { tool: "slack:x", arguments: { a: 5 } }, { tools: "slack:x" }]
`);
    expect(problems.map(([path, line]) => [path, line])).toEqual([
      ['roles.eng.ask[0]', 3],
      ['roles.eng.ask[1].arguments.a', 3],
      ['roles.eng.ask[2].tool', 3],
      ['roles.eng.ask[2].tools', 3],
    ]);
  });
});

describe('approvals', () => {
  it('has defaults', async () => {
    const { config } = await load('{}');
    expect(config.approvals).toEqual({
      expire_seconds: 900,
      valid_seconds: 300,
      max_pending_per_principal: 20,
      max_pending: 1000,
      answered_by: ['caller', 'operator'],
    });
    expect(toApprovalSettings(config.approvals)).toEqual({
      expireSeconds: 900,
      validSeconds: 300,
      maxPending: 1000,
      maxPendingPerPrincipal: 20,
      answeredBy: ['caller', 'operator'],
    });
  });

  it.each([
    ['expire_seconds: 0', 'approvals.expire_seconds'],
    ['expire_seconds: 86401', 'approvals.expire_seconds'],
    ['valid_seconds: 0.5', 'approvals.valid_seconds'],
    ['max_pending: 0', 'approvals.max_pending'],
    ['max_pending_per_principal: 100001', 'approvals.max_pending_per_principal'],
    ['answered_by: []', 'approvals.answered_by'],
    ['answered_by: [anybody]', 'approvals.answered_by[0]'],
    ['answered_by: caller', 'approvals.answered_by'],
    ['expires: 5', 'approvals.expires'],
  ])('refuses %s', async (setting, path) => {
    expect((await problemsOf(`approvals: { ${setting} }`)).map((problem) => problem[0])).toEqual([path]);
  });

  it('is described, like every key', () => {
    const { properties } = configJsonSchema();
    expect(properties?.['approvals']?.description).toContain('ask');
    expect(
      Object.values(properties?.['approvals']?.properties ?? {}).every(({ description }) => description),
    ).toBe(true);
  });
});
