import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { openFoundation } from '@smcp/gateway';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import { Collector, fakeTerminal, makePlace, type Place } from '../run-cli.ts';

async function stored({ home }: Place, name: string): Promise<string | undefined> {
  await using foundation = await openFoundation({ env: {}, home });
  return await foundation.vault.get(name);
}

describe('smcp secrets set', () => {
  it.each([
    ['without the line break that programs add', 'hunter2-hunter2\n', 'hunter2-hunter2'],
    ['without that of other systems', 'hunter2-hunter2\r\n', 'hunter2-hunter2'],
    ['with all other white space', ' a\nb \n\n', ' a\nb \n'],
  ])('keeps standard input %s', async (_what, input, value) => {
    await using place = await makePlace();
    expect((await place.smcp(['secrets', 'set', 'token'], { input })).code).toBe(0);
    expect(await stored(place, 'token')).toBe(value);
  });

  it('asks on a terminal', async () => {
    await using place = await makePlace();
    const terminal = fakeTerminal();
    const stderr = new Collector();
    const io = {
      stdin: terminal,
      stdout: new Collector(),
      stderr,
      env: { SMCP_HOME: place.home },
      now: Date.now,
    };
    const running = main(['node', 'smcp', 'secrets', 'set', 'token'], io);
    terminal.write('hunter2-hunter2\r');
    expect(await running).toBe(0);
    expect(stderr.text).toBe('Value of token (not shown): \n');
    expect(await stored(place, 'token')).toBe('hunter2-hunter2');
  });

  it('shows the value nowhere, and keeps it nowhere in clear [S1-13]', async () => {
    await using place = await makePlace();
    const { stdout, stderr } = await place.smcp(['secrets', 'set', 'token'], { input: 'hunter2-hunter2' });
    expect(stdout + stderr).not.toContain('hunter2');
    const files = (await readdir(place.home, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    for (const { parentPath, name } of files) {
      const text = await readFile(join(parentPath, name), 'latin1');
      expect([name, text.includes('hunter2')]).toEqual([name, false]);
    }
  });

  it.each([
    ['nothing', 'token', '', 'VAULT_VALUE_INVALID'],
    ['more than 64 KiB', 'token', 'x'.repeat(64 * 1024 + 1), 'VAULT_VALUE_INVALID'],
    ['very much more', 'token', 'x'.repeat(1024 * 1024), 'INPUT_INVALID'],
    ['a name with blanks', 'my token', 'hunter2-hunter2', 'VAULT_NAME_INVALID'],
  ])('refuses %s', async (_what, name, input, error) => {
    await using place = await makePlace();
    const { code, stdout } = await place.smcp(['secrets', 'set', name, '--json'], { input });
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error.code).toBe(error);
  });

  it('refuses a value on the command line without repeating it', async () => {
    await using place = await makePlace();
    const { code, stdout, stderr } = await place.smcp(['secrets', 'set', 'token', 'hunter2-hunter2']);
    expect(code).toBe(2);
    expect(stdout + stderr).not.toContain('hunter2');
  });

  it('refuses standard input that fails half way', async () => {
    await using place = await makePlace();
    const stdin = Readable.from(
      (function* () {
        yield Buffer.from('half');
        throw new Error('read failed');
      })(),
    );
    const io = {
      stdin,
      stdout: new Collector(),
      stderr: new Collector(),
      env: { SMCP_HOME: place.home },
      now: Date.now,
    };
    expect(await main(['node', 'smcp', 'secrets', 'set', 'token'], io)).toBe(1);
    expect(await stored(place, 'token')).toBeUndefined();
  });
});

describe('smcp secrets list and delete', () => {
  it('list names, never values', async () => {
    await using place = await makePlace();
    await place.smcp(['secrets', 'set', 'token'], { input: 'hunter2-hunter2', now: 0 });
    expect(JSON.parse((await place.smcp(['secrets', 'list', '--json'])).stdout)).toEqual({
      secrets: [{ name: 'token', updatedAt: expect.any(String) }],
    });
  });

  it('delete one, and refuse to delete it again', async () => {
    await using place = await makePlace();
    await place.smcp(['secrets', 'set', 'token'], { input: 'hunter2-hunter2' });
    expect((await place.smcp(['secrets', 'delete', 'token'])).stdout).toBe('Deleted token\n');
    expect(await place.smcp(['secrets', 'delete', 'token'])).toMatchObject({ code: 1, stdout: '' });
    expect((await place.smcp(['secrets', 'list'])).stdout).toBe('There are no secrets in the store\n');
  });
});
