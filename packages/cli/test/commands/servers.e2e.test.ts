import { describe, expect, it } from 'vitest';
import { exitOf, makePlace, runCommand, startCommand, type Ran, type RunOptions } from '../run-cli.ts';
import { sampleConfig, SERVER_SECRET } from '../sample-config.ts';

async function smcp(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  await using place = await makePlace();
  const file = await place.write('smcp.yaml', sampleConfig());
  return await runCommand(place, [...args, '--config', file], options);
}

describe('smcp servers inspect', () => {
  it('shows version, protocol, capabilities and everything on offer', async () => {
    const { code, stdout } = await smcp(['servers', 'inspect', 'everything', '--json']);
    expect(code).toBe(0);
    const inspected = JSON.parse(stdout);
    expect(inspected).toMatchObject({
      server: 'everything',
      protocolVersion: expect.stringMatching(/^\d{4}-/),
      serverInfo: { name: expect.any(String), version: expect.any(String) },
    });
    expect(Object.keys(inspected.capabilities)).toContain('tools');
    expect(inspected.tools.map(({ name }: { name: string }) => name)).toContain('echo');
    expect(inspected.prompts.length).toBeGreaterThan(0);
    expect(inspected.resources.length).toBeGreaterThan(0);
  });

  it('gives people one line for each tool', async () => {
    const { stdout } = await smcp(['servers', 'inspect', 'everything']);
    expect(stdout).toMatch(/^echo +Echoes back the input string$/m);
    expect(stdout).toMatch(/^TOOLS \(\d+\) +DESCRIPTION$/m);
  });

  it('says why a server does not start, without the secret that it prints', async () => {
    const { code, stdout, stderr } = await smcp(['servers', 'inspect', 'broken']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^smcp: Server "broken" .*3\n {2}It said:\n {2}cannot use /);
    expect(stderr).not.toContain(SERVER_SECRET);
  });

  it.each([
    ['nope', 'There is no server "nope"'],
    ['off', 'The server off is disabled'],
    ['constructor', 'There is no server "constructor"'],
  ])('refuses the server %s', async (server, message) => {
    const { code, stdout } = await smcp(['servers', 'inspect', server, '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error).toEqual({
      code: 'SERVER_UNKNOWN',
      message,
      remedy: 'configured: everything, broken, personal',
    });
  });

  it('wants the caller’s credential where the server does, from the environment only [S1-15]', async () => {
    const without = await smcp(['servers', 'inspect', 'personal', '--json']);
    expect(without.code).toBe(1);
    expect(JSON.parse(without.stdout).error).toMatchObject({
      code: 'SERVER_UNREACHABLE',
      remedy: expect.stringContaining('--credential-env'),
    });
    const unset = await smcp(['servers', 'inspect', 'personal', '--credential-env', 'NOT_SET', '--json']);
    expect(unset.code).toBe(2);
    const given = await smcp(['servers', 'inspect', 'personal', '--credential-env', 'MINE', '--json'], {
      env: { MINE: 'my-own-token' },
    });
    expect(given.code).toBe(0);
  });
});

describe('smcp servers call', () => {
  it('calls a tool and prints its text', async () => {
    const ran = await smcp([
      'servers',
      'call',
      'everything',
      'echo',
      '--args',
      '{"message":"hi"}',
      '--role',
      'reader',
    ]);
    expect(ran).toEqual({ code: 0, stdout: 'Echo: hi\n', stderr: '' });
  });

  it('reads arguments from standard input and gives machines the whole result', async () => {
    const { code, stdout } = await smcp(
      ['servers', 'call', 'everything', 'echo', '--args', '-', '--role', 'reader', '--json'],
      { input: '{"message":"hi"}' },
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ content: [{ type: 'text', text: 'Echo: hi' }] });
  });

  it('makes what a tool says harmless on a terminal', async () => {
    const { stdout } = await smcp([
      'servers',
      'call',
      'everything',
      'echo',
      '--args',
      String.raw`{"message":"\u001b[2J\u202e"}`,
      '--role',
      'reader',
    ]);
    expect(stdout).toBe('Echo: \\x1b[2J\\u{202e}\n');
  });

  it('refuses by policy with exit code 3, and names rule and place [S1-49]', async () => {
    const { code, stdout } = await smcp([
      'servers',
      'call',
      'everything',
      'get-sum',
      '--args',
      '{"a":1,"b":2}',
      '--role',
      'developer',
      '--json',
    ]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'DENIED',
      call: expect.stringMatching(/^call-/),
      decision: { effect: 'deny', rule: 'roles.developer.deny[0]', source: { line: expect.any(Number) } },
    });
  });

  it('calls as a principal with just that principal’s rights', async () => {
    expect(
      await smcp([
        'servers',
        'call',
        'everything',
        'echo',
        '--args',
        '{"message":"a"}',
        '--principal',
        'key:alice',
      ]),
    ).toMatchObject({ code: 0 });
    expect(
      await smcp(['servers', 'call', 'everything', 'get-tiny-image', '--principal', 'key:alice']),
    ).toMatchObject({ code: 3, stdout: '' });
  });

  it('injects the stored credential [S1-14]', async () => {
    const { stdout } = await smcp(['servers', 'call', 'everything', 'get-env', '--role', 'developer']);
    expect(JSON.parse(stdout)).toMatchObject({ UPSTREAM_KEY: SERVER_SECRET });
  });

  it('passes the caller’s own credential and nothing else of the environment [S1-15]', async () => {
    const args = [
      'servers',
      'call',
      'personal',
      'get-env',
      '--role',
      'developer',
      '--credential-env',
      'MINE',
    ];
    const { stdout } = await smcp(args, {
      env: { MINE: 'my-own-token', SMCP_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') },
    });
    const seen = JSON.parse(stdout);
    expect(seen['PERSONAL_KEY']).toBe('my-own-token');
    expect(Object.keys(seen).filter((name) => name.startsWith('SMCP') || name === 'MINE')).toEqual([]);
  });

  it('describes what is not text', async () => {
    const { stdout } = await smcp(['servers', 'call', 'everything', 'get-tiny-image', '--role', 'developer']);
    expect(stdout).toMatch(/^\[image image\/png \d+ bytes\]$/m);
  });

  it('ends with 1 when the tool says that it failed', async () => {
    const { code, stderr } = await smcp(['servers', 'call', 'everything', 'echo', '--role', 'reader']);
    expect(code).toBe(1);
    expect(stderr).toContain('everything:echo for the role reader says that it failed');
  });

  it.each([
    [['everything', 'nope', '--role', 'developer'], 1, 'UNKNOWN'],
    [['broken', 'x', '--role', 'developer'], 1, 'UNAVAILABLE'],
    [['personal', 'echo', '--role', 'developer'], 1, 'CREDENTIAL_MISSING'],
    [['off', 'x', '--role', 'developer'], 2, 'SERVER_UNKNOWN'],
    [['everything', 'echo'], 2, 'USAGE'],
    [['everything', 'echo', '--principal', 'key:nobody'], 2, 'PRINCIPAL_UNKNOWN'],
    [['everything', 'echo', '--role', 'reader', '--args', '[]'], 2, 'INPUT_INVALID'],
  ])('refuses %j with %d %s', async (args, code, error) => {
    const ran = await smcp(['servers', 'call', ...args, '--json']);
    expect(ran.code).toBe(code);
    expect(JSON.parse(ran.stdout).error.code).toBe(error);
    expect(ran.stdout + ran.stderr).not.toContain(SERVER_SECRET);
  });

  it('leaves records of what was decided for whom and who stood behind it, and a whole chain [S1-18]', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', sampleConfig());
    const call = (...args: readonly string[]) =>
      runCommand(place, ['servers', 'call', 'everything', ...args, '--config', file]);
    await call('echo', '--args', '{"message":"hi"}', '--principal', 'key:alice');
    await call('get-sum', '--role', 'developer');
    const listed = (await place.smcp(['audit', 'list', '--json'])).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(listed).toMatchObject([
      {
        door: 'cli',
        writer: 'cli',
        principal: 'key:alice',
        server: 'everything',
        name: 'echo',
        outcome: 'ok',
        arguments: { message: 'hi' },
      },
      {
        door: 'cli',
        principal: 'operator:local',
        name: 'get-sum',
        outcome: 'refused',
        decision: { effect: 'deny' },
      },
    ]);
    const notes = (await place.smcp(['audit', 'export', '--type', 'system'])).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const calls = notes.filter(({ event }) => event === 'cli.call');
    expect(calls.map(({ event, detail }) => [event, detail.as])).toEqual([
      ['cli.call', 'key:alice'],
      ['cli.call', 'operator:local'],
    ]);
    expect((await place.smcp(['audit', 'verify'])).code).toBe(0);
  });
});

describe('smcp servers call, interrupted', () => {
  it('gives up the call, and records that', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', sampleConfig());
    const args = ['everything', 'trigger-long-running-operation', '--args', '{"duration":60,"steps":2}'];
    const child = startCommand(place, [
      'servers',
      'call',
      ...args,
      '--role',
      'developer',
      '--config',
      file,
      '--json',
    ]);
    const exited = exitOf(child);
    let text = '';
    child.stdout?.on('data', (chunk) => (text += String(chunk)));
    const records = async (): Promise<string> => (await place.smcp(['audit', 'export'])).stdout;
    await expect.poll(records, { timeout: 20_000 }).toContain('"type":"call"');
    child.kill('SIGINT');
    expect(await exited).toBe(1);
    expect(JSON.parse(text).error.code).toBe('CANCELLED');
    const [summary] = (await place.smcp(['audit', 'list', '--json'])).stdout.split('\n');
    expect(JSON.parse(summary ?? '')).toMatchObject({ outcome: 'cancelled' });
  });
});

describe('smcp policy lint --live', () => {
  it('compares rules with the tools that servers have', async () => {
    await using place = await makePlace();
    const file = await place.write(
      'smcp.yaml',
      sampleConfig('').replace('["everything:echo"]', '["everything:ehco"]'),
    );
    const { stdout } = await runCommand(place, ['policy', 'lint', '--live', '--config', file, '--json']);
    const { findings, unreachable } = JSON.parse(stdout);
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'rule-never-matches', pattern: 'everything:ehco' }),
    );
    expect(unreachable.map(({ server }: { server: string }) => server).sort()).toEqual([
      'broken',
      'personal',
    ]);
  });
});
