import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makePlace, type Place, type Ran } from '../run-cli.ts';

const SECRETS = ['hunter2-hunter2', 'in-a-header', 'in-the-query', 'in-the-login', 'from-the-environment'];

async function furnish(place: Place): Promise<void> {
  await put(place, 'user/.claude.json', {
    mcpServers: {
      files: {
        command: 'npx',
        args: ['-y', 'files', '--token', 'hunter2-hunter2'],
        env: { A: 'hunter2-hunter2' },
      },
      docs: {
        type: 'http',
        url: 'https://ann:in-the-login@docs.example/mcp?key=in-the-query',
        headers: { 'X-Key': 'in-a-header' },
      },
      gate: { command: 'npx', args: ['-y', 'smcp', 'stdio'] },
    },
  });
  await put(place, 'user/.cursor/mcp.json', {
    mcpServers: { files: { command: 'other', args: ['${env:TOKEN}'] } },
  });
  await put(place, 'user/work/.vscode/mcp.json', { servers: { build: { command: './build' } } });
}

async function put(place: Place, name: string, content: object | string): Promise<void> {
  await mkdir(dirname(place.file(name)), { recursive: true });
  await writeFile(place.file(name), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
}

async function discover(place: Place, ...args: readonly string[]): Promise<Ran> {
  await mkdir(place.file('user/work'), { recursive: true });
  return await place.smcp(['discover', '--folder', place.file('user/work'), ...args], {
    env: { HOME: place.file('user'), USERPROFILE: place.file('user'), TOKEN: 'from-the-environment' },
  });
}

describe('smcp discover', () => {
  it('shows people what is taken from where, and why the rest is not', async () => {
    await using place = await makePlace();
    await furnish(place);
    const { code, stdout, stderr } = await discover(place);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^SERVER +FROM +HOW +STATUS$/);
    expect(lines[1]).toMatch(/^files +Claude Code, ~\/\.claude\.json:3 +npx -y files --token … +taken$/);
    expect(lines[2]).toMatch(
      /^docs +Claude Code, ~\/\.claude\.json:\d+ +https:\/\/docs\.example\/mcp\?key=… +taken$/,
    );
    expect(lines[3]).toMatch(
      /^build +VS Code, \.vscode\/mcp\.json:3 +\.\/build +not taken: it comes with this folder/,
    );
    expect(lines[4]).toMatch(/^gate .* not taken: it is this program$/);
    expect(lines[5]).toMatch(
      /^files +Cursor, .* not taken: another "files" was taken from Claude Code \(~\/\.claude\.json\)$/,
    );
    expect(stdout).toContain('2 servers taken, 3 not');
    expect(lines.at(-1)).toContain('--trust-project');
  });

  it.each([[], ['--json'], ['--trust-project']])('never prints a secret, with %j', async (...args) => {
    await using place = await makePlace();
    await furnish(place);
    const { stdout, stderr } = await discover(place, ...args);
    for (const secret of SECRETS) expect(stdout + stderr).not.toContain(secret);
    expect(stdout).not.toContain(Buffer.from('ann:in-the-login').toString('base64'));
  });

  it('gives machines everything but secrets', async () => {
    await using place = await makePlace();
    await furnish(place);
    const { servers, skipped, problems } = JSON.parse((await discover(place, '--json')).stdout);
    expect(servers).toEqual([
      {
        name: 'files',
        kind: 'stdio',
        how: 'npx -y files --token …',
        env: ['A'],
        origins: [
          {
            client: 'claude-code',
            file: place.file('user/.claude.json'),
            pointer: '/mcpServers/files',
            line: 3,
            scope: 'user',
          },
        ],
        notes: [],
      },
      expect.objectContaining({ name: 'docs', kind: 'http', headers: ['X-Key', 'Authorization'] }),
    ]);
    expect(skipped.map(({ name, code }: { name: string; code: string }) => [name, code])).toEqual([
      ['build', 'untrusted-folder'],
      ['gate', 'self'],
      ['files', 'duplicate'],
    ]);
    expect(problems).toEqual([]);
  });

  it('takes what comes with the folder only when told to (A83)', async () => {
    await using place = await makePlace();
    await furnish(place);
    const names = async (...args: readonly string[]) =>
      JSON.parse((await discover(place, '--json', ...args)).stdout).servers.map(
        ({ name }: { name: string }) => name,
      );
    expect(await names()).toEqual(['files', 'docs']);
    expect(await names('--trust-project')).toEqual(['build', 'files', 'docs']);
  });

  it('ends with 1 when a file is not valid, after showing all others', async () => {
    await using place = await makePlace();
    await furnish(place);
    await put(place, 'user/.codex/config.toml', '[mcp_servers.a]\ncommand = "hunter2-hunter2\n');
    const { code, stdout } = await discover(place);
    expect(code).toBe(1);
    expect(stdout).toContain('\nProblems:\n~/.codex/config.toml:2:');
    expect(stdout).toContain('Not valid TOML');
    expect(stdout).toContain('2 servers taken');
    expect(stdout).not.toContain('hunter2');
  });

  it('says so when there is nothing', async () => {
    await using place = await makePlace();
    expect(await discover(place)).toEqual({
      code: 0,
      stdout: 'No servers are configured in other clients\n\n0 servers taken, 0 not\n',
      stderr: '',
    });
  });

  it('makes no state folder', async () => {
    await using place = await makePlace();
    await discover(place);
    expect((await place.smcp(['doctor', '--json'])).stdout).toContain('made at first use');
  });

  it('shows hostile names harmlessly', async () => {
    await using place = await makePlace();
    await put(place, 'user/.claude.json', {
      mcpServers: { '\u001b[2Jx\u202e\n': { command: '\u001b]0;x\u0007', args: ['\u001b[31m', 'a\nb'] } },
    });
    const { stdout } = await discover(place);
    for (const char of ['\u001b', '\u0007', '\u202e']) expect(stdout).not.toContain(char);
  });

  it.each([
    ['a folder that is not there', ['--folder', '/no/such/folder']],
    ['an option it does not know', ['--everything']],
    ['an argument', ['cursor']],
  ])('refuses %s', async (_, args) => {
    await using place = await makePlace();
    expect((await place.smcp(['discover', ...args])).code).toBe(2);
  });

  it('teaches in its help', async () => {
    await using place = await makePlace();
    const { code, stdout } = await place.smcp(['discover', '--help']);
    expect(code).toBe(0);
    for (const word of [
      'Claude Code',
      'Zed',
      '~/.config/mcp/servers',
      '--trust-project',
      'Exit codes',
      '$ smcp discover',
    ])
      expect(stdout).toContain(word);
  });
});
