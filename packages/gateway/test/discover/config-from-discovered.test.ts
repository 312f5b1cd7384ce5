import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/index.ts';
import {
  configFromDiscovered,
  inheritedEnvironment,
  LOCAL_ROLE,
  localRules,
  NESTED_VARIABLE,
} from '../../src/discover/index.ts';
import { childEnvironment } from '../../src/upstream/stdio/child-environment.ts';
import { makeStage, type Stage } from './stage.ts';

async function configure(stage: Stage, entries: object, env: Record<string, string> = {}, base: object = {}) {
  await stage.write('.gemini/settings.json', { mcpServers: entries });
  const places = stage.places({ env });
  const { found } = await stage.discover({ env });
  return await configFromDiscovered(found, { ...places, base: { ...base } });
}

describe('configFromDiscovered()', () => {
  it('gives a configuration as a file would', async () => {
    await using stage = await makeStage();
    const { config, folder, source } = await configure(stage, {
      files: {
        command: 'npx',
        args: ['-y', 'files'],
        env: { MODE: 'ro', API_KEY: 'k-123456' },
        description: 'Files',
      },
      docs: { httpUrl: 'https://docs.example/mcp', headers: { Authorization: 'Bearer t-123456' } },
      old: { url: 'https://old.example/sse' },
    });
    expect(folder).toBe(stage.project);
    expect(source.commit).toBeUndefined();
    expect(config.servers['files']).toMatchObject({
      command: 'npx',
      args: ['-y', 'files'],
      env: { MODE: 'ro' },
      credentials: { env: { API_KEY: 'k-123456' } },
      description: 'Files',
    });
    expect(config.servers['docs']).toMatchObject({
      url: 'https://docs.example/mcp',
      transport: 'http',
      credentials: { headers: { Authorization: 'Bearer t-123456' } },
    });
    expect(config.servers['old']).toMatchObject({ transport: 'sse' });
  });

  it('runs what has no folder of its own in the working folder, and the rest where it says [S3-37]', async () => {
    await using stage = await makeStage();
    const loaded = await configure(stage, { a: { command: 'x' }, b: { command: 'x', cwd: '/srv' } });
    expect([loaded.folder, loaded.config.servers['a']?.cwd, loaded.config.servers['b']?.cwd]).toEqual([
      stage.project,
      undefined,
      '/srv',
    ]);
  });

  it('has one role that may do everything', async () => {
    await using stage = await makeStage();
    const { config, policy } = await configure(stage, { a: { command: 'x' } });
    expect(Object.keys(config.roles)).toEqual([LOCAL_ROLE]);
    expect(policy.roles).toMatchObject([{ name: LOCAL_ROLE, allow: [{ patterns: ['*:*'] }], deny: [] }]);
  });

  it('denies what the user turned off in the client', async () => {
    await using stage = await makeStage();
    const { policy } = await configure(stage, {
      a: { command: 'x', excludeTools: ['drop', 'wipe'] },
      b: { command: 'y', includeTools: ['read'] },
    });
    const [role] = policy.roles;
    expect(role?.allow.flatMap(({ patterns }) => patterns)).toEqual(['smcp:*', 'scripts:*', 'a:*', 'b:read']);
    expect(role?.deny.flatMap(({ patterns }) => patterns)).toEqual(['a:drop', 'a:wipe']);
  });

  it('takes further keys, roles and servers of the caller', async () => {
    await using stage = await makeStage();
    const base = {
      code_mode: { check: false },
      roles: { mine: { allow: ['a:*'] } },
      servers: { a: { command: 'ours' }, extra: { command: 'literal', args: ['${NOT_A_REFERENCE}'] } },
    };
    const { config } = await configure(stage, { a: { command: 'theirs' } }, {}, base);
    expect(config).toMatchObject({
      code_mode: { check: false },
      servers: { a: { command: 'ours' }, extra: { args: ['${NOT_A_REFERENCE}'] } },
    });
    expect(Object.keys(config.roles)).toEqual(['mine']);
  });

  it('refuses further keys that are wrong', async () => {
    await using stage = await makeStage();
    await expect(configure(stage, { a: { command: 'x' } }, {}, { code_mod: {} })).rejects.toThrow(
      ConfigError,
    );
  });

  it('is a good configuration without any server', async () => {
    await using stage = await makeStage();
    expect(Object.keys((await configure(stage, {})).config.servers)).toEqual([]);
  });

  it('keeps secrets from logs, longest first, and leaves ordinary words in them', async () => {
    await using stage = await makeStage();
    const { secretValues } = await configure(
      stage,
      {
        a: {
          command: 'x',
          args: ['--token', 'argument-token', '$HOME/docs'],
          env: { API_KEY: 'variable-key', MODE: 'production' },
        },
        b: {
          httpUrl: 'https://b.example/mcp?x=$FROM_ENV',
          headers: { Authorization: 'Bearer header-token' },
        },
      },
      { FROM_ENV: 'from-the-environment', HOME: '/home/somebody' },
    );
    for (const secret of ['argument-token', 'variable-key', 'header-token', 'from-the-environment'])
      expect(secretValues).toContain(secret);
    for (const word of ['production', '/home/somebody']) expect(secretValues).not.toContain(word);
    expect(secretValues).toEqual(secretValues.toSorted((a, b) => b.length - a.length));
  });

  it('gives processes PATH and HOME, what clients hand on, and their own variables above all', async () => {
    await using stage = await makeStage();
    const own = {
      PATH: '/bin',
      HOME: '/h',
      USER: 'ann',
      LANG: 'C',
      AWS_SECRET_ACCESS_KEY: 'x',
      HTTPS_PROXY: 'p',
    };
    const { config } = await configure(stage, { a: { command: 'npx', env: { LANG: 'de', A: '1' } } }, own);
    const { env = {}, credentials } = config.servers['a'] ?? {};
    expect(childEnvironment(own, env, credentials?.env ?? {})).toEqual({
      PATH: '/bin',
      HOME: '/h',
      USER: 'ann',
      LANG: 'de',
      A: '1',
      [NESTED_VARIABLE]: '1',
    });
  });

  it('allows variables that change what runs only to the server that sets them', async () => {
    await using stage = await makeStage();
    const { config } = await configure(stage, {
      a: { command: 'x', env: { NODE_OPTIONS: '--x' } },
      b: { command: 'y' },
    });
    expect([config.servers['a']?.allow_dangerous_env, config.servers['b']?.allow_dangerous_env]).toEqual([
      ['NODE_OPTIONS'],
      [],
    ]);
  });

  it('cuts a long description', async () => {
    await using stage = await makeStage();
    const { config } = await configure(stage, { a: { command: 'x', description: '😀'.repeat(400) } });
    expect(config.servers['a']?.description?.length).toBeLessThanOrEqual(500);
  });

  it('keeps the time limits of the client', async () => {
    await using stage = await makeStage();
    await stage.write(
      '.codex/config.toml',
      '[mcp_servers.a]\ncommand = "x"\ntool_timeout_sec = 1e9\nstartup_timeout_ms = 2500\n',
    );
    const { found } = await stage.discover();
    const { config } = await configFromDiscovered(found, stage.places());
    expect(config.servers['a']).toMatchObject({ timeout_seconds: 86_400, start_timeout_seconds: 3 });
  });
});

describe('localRules()', () => {
  it('allows all when nothing was found', () => {
    expect(localRules([])).toEqual({ allow: ['*:*'], deny: [] });
  });
});

describe('inheritedEnvironment()', () => {
  it('takes what Windows programs need, however it is spelt', () => {
    const env = { SystemRoot: 'C:\\Windows', ComSpec: 'cmd', GITHUB_TOKEN: 'x', USER: 'ann' };
    expect(inheritedEnvironment(env, 'win32')).toEqual({
      SystemRoot: 'C:\\Windows',
      ComSpec: 'cmd',
      [NESTED_VARIABLE]: '1',
    });
  });

  it('leaves out values that no configuration can hold', () => {
    expect(inheritedEnvironment({ USER: 'a\nb', TERM: undefined }, 'linux')).toEqual({
      [NESTED_VARIABLE]: '1',
    });
  });
});
