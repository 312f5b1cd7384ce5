import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Cli } from '../../src/cli/cli.ts';
import { loadFull, loadWithoutCredentials, missingNote } from '../../src/configuration/load.ts';
import { Collector, makePlace, type Place } from '../run-cli.ts';

const CONFIG = `
servers:
  slack:
    url: "https://slack.example/sse"
    credentials: { headers: { Authorization: "Bearer \${SLACK_TOKEN}" } }
  local:
    command: "tool"
    env: { HOST: "\${LOCAL_HOST}" }
    credentials: { env: { TOKEN: "\${secret:local-token}" } }
api_keys:
  - { name: alice, key: "\${ALICE_KEY}", role: eng }
  - { name: bob, key: "\${file:bob.key}", role: "\${BOB_ROLE:-eng}" }
agents:
  - name: bot
    token: "\${BOT_TOKEN}"
    code_hash: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    role: eng
telemetry:
  otlp_headers: { "x-api.key": "\${OTLP_KEY}" }
roles:
  eng: { allow: ["slack:*"] }
`;

function makeCli(place: Place, env: Readonly<Record<string, string>> = {}): Cli {
  return new Cli({
    stdin: Readable.from([]),
    stdout: new Collector(),
    stderr: new Collector(),
    env: { SMCP_HOME: place.home, ...env },
    now: Date.now,
  });
}

describe('loadWithoutCredentials()', () => {
  it('does without every kind of missing credential, and says which', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', CONFIG);
    await using cli = makeCli(place);
    const { loaded, missing } = await loadWithoutCredentials(cli, file);
    expect(missing).toEqual([
      'servers.slack.credentials.headers.Authorization',
      'servers.local.env.HOST',
      'servers.local.credentials.env.TOKEN',
      'api_keys[0].key',
      'api_keys[1].key',
      'agents[0].token',
      expect.stringContaining('telemetry.otlp_headers'),
    ]);
    expect(loaded.config.api_keys[1]?.role).toBe('eng');
  });

  it('makes no state folder', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', CONFIG);
    await using cli = makeCli(place);
    await loadWithoutCredentials(cli, file);
    expect(cli.hasState).toBe(false);
  });

  it('has nothing missing where everything is set', async () => {
    await using place = await makePlace();
    const file = await place.write(
      'smcp.yaml',
      'api_keys: [{ name: a, key: "${A}", role: r }]\nroles: { r: {} }\n',
    );
    await using cli = makeCli(place, { A: 'smcp_key_aaaaaaaaaaaaaaaaaaaa' });
    expect((await loadWithoutCredentials(cli, file)).missing).toEqual([]);
  });

  it.each([
    ['a role', 'roles: { r: { allow: ["${PATTERN}"] } }'],
    ['an address', 'servers: { s: { url: "${ADDRESS}" } }'],
    ['who a key belongs to', 'api_keys: [{ name: "${NAME}", key: "${KEY}" }]'],
    ['where to listen', 'listen: "${LISTEN}"'],
  ])('refuses when %s is missing', async (_what, text) => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', text);
    await using cli = makeCli(place);
    await expect(loadWithoutCredentials(cli, file)).rejects.toMatchObject({
      code: 'CONFIG_VARIABLE_MISSING',
    });
  });

  it('refuses a file that has other faults as well', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', 'api_keys: [{ name: a, key: "${KEY}", role: nobody }]');
    await using cli = makeCli(place);
    await expect(loadWithoutCredentials(cli, file)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

describe('loadFull()', () => {
  it('refuses a missing credential', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', CONFIG);
    await using cli = makeCli(place);
    await expect(loadFull(cli, file)).rejects.toMatchObject({ code: 'CONFIG_VARIABLE_MISSING' });
  });

  it('finds secrets of the store', async () => {
    await using place = await makePlace();
    await place.smcp(['secrets', 'set', 'token'], { input: 'hunter2-hunter2\n' });
    const file = await place.write(
      'smcp.yaml',
      'servers: { s: { command: x, credentials: { env: { T: "${secret:token}" } } } }',
    );
    await using cli = makeCli(place);
    expect((await loadFull(cli, file)).config.servers['s']?.credentials.env).toEqual({
      T: 'hunter2-hunter2',
    });
  });
});

describe('missingNote()', () => {
  it('is absent when nothing is missing', () => {
    expect(missingNote([])).toBeUndefined();
  });

  it('names three places and no more', () => {
    expect(missingNote(['a', 'b', 'c', 'd'])).toContain('4 credentials are not set here (a, b, c …)');
  });
});
