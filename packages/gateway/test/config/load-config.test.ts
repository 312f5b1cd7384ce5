import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig, type LoadedConfig, type LoadOptions } from '../../src/config/index.ts';
import { EXAMPLE } from '../../../../scripts/config-reference.ts';
import { makeTempFolder } from './temp-folder.ts';

const SEED_EXAMPLE = `# smcp.yaml
listen: ":8080"
servers:
  slack:
    url: "https://mcp.slack.com/sse"
    credential_mode: "gateway"
    credentials:
      headers:
        Authorization: "Bearer \${SLACK_BOT_TOKEN}"
  github:
    url: "https://api.githubcopilot.com/mcp"
    credential_mode: "passthrough"
api_keys:
  - name: "alice"
    key: "\${ALICE_KEY}"
    role: "eng"
roles:
  eng:
    allow: ["slack:*", "github:*"]
  intern:
    allow: ["slack:read_*"]
    deny: ["github:push_*"]
`;

const NO_GIT = async (): Promise<undefined> => undefined;
const NOW = Date.parse('2026-06-01T12:00:00Z');

/** Loads a text as if it stood in /etc/smcp/smcp.yaml. */
function load(
  text: string,
  options: Partial<LoadOptions> & { readonly mode?: number } = {},
): Promise<LoadedConfig> {
  const { mode = 0o600, ...rest } = options;
  return loadConfig({
    file: '/etc/smcp/smcp.yaml',
    env: {},
    git: NO_GIT,
    now: () => NOW,
    readFile: async () => ({ ok: true, text, mode }),
    ...rest,
  });
}

async function refusalOf(loading: Promise<LoadedConfig>): Promise<ConfigError> {
  const error: unknown = await loading.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (error instanceof ConfigError) return error;
  throw new Error('Expected a ConfigError');
}

const warningsOf = (loaded: LoadedConfig): readonly (readonly [string, number, string])[] =>
  loaded.warnings.map(({ path, line, code }) => [path, line, code]);

describe('loadConfig() reads', () => {
  const env = { SLACK_BOT_TOKEN: 'xoxb-1234567890', ALICE_KEY: 'smcp_key_0123456789abcdef' };

  it('the example of the seed as it stands [S1-28] [S1-29] [S1-31] [S1-32] [S1-33] [S1-34]', async () => {
    const { config, warnings } = await load(SEED_EXAMPLE, { env });
    expect(config.listen).toBe(':8080');
    expect(Object.keys(config.servers)).toEqual(['slack', 'github']);
    expect(config.servers['slack']).toMatchObject({
      url: 'https://mcp.slack.com/sse',
      credential_mode: 'gateway',
      credentials: { headers: { Authorization: 'Bearer xoxb-1234567890' } },
    });
    expect(config.servers['github']).toMatchObject({
      url: 'https://api.githubcopilot.com/mcp',
      credential_mode: 'passthrough',
    });
    expect(config.api_keys).toEqual([{ name: 'alice', key: 'smcp_key_0123456789abcdef', role: 'eng' }]);
    expect(config.roles).toEqual({
      eng: { allow: ['slack:*', 'github:*'], deny: [], ask: [] },
      intern: { allow: ['slack:read_*'], deny: ['github:push_*'], ask: [] },
    });
    expect(warnings).toEqual([]);
  });

  it('both kinds of upstream address, and one mode per server [S1-30] [S1-17]', async () => {
    const { config } = await load(SEED_EXAMPLE, { env });
    const servers = Object.values(config.servers).map(({ url, transport, credential_mode }) => [
      url,
      transport,
      credential_mode,
    ]);
    expect(servers).toEqual([
      ['https://mcp.slack.com/sse', 'auto', 'gateway'],
      ['https://api.githubcopilot.com/mcp', 'auto', 'passthrough'],
    ]);
  });

  it('the roles with the line of every rule', async () => {
    const { policy } = await load(SEED_EXAMPLE, { env });
    expect(policy.roles).toEqual([
      {
        name: 'eng',
        line: 18,
        allow: [
          { patterns: ['slack:*'], line: 19 },
          { patterns: ['github:*'], line: 19 },
        ],
        deny: [],
        ask: [],
      },
      {
        name: 'intern',
        line: 20,
        allow: [{ patterns: ['slack:read_*'], line: 21 }],
        deny: [{ patterns: ['github:push_*'], line: 22 }],
        ask: [],
      },
    ]);
  });

  it('rules with several globs and with arguments', async () => {
    const text = `roles:
  eng:
    allow:
      - tool: ["*:get_*", "*:list_*"]
      - tool: "*:push"
        arguments: { branch: { const: main }, force: false }
`;
    const { policy } = await load(text);
    expect(policy.roles[0]?.allow).toEqual([
      { patterns: ['*:get_*', '*:list_*'], line: 4 },
      { patterns: ['*:push'], arguments: { branch: { const: 'main' }, force: false }, line: 5 },
    ]);
    expect(policy.roles[0]?.ask).toEqual([]);
  });

  it('the example of the reference without a warning', async () => {
    const texts: Record<string, string> = {
      '/etc/smcp/smcp.yaml': EXAMPLE,
      '/etc/smcp/secrets/release-bot': 'smcp_agent_0123456789abcdef\n',
    };
    const loaded = await load(EXAMPLE, {
      env,
      readFile: async (path) => ({ ok: true, text: texts[path] ?? '', mode: 0o600 }),
    });
    expect(loaded.warnings).toEqual([]);
    expect(loaded.config.agents[0]?.token).toBe('smcp_agent_0123456789abcdef');
    expect(loaded.files).toEqual(['/etc/smcp/secrets/release-bot']);
  });

  it.each(['', '\n\n', '# nothing yet\n', '---\n', 'null\n'])(
    'refuses %j, as a file is in the moment it is written anew',
    async (text) => {
      await expect(load(text)).rejects.toMatchObject({
        code: 'CONFIG_SYNTAX',
        problems: [{ line: 1, column: 1, message: 'The file is empty' }],
      });
    },
  );

  it.each(['{}\n', '# defaults\n{}\n', '---\n{}\n', '\ufefflog: {}\n'])(
    '%j as a file of defaults',
    async (text) => {
      const { config, warnings } = await load(text);
      expect(config).toMatchObject({
        listen: '127.0.0.1:8080',
        servers: {},
        api_keys: [],
        log: { level: 'info' },
      });
      expect(warnings).toEqual([]);
    },
  );

  it('strict JSON, indented with tabs', async () => {
    const text =
      '{\n\t"$schema": "./smcp.schema.json",\n\t"servers": {\n\t\t"a": { "url": "https:\\/\\/a.example/\\u00e9" }\n\t}\n}\n';
    const { config } = await load(text, { file: '/etc/smcp/smcp.json' });
    expect(config.servers['a']?.url).toBe('https://a.example/é');
  });

  it('anchors and aliases within bounds', async () => {
    const text = `servers:
  a: { url: "https://a.example", limits: &calm { rate: { calls: 5/s }, concurrency: 2 } }
  b: { url: "https://b.example", limits: *calm }
`;
    const { config } = await load(text);
    expect(config.servers['b']?.limits).toEqual({ rate: { calls: '5/s' }, concurrency: 2 });
  });

  it('YAML 1.2, where yes and a time are texts', async () => {
    const text = `servers: { a: { command: node, args: [yes, off, 12:30:45, 2026-01-01] } }`;
    expect((await load(text)).config.servers['a']?.args).toEqual(['yes', 'off', '12:30:45', '2026-01-01']);
  });

  it('names of inherited properties as ordinary names, and finds nothing under them when they are not given', async () => {
    const text = `servers: { constructor: { url: "https://a.example" } }\nroles: { eng: {} }\n`;
    const { config } = await load(text);
    expect(config.servers['constructor']?.url).toBe('https://a.example');
    expect(config.servers['toString']).toBeUndefined();
    expect(config.servers['__proto__']).toBeUndefined();
    expect(config.roles['hasOwnProperty']).toBeUndefined();
  });

  it('a file into something that nobody can change', async () => {
    const loaded = await load(SEED_EXAMPLE, { env });
    expect(() => Object.assign(loaded, { file: 'x' })).toThrow(TypeError);
    expect(() => Object.assign(loaded.config.servers, { evil: {} })).toThrow(TypeError);
    expect(() => loaded.config.roles['eng']?.allow.push('*:*')).toThrow(TypeError);
    expect(() => Object.assign(loaded.policy.roles[0]?.allow[0] ?? {}, { line: 1 })).toThrow(TypeError);
  });
});

describe('loadConfig() replaces references', () => {
  it('in the middle of a text, several times, and never again in what it put in [S1-31]', async () => {
    const text = 'servers: { a: { command: node, args: ["<${A}|${B}|${A}>", "$${A} $A $ ${C:-d$e}"] } }';
    const { config } = await load(text, { env: { A: '${B}', B: '"x": [1]', C: '' } });
    expect(config.servers['a']?.args).toEqual(['<${B}|"x": [1]|${B}>', '${A} $A $ d$e']);
  });

  it('from files beside the configuration, without one line break at the end', async () => {
    await using folder = await makeTempFolder();
    await folder.write('secrets/a', 'one\n\n');
    const absolute = await folder.write('b', 'two\r\n');
    const file = await folder.write(
      'smcp.yaml',
      `servers: { a: { url: "https://a.example", credentials: { headers: { A: "\${file:secrets/a}" , B: "\${file:${absolute}}" } } } }`.replace(
        'secrets/a}"',
        'secrets/a}x"',
      ),
    );
    const error = await refusalOf(loadConfig({ file, env: {}, git: NO_GIT }));
    // The second line break of the first file stays, and a header cannot hold it.
    expect(error.problems.map(({ path }) => path)).toEqual(['servers.a.credentials.headers.A']);
    await folder.write('secrets/a', 'one\n');
    const { config, files } = await loadConfig({ file, env: {}, git: NO_GIT });
    expect(config.servers['a']?.credentials.headers).toEqual({ A: 'onex', B: 'two' });
    expect(files.toSorted()).toEqual([absolute, `${folder.path}/secrets/a`]);
  });

  it('from the store of secrets, asking once for each', async () => {
    const asked: string[] = [];
    const secret = async (name: string): Promise<string | undefined> => {
      asked.push(name);
      return name === 'slack/bot' ? 'xoxb-1' : undefined;
    };
    const text = 'servers: { a: { command: node, args: ["${secret:slack/bot}", "${secret:slack/bot}"] } }';
    expect((await load(text, { secret })).config.servers['a']?.args).toEqual(['xoxb-1', 'xoxb-1']);
    expect(asked).toEqual(['slack/bot']);
  });

  it('and names a secret that the store does not have, or cannot read', async () => {
    const text = 'listen: "${secret:gone}"';
    const gone = await refusalOf(load(text, { secret: async () => undefined }));
    expect(gone.code).toBe('CONFIG_VARIABLE_MISSING');
    expect(gone.message).toBe(
      '/etc/smcp/smcp.yaml:1:9 listen: There is no secret called "gone" in the store; make it with "smcp secrets set gone"',
    );
    const broken = await refusalOf(
      load(text, { secret: () => Promise.reject(new Error('the key is canary')) }),
    );
    expect(broken.message).toBe(
      '/etc/smcp/smcp.yaml:1:9 listen: The secret "gone" could not be read from the store',
    );
  });

  it('takes an empty variable for a missing one, unless a default says otherwise', async () => {
    const error = await refusalOf(load('listen: "${L}"', { env: { L: '' } }));
    expect(error.code).toBe('CONFIG_VARIABLE_MISSING');
    expect(error.message).toContain('The environment variable L is empty');
    expect((await load('log: { level: "${L:-warn}" }', { env: { L: '' } })).config.log.level).toBe('warn');
    expect(
      (await load('servers: { a: { command: node, args: ["${L:-}"] } }')).config.servers['a']?.args,
    ).toEqual(['']);
  });

  it('refuses values that are too long altogether', async () => {
    const args = Array.from({ length: 200 }, () => '"${A}"').join(',');
    const error = await refusalOf(
      load(`servers: { a: { command: node, args: [${args}] } }`, { env: { A: 'x'.repeat(50_000) } }),
    );
    expect(error.problems[0]).toMatchObject({ code: 'forbidden', path: 'servers.a.args[167]' });
  });

  it('warns of a secret file that a whole group can read, and refuses one that everybody can', async () => {
    await using folder = await makeTempFolder();
    const file = await folder.write('smcp.yaml', 'log: { level: "${file:level}" }');
    await folder.write('level', 'debug', 0o640);
    const loaded = await loadConfig({ file, env: {}, git: NO_GIT });
    expect(loaded.warnings.map(({ path, code, message }) => [path, code, message])).toEqual([
      ['log.level', 'secret-exposed', 'The file "level" can be read by its whole group (mode 0640)'],
    ]);
    await folder.write('level', 'debug', 0o644);
    const error = await refusalOf(loadConfig({ file, env: {}, git: NO_GIT }));
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.problems.map(({ code }) => code)).toEqual(['secret-exposed']);
    expect(error.files).toEqual([file, `${folder.path}/level`]);
  });
});

describe('loadConfig() tells what logs must hide', () => {
  it('every value put in for a reference, and literal credentials, longest first', async () => {
    const text = `
listen: "\${LISTEN:-127.0.0.1:8080}"
servers:
  a:
    url: "https://a.example/\${SHORT}/\${PART}"
    credentials: { headers: { Authorization: "Bearer literal-token", X-Plain: "plain-value" } }
  b:
    command: node
    env: { NODE_ENV: production, API_TOKEN: literal-env }
    credentials: { env: { DATABASE: "postgres://u:p@db" } }
roles: { eng: {} }
api_keys: [{ name: a, key: smcp_key_0123456789abcdef, role: eng }]
agents:
  - { name: b, role: eng, token: "\${T:-smcp_agent_0123456789abcdef}", code_hash: "sha256:${'0'.repeat(64)}" }
telemetry: { otlp_headers: { api-key: otlp-secret } }
`;
    const { secretValues } = await load(text, { env: { SHORT: '12345', PART: '123456' } });
    expect(secretValues).toEqual([
      'smcp_agent_0123456789abcdef',
      'smcp_key_0123456789abcdef',
      'Bearer literal-token',
      'postgres://u:p@db',
      'literal-token',
      'plain-value',
      'literal-env',
      'otlp-secret',
      '123456',
    ]);
  });

  it('nothing for a file without secrets', async () => {
    expect((await load('listen: "127.0.0.1:8080"')).secretValues).toEqual([]);
  });
});

describe('loadConfig() warns', () => {
  const caller = (lines: string): string =>
    `roles: { eng: {} }\napi_keys:\n  - name: alice\n    ${lines.replaceAll('\n', '\n    ')}\n`;
  const GOOD = 'smcp_key_0123456789abcdef';

  it('of a server that is to start before the callers that it belongs to', async () => {
    const server = (lines: string) =>
      `servers:\n  a: { url: "https://a.example/mcp", start: eager${lines} }\n`;
    expect(warningsOf(await load(server('')))).toEqual([['servers.a.start', 2, 'no-effect']]);
    expect(warningsOf(await load(server(', scope: session')))).toEqual([['servers.a.start', 2, 'no-effect']]);
    expect(warningsOf(await load(server(', scope: shared')))).toEqual([]);
    expect(warningsOf(await load('servers: { a: { command: node, start: eager } }'))).toEqual([]);
  });

  it('of a key that can call nothing', async () => {
    expect(warningsOf(await load(caller(`key: ${GOOD}`)))).toEqual([['api_keys[0]', 3, 'no-effect']]);
    expect(warningsOf(await load(caller(`key: ${GOOD}\nroles: []`)))).toEqual([
      ['api_keys[0]', 3, 'no-effect'],
    ]);
    expect(warningsOf(await load(caller(`key: ${GOOD}\nroles: [eng]`)))).toEqual([]);
  });

  it('of a key without the prefix or shorter than 24 characters [S1-23] [S1-25]', async () => {
    const codes = async (key: string): Promise<unknown> =>
      warningsOf(await load(caller(`role: eng\nkey: "${key}"`)));
    expect(await codes('smcp_key_012345678901234')).toEqual([]);
    expect(await codes('smcp_key_01234567890123')).toEqual([['api_keys[0].key', 5, 'weak-credential']]);
    expect(await codes('smcp_agent_0123456789abcdef')).toEqual([['api_keys[0].key', 5, 'weak-credential']]);
    const agent = `roles: { eng: {} }\nagents: [{ name: a, role: eng, token: ${GOOD}, code_hash: "sha256:${'0'.repeat(64)}" }]`;
    expect(warningsOf(await load(agent))).toEqual([['agents[0].token', 2, 'weak-credential']]);
  });

  it('of a key that has expired, to the millisecond [S1-24]', async () => {
    const codes = async (expires: string): Promise<unknown> =>
      warningsOf(await load(caller(`role: eng\nkey: ${GOOD}\nexpires: ${expires}`)));
    expect(await codes('2026-06-01T12:00:00.001Z')).toEqual([]);
    expect(await codes('2026-06-01T12:00:00Z')).toEqual([['api_keys[0].expires', 6, 'expired']]);
    expect(await codes('2026-06-01T15:00:00+02:00')).toEqual([]);
    expect(await codes('2026-06-01')).toEqual([['api_keys[0].expires', 6, 'expired']]);
    expect(await codes('2026-06-02')).toEqual([]);
  });

  it('of delegators that this file does not know [S1-36]', async () => {
    const agent = (delegators: string, depth = 1): string => `${caller(`role: eng\nkey: ${GOOD}`)}agents:
  - name: bot
    role: eng
    token: smcp_agent_0123456789abcdef
    code_hash: "sha256:${'0'.repeat(64)}"
    max_delegation_depth: ${depth}
    allowed_delegators: ${delegators}
`;
    const found = async (delegators: string, depth?: number): Promise<unknown> =>
      (await load(agent(delegators, depth))).warnings.map(({ path, code, hint }) => [path, code, hint]);
    expect(await found('["key:alice", "agent:bot", "user:carol@example.com"]')).toEqual([]);
    expect(await found('["key:alise"]')).toEqual([
      ['agents[0].allowed_delegators[0]', 'principal-unknown', 'did you mean "key:alice"?'],
    ]);
    expect(await found('["alice"]')).toEqual([
      ['agents[0].allowed_delegators[0]', 'principal-unknown', 'did you mean "key:alice"?'],
    ]);
    expect(await found('["key:bot"]')).toEqual([
      ['agents[0].allowed_delegators[0]', 'principal-unknown', undefined],
    ]);
    expect(await found('["key:alice"]', 0)).toEqual([
      ['agents[0].allowed_delegators', 'no-effect', undefined],
    ]);
  });

  it('of a glob for a server that is not there, with the nearest one', async () => {
    const text = `servers: { slack: { url: "https://a.example" } }
roles:
  eng:
    allow: ["slak:*", "*:x", "sl*:x", { tool: ["slack:y", "github:y"] }]
    deny: ["slack:z", "zoo:z"]
`;
    const { warnings } = await load(text);
    expect(warnings.map(({ path, column, code, hint }) => [path, column, code, hint])).toEqual([
      ['roles.eng.allow[0]', 13, 'server-unknown', 'did you mean "slack"?'],
      ['roles.eng.allow[3].tool[1]', 59, 'server-unknown', undefined],
      ['roles.eng.deny[1]', 23, 'server-unknown', undefined],
    ]);
  });

  it('of a credential that travels in readable form', async () => {
    const server = (url: string, rest = 'credentials: { headers: { A: "${T}" } }'): string =>
      `servers: { a: { url: "${url}", ${rest} } }`;
    const codes = async (text: string): Promise<readonly string[]> =>
      (await load(text, { env: { T: 'token' } })).warnings.map(({ code }) => code);
    expect(await codes(server('http://a.example'))).toEqual(['secret-exposed']);
    expect(await codes(server('http://a.example', 'credential_mode: passthrough'))).toEqual([
      'secret-exposed',
    ]);
    expect(await codes(server('http://a.example', 'start: lazy'))).toEqual([]);
    expect(await codes(server('https://a.example'))).toEqual([]);
    expect(await codes(server('http://localhost:3000'))).toEqual([]);
    expect(await codes(server('http://github-mcp:3000'))).toEqual([]);
    expect(await codes(server('http://10.1.2.3'))).toEqual([]);
    expect(await codes(server('http://8.8.8.8'))).toEqual(['secret-exposed']);
  });

  it('of literal credentials in a file that everybody can read', async () => {
    const text = caller(`role: eng\nkey: ${GOOD}`);
    expect(warningsOf(await load(text, { mode: 0o640 }))).toEqual([]);
    expect(warningsOf(await load(text, { mode: 0o644 }))).toEqual([['api_keys[0].key', 5, 'secret-exposed']]);
    const fromVariable = caller('role: eng\nkey: "${K}"');
    expect(warningsOf(await load(fromVariable, { mode: 0o644, env: { K: GOOD } }))).toEqual([]);
  });

  it('of settings without effect', async () => {
    const text = `servers: { a: { url: "https://a.example", credentials: { passthrough: { header: X-A } } } }`;
    expect(warningsOf(await load(text))).toEqual([['servers.a.credentials.passthrough', 1, 'no-effect']]);
    expect(warningsOf(await load(caller(`key: ${GOOD}\nroles: [eng, eng]`)))).toEqual([
      ['api_keys[0].roles[1]', 5, 'no-effect'],
    ]);
  });
});

describe('loadConfig() accepts', () => {
  it('a caller’s credential in a process of its own [S1-15] [S1-16]', async () => {
    const server = (mode: string, scope: string): string => `servers:
  a: { command: node, credential_mode: ${mode}, scope: ${scope}, credentials: { passthrough: { env: TOKEN, header: X-A-Token } } }`;
    for (const mode of ['passthrough', 'optional']) {
      for (const scope of ['principal', 'session']) {
        expect((await load(server(mode, scope))).warnings).toEqual([]);
      }
    }
    expect((await refusalOf(load(server('passthrough', 'shared')))).problems.map(({ path }) => path)).toEqual(
      ['servers.a.scope'],
    );
  });

  it('a dangerous variable that is named as wanted', async () => {
    const text =
      'servers: { a: { command: node, allow_dangerous_env: [NODE_OPTIONS], env: { NODE_OPTIONS: "--jitless" } } }';
    expect((await load(text)).config.servers['a']?.env).toEqual({ NODE_OPTIONS: '--jitless' });
  });

  it('names without prefix for a single enabled server', async () => {
    const text =
      'naming: none\nservers: { a: { url: "https://a.example" }, b: { url: "https://b.example", enabled: false } }';
    expect((await load(text)).config.naming).toBe('none');
  });

  it.each(['/usr/bin/node', 'node', '/opt/my tools/server'])('the command %s', async (command) => {
    expect((await load(`servers: { a: { command: "${command}" } }`)).config.servers['a']?.command).toBe(
      command,
    );
  });
});

describe('loadConfig() cannot read', () => {
  const unreadable = async (loading: Promise<LoadedConfig>): Promise<readonly [string, string]> => {
    const error = await refusalOf(loading);
    return [
      error.code,
      error.problems.map(({ message, line, column }) => `${line}:${column} ${message}`).join(),
    ];
  };

  it('a file that is not there, a folder, and bytes that are not UTF-8', async () => {
    await using folder = await makeTempFolder();
    const latin = await folder.write('latin.yaml', new Uint8Array([0x6c, 0x6f, 0x67, 0x3a, 0x20, 0xe9]));
    const read = (file: string): Promise<readonly [string, string]> =>
      unreadable(loadConfig({ file, env: {}, git: NO_GIT }));
    expect(await read(`${folder.path}/none.yaml`)).toEqual([
      'CONFIG_UNREADABLE',
      '1:1 The configuration file does not exist',
    ]);
    expect(await read(folder.path)).toEqual([
      'CONFIG_UNREADABLE',
      '1:1 The configuration file is not a regular file',
    ]);
    expect(await read(latin)).toEqual(['CONFIG_UNREADABLE', '1:1 The configuration file is not UTF-8']);
  });

  it('a file of one byte more than allowed', async () => {
    await using folder = await makeTempFolder();
    const file = await folder.write('smcp.yaml', `log: {} #${'x'.repeat(91)}`);
    expect((await loadConfig({ file, env: {}, git: NO_GIT, maxBytes: 100 })).file).toBe(file);
    expect(await unreadable(loadConfig({ file, env: {}, git: NO_GIT, maxBytes: 99 }))).toEqual([
      'CONFIG_UNREADABLE',
      '1:1 The configuration file is larger than 99 bytes',
    ]);
    const large = await folder.write('large.yaml', '#'.repeat(1024 * 1024 + 1));
    expect((await refusalOf(loadConfig({ file: large, env: {}, git: NO_GIT }))).message).toContain(
      'larger than 1048576 bytes',
    );
  });

  it('and keeps the cause, so that logs can say more', async () => {
    const cause = new Error('EIO');
    const error = await refusalOf(
      load('', { readFile: async () => ({ ok: false, reason: 'cannot be read', cause }) }),
    );
    expect(error.cause).toBe(cause);
    expect(error.files).toEqual(['/etc/smcp/smcp.yaml']);
  });
});

describe('loadConfig() stays quick', () => {
  it('with a mebibyte of keys, which are all told as unknown', async () => {
    const text = Array.from({ length: 60_000 }, (_, index) => `key${index}: 1\n`).join('');
    const error = await refusalOf(load(text));
    expect(error.problems).toHaveLength(60_000);
    expect(error.message.split('\n')).toHaveLength(101);
    expect(error.message.endsWith('\nand 59900 more')).toBe(true);
  });
});
