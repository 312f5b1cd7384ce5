import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commandEnv, exitOf, makePlace, runCommand } from '../run-cli.ts';

const BIN = fileURLToPath(new URL('../../bin/smcp.js', import.meta.url));

describe('smcp', () => {
  it('finds smcp.yaml in the working directory', async () => {
    await using place = await makePlace();
    await runCommand(place, ['config', 'init']);
    const { code, stdout } = await runCommand(place, [
      'policy',
      'explain',
      '--role',
      'reader',
      '--tool',
      'files:read_file',
    ]);
    expect(code).toBe(0);
    // Below the working directory the place is told as people write it.
    expect(stdout).toMatch(
      /^ALLOW {2}files:read_file {2}for role reader {2}\(roles\.reader\.allow\[0\] at smcp\.yaml:\d+, not in git\)/,
    );
  });

  it('refuses when there is no configuration anywhere', async () => {
    await using place = await makePlace();
    const { code, stderr } = await runCommand(place, ['servers', 'list']);
    expect(code).toBe(2);
    expect(stderr).toContain('There is no configuration file');
    expect(stderr).toContain('smcp config init');
  });

  it('gives a shell the key and nothing else', async () => {
    await using place = await makePlace();
    const script = `KEY=$("$0" "$1" keys create alice --role eng 2>/dev/null) && printf '[%s]' "$KEY"`;
    const child = spawn('sh', ['-c', script, process.execPath, BIN], {
      env: commandEnv(place),
    });
    let text = '';
    child.stdout.on('data', (chunk) => (text += String(chunk)));
    expect(await exitOf(child)).toBe(0);
    expect(text).toMatch(/^\[smcp_key_[A-Za-z0-9_-]{43}\]$/);
  });

  it('tells an old Node how to get on', async () => {
    await using place = await makePlace();
    const old = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })`;
    const child = spawn(process.execPath, ['--import', `data:text/javascript,${old}`, BIN, '--version'], {
      env: commandEnv(place),
    });
    let complaint = '';
    child.stderr.on('data', (chunk) => (complaint += String(chunk)));
    expect(await exitOf(child)).toBe(1);
    expect(complaint).toContain('smcp needs Node 24 or newer; this is v20.1.0.');
    expect(complaint).toContain('`npx smcp …` or `npm start`');
    expect(complaint).toContain('Elsewhere install Node 24');
  });

  it('has no colour in a pipe', async () => {
    await using place = await makePlace();
    const { stdout, stderr } = await runCommand(place, ['doctor']);
    expect(stdout + stderr).not.toContain('\u001b');
  });

  it('ends quietly when its reader goes away', async () => {
    await using place = await makePlace();
    for (let n = 0; n < 3; n++) await place.smcp(['keys', 'create', `key-${n}`, '--role', 'r']);
    const script = '"$0" "$1" config schema | head -c 10; exit 0';
    const child = spawn('sh', ['-c', script, process.execPath, BIN], {
      env: commandEnv(place),
    });
    let complaints = '';
    child.stderr.on('data', (chunk) => (complaints += String(chunk)));
    expect(await exitOf(child)).toBe(0);
    expect(complaints).toBe('');
  });

  it('lets several commands change the state at the same time', async () => {
    await using place = await makePlace();
    const runs = await Promise.all(
      Array.from({ length: 4 }, (_, n) => runCommand(place, ['keys', 'create', `key-${n}`, '--role', 'r'])),
    );
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(JSON.parse((await place.smcp(['keys', 'list', '--json'])).stdout).keys).toHaveLength(4);
    expect((await place.smcp(['audit', 'verify'])).code).toBe(0);
  });
});
