import { describe, expect, it } from 'vitest';
import { makePlace } from '../run-cli.ts';

const CONFIG = `
servers:
  slack: { url: "https://slack.example/sse", transport: sse, credentials: { headers: { Authorization: "Bearer \${T}" } } }
  github: { url: "https://github.example/mcp", credential_mode: passthrough }
  files: { command: npx, args: ["-y", "files", "--token", "\${FILES_TOKEN}"], enabled: false }
`;

describe('smcp servers list', () => {
  it('shows how each is reached and whose credential it gets', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', CONFIG);
    const { code, stdout } = await place.smcp(['servers', 'list', '--config', file, '--json'], {
      env: { FILES_TOKEN: 'hunter2-hunter2' },
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).servers).toEqual([
      {
        name: 'slack',
        kind: 'sse',
        where: 'https://slack.example/sse',
        credentialMode: 'gateway',
        scope: 'principal',
        enabled: true,
      },
      {
        name: 'github',
        kind: 'http',
        where: 'https://github.example/mcp',
        credentialMode: 'passthrough',
        scope: 'principal',
        enabled: true,
      },
      {
        name: 'files',
        kind: 'stdio',
        where: 'npx -y files --token …',
        credentialMode: 'gateway',
        scope: 'shared',
        enabled: false,
      },
    ]);
  });

  it('is a table for people', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', 'servers: { a: { command: x } }');
    expect((await place.smcp(['servers', 'list', '--config', file])).stdout).toBe(
      'NAME  KIND   WHERE  CREDENTIAL  SCOPE   ENABLED\na     stdio  x      gateway     shared  yes\n',
    );
  });

  it('says so when there are none', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', 'listen: ":0"');
    expect((await place.smcp(['servers', 'list', '--config', file])).stdout).toBe(
      'No servers are configured\n',
    );
  });
});
