import { describe, expect, it } from 'vitest';
import { makePlace } from '../run-cli.ts';

const CONFIG = `
servers:
  slack:
    url: "https://mcp.slack.com/sse"
    credentials: { headers: { Authorization: "Bearer \${SLACK_BOT_TOKEN}" } }
  github:
    url: "https://api.githubcopilot.com/mcp"
    credential_mode: passthrough
api_keys:
  - { name: alice, key: "\${ALICE_KEY}", role: eng }
  - { name: old, key: "\${OLD_KEY}", role: eng, expires: "2020-01-01" }
roles:
  eng:
    allow:
      - "slack:*"
      - tool: "github:create_issue"
        arguments: { repo: { type: string, pattern: "^acme/" } }
  intern:
    allow: ["slack:read_*"]
    deny: ["github:push_*"]
`;

async function explain(...args: readonly string[]) {
  await using place = await makePlace();
  const file = await place.write('smcp.yaml', CONFIG);
  const ran = await place.smcp(['policy', 'explain', '--config', file, ...args]);
  return { ...ran, file };
}

describe('smcp policy explain', () => {
  it('lets an intern read Slack [S1-11]', async () => {
    const { code, stdout, stderr, file } = await explain(
      '--role',
      'intern',
      '--tool',
      'slack:read_channel',
      '--json',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { considered, ...decision } = JSON.parse(stdout);
    expect(decision).toEqual({
      effect: 'allow',
      rule: 'roles.intern.allow[0]',
      source: { file, line: 19 },
      reasons: ['roles.intern.allow[0] allows slack:read_channel for operator:local'],
    });
    expect(
      considered.map(({ rule, matched }: { rule: string; matched: boolean }) => [rule, matched]),
    ).toEqual([
      ['roles.intern.deny[0]', false],
      ['roles.intern.allow[0]', true],
    ]);
  });

  it('does not let an intern push to GitHub [S1-11] [S1-35]', async () => {
    const { code, stdout, file } = await explain('--role', 'intern', '--tool', 'github:push_files', '--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      effect: 'deny',
      rule: 'roles.intern.deny[0]',
      source: { file, line: 20 },
    });
  });

  it('denies what no rule speaks of [S1-35]', async () => {
    const { code, stdout } = await explain('--role', 'intern', '--tool', 'slack:post_message', '--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ effect: 'deny', rule: null, source: null });
  });

  it('gives people a verdict and a table with file and line', async () => {
    const { stdout, stderr, file } = await explain('--role', 'intern', '--tool', 'github:push_files');
    expect(stdout).toMatch(/^DENY {2}github:push_files {2}for role intern {2}\(roles\.intern\.deny\[0\] at /);
    expect(stdout).toContain(`${file}:20`);
    expect(stdout).toMatch(/allow +roles\.intern\.allow\[0\] +slack:read_\* +no /);
    expect(stderr).toContain('3 credentials are not set here');
  });

  it.each([
    ['{"repo":"acme/app"}', 0, 'allow'],
    ['{"repo":"evil/app"}', 3, 'deny'],
    ['{}', 3, 'deny'],
  ])('judges the arguments %s', async (args, code, effect) => {
    const ran = await explain('--role', 'eng', '--tool', 'github:create_issue', '--args', args, '--json');
    expect(ran.code).toBe(code);
    expect(JSON.parse(ran.stdout).effect).toBe(effect);
  });

  it('decides for a principal of the file [S1-10]', async () => {
    const { code, stdout } = await explain('--principal', 'key:alice', '--tool', 'slack:post_message');
    expect(code).toBe(0);
    expect(stdout).toContain('for key:alice');
  });

  it('decides for a key of the store, until it is revoked', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', CONFIG);
    await place.smcp(['keys', 'create', 'dora', '--role', 'intern']);
    const args = [
      'policy',
      'explain',
      '--config',
      file,
      '--principal',
      'key:dora',
      '--tool',
      'slack:read_x',
      '--json',
    ];
    expect(await place.smcp(args)).toMatchObject({ code: 0 });
    await place.smcp(['keys', 'revoke', 'dora']);
    const ran = await place.smcp(args);
    expect(ran.code).toBe(2);
    expect(JSON.parse(ran.stdout).error).toMatchObject({
      code: 'PRINCIPAL_UNKNOWN',
      remedy: 'known: key:alice, key:old',
    });
  });

  it('denies an expired key whatever its roles [S1-24]', async () => {
    const { code, stdout } = await explain('--principal', 'key:old', '--tool', 'slack:read_x', '--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout).error.code).toBe('PRINCIPAL_EXPIRED');
  });

  it('explains prompts and resources', async () => {
    expect((await explain('--role', 'eng', '--prompt', 'slack:summary')).code).toBe(0);
    expect((await explain('--role', 'intern', '--resource', 'slack:file:///read_x')).code).toBe(3);
  });

  it('denies a role that does not exist, and says so', async () => {
    const { code, stderr } = await explain('--role', 'itnern', '--tool', 'slack:read_x');
    expect(code).toBe(3);
    expect(stderr).toContain('there is no role "itnern"');
  });

  it('says when no such server is configured', async () => {
    expect((await explain('--role', 'eng', '--tool', 'slakc:read_x')).stderr).toContain(
      'no server called "slakc"',
    );
  });

  it.each([
    ['nobody', ['--tool', 'slack:read_x'], 'either --role ROLE or --principal ID'],
    ['two askers', ['--role', 'eng', '--principal', 'key:alice', '--tool', 'slack:x'], 'either --role'],
    ['nothing to do', ['--role', 'eng'], 'one of --tool'],
    ['two things to do', ['--role', 'eng', '--tool', 'a:b', '--prompt', 'a:b'], 'one of --tool'],
    ['a tool without server', ['--role', 'eng', '--tool', 'read_x'], 'form SERVER:NAME'],
    ['a tool without name', ['--role', 'eng', '--tool', 'slack:'], 'form SERVER:NAME'],
    [
      'arguments that are no JSON',
      ['--role', 'eng', '--tool', 'a:b', '--args', '{'],
      'Arguments cannot be read',
    ],
    [
      'arguments of a resource',
      ['--role', 'eng', '--resource', 'a:b', '--args', '{}'],
      'A resource has no --args',
    ],
  ])('refuses %s', async (_what, args, message) => {
    const { code, stderr } = await explain(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('cannot be fooled into another line by a hostile name', async () => {
    const { stdout } = await explain('--role', 'eng', '--tool', 'slack:x\nDENY\u001b[2J');
    expect(stdout).not.toContain('\u001b');
    expect(stdout).not.toMatch(/^DENY/m);
  });
});

describe('smcp policy lint', () => {
  it('finds a role nobody has, and is content with warnings', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', CONFIG);
    const { code, stdout } = await place.smcp(['policy', 'lint', '--config', file]);
    expect(code).toBe(0);
    expect(stdout).toContain(`${file}:18: warning: Role intern is not used by anyone [role-unused]`);
    expect(stdout).toContain('0 errors, 1 warning');
  });

  it('counts the roles of stored keys, known and unknown', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', CONFIG);
    await place.smcp(['keys', 'create', 'dora', '--role', 'intern', 'itnern']);
    const { code, stdout } = await place.smcp(['policy', 'lint', '--config', file, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      errors: 1,
      findings: [{ code: 'role-unknown', role: 'itnern', severity: 'error' }],
    });
  });

  it('has nothing to say against a good policy', async () => {
    await using place = await makePlace();
    const file = await place.write(
      'smcp.yaml',
      'servers: { a: { command: x } }\nroles: { r: { allow: ["a:*"] } }\napi_keys: [{ name: k, key: "${K}", role: r }]',
    );
    expect(await place.smcp(['policy', 'lint', '--config', file])).toMatchObject({
      code: 0,
      stdout: 'Nothing to say against this policy\n',
    });
  });
});
