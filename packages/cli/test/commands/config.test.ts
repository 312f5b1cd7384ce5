import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { configJsonSchema } from '@smcp/gateway';
import { describe, expect, it } from 'vitest';
import { makePlace } from '../run-cli.ts';

describe('smcp config check', () => {
  it('accepts the file that config init writes', async () => {
    await using place = await makePlace();
    const file = place.file('smcp.yaml');
    await place.smcp(['config', 'init', file]);
    const { code, stdout, stderr } = await place.smcp(['config', 'check', file]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`${file} is good: 1 server, 0 API keys, 0 agents, 2 roles with 6 rules\n`);
  });

  it('prints every problem with file, line and column, and ends with 2', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', 'listn: ":8080"\nservers: { a: { url: "ftp://x" } }\n');
    const { code, stdout, stderr } = await place.smcp(['config', 'check', file]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const lines = stderr.trim().split('\n');
    expect(lines[0]).toMatch(/smcp\.yaml:1:1 listn: .*did you mean "listen"\?/);
    expect(lines[1]).toMatch(/smcp\.yaml:2:\d+ servers\.a\.url: /);
    expect(lines.at(-1)).toBe('2 problems; nothing was started or changed');
  });

  it('gives machines the problems as data', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', 'listn: x\n');
    const { code, stdout, stderr } = await place.smcp(['config', 'check', file, '--json']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'CONFIG_INVALID',
      problems: [{ code: 'unknown-key', path: 'listn', line: 1, column: 1 }],
    });
  });

  it('finds a schema that cannot be compiled', async () => {
    await using place = await makePlace();
    const file = await place.write(
      'smcp.yaml',
      'servers: { a: { command: x } }\nroles:\n  r:\n    allow:\n      - { tool: "a:b", arguments: { p: { type: string, pattern: "(" } } }\n',
    );
    const { code, stdout } = await place.smcp(['config', 'check', file, '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error).toMatchObject({ code: 'POLICY_BAD_SCHEMA', place: { line: 5 } });
  });

  it('tells warnings beside the result', async () => {
    await using place = await makePlace();
    const file = await place.write(
      'smcp.yaml',
      'api_keys: [{ name: a, key: "not-made-by-us", role: r }]\nroles: { r: {} }\n',
    );
    const people = await place.smcp(['config', 'check', file]);
    expect(people).toMatchObject({ code: 0, stderr: expect.stringContaining('(warning)') });
    const machines = JSON.parse((await place.smcp(['config', 'check', file, '--json'])).stdout);
    expect(machines).toMatchObject({ ok: true, apiKeys: 1, warnings: [{ code: 'weak-credential' }] });
  });

  it('shows people a hundred warnings, and machines all', async () => {
    await using place = await makePlace();
    const keys = Array.from(
      { length: 130 },
      (_, n) => `  - { name: k${n}, key: "not-made-by-us-${n}", role: r }\n`,
    );
    const file = await place.write('smcp.yaml', `roles: { r: {} }\napi_keys:\n${keys.join('')}`);
    const machines = JSON.parse((await place.smcp(['config', 'check', file, '--json'])).stdout);
    const people = await place.smcp(['config', 'check', file]);
    const lines = people.stderr.trim().split('\n');
    expect(machines.warnings.length).toBeGreaterThanOrEqual(130);
    expect(people.code).toBe(0);
    expect(lines).toHaveLength(101);
    expect(lines.at(-1)).toBe(`… and ${machines.warnings.length - 100} more warnings; --json shows all`);
  });

  it('shows people a hundred problems, and machines all', async () => {
    await using place = await makePlace();
    const file = await place.write(
      'smcp.yaml',
      Array.from({ length: 130 }, (_, n) => `wrong${n}: 1\n`).join(''),
    );
    const machines = JSON.parse((await place.smcp(['config', 'check', file, '--json'])).stdout);
    const people = await place.smcp(['config', 'check', file]);
    const lines = people.stderr.trim().split('\n');
    expect(machines.error.problems).toHaveLength(130);
    expect(people.code).toBe(2);
    expect(lines.slice(-2)).toEqual([
      '… and 30 more problems; --json shows all',
      '130 problems; nothing was started or changed',
    ]);
    expect(lines).toHaveLength(102);
  });

  it('refuses missing variables, unless credentials may be missing [S1-31]', async () => {
    await using place = await makePlace();
    const file = await place.write(
      'smcp.yaml',
      'api_keys: [{ name: a, key: "${KEY_OF_A}", role: r }]\nroles: { r: {} }\n',
    );
    expect(await place.smcp(['config', 'check', file])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('KEY_OF_A is not set'),
    });
    const without = JSON.parse(
      (await place.smcp(['config', 'check', file, '--without-credentials', '--json'])).stdout,
    );
    expect(without).toMatchObject({ ok: true, missing: ['api_keys[0].key'], warnings: [] });
    expect(
      await place.smcp(['config', 'check', file], { env: { KEY_OF_A: 'smcp_key_0123456789abcdef' } }),
    ).toMatchObject({ code: 0, stderr: '' });
  });

  it('refuses a file that is not there', async () => {
    await using place = await makePlace();
    const { code, stderr } = await place.smcp(['config', 'check', place.file('nope.yaml')]);
    expect(code).toBe(2);
    expect(stderr).toContain('The configuration file does not exist');
  });
});

describe('smcp config init', () => {
  it('writes a file for its owner alone', async () => {
    await using place = await makePlace();
    await place.smcp(['config', 'init', place.file('smcp.yaml')]);
    expect((await stat(place.file('smcp.yaml'))).mode & 0o777).toBe(0o600);
  });

  it('shares a folder beside the file, never the one with the file in it', async () => {
    await using place = await makePlace();
    const file = place.file('smcp.yaml');
    const { stdout } = await place.smcp(['config', 'init', file, '--json']);
    expect(JSON.parse(stdout)).toEqual({ file, folder: place.file('files') });
    expect(await readFile(file, 'utf8')).toContain('"@modelcontextprotocol/server-filesystem", "./files"]');
    const folder = await stat(place.file('files'));
    expect({ isFolder: folder.isDirectory(), mode: folder.mode & 0o777 }).toEqual({
      isFolder: true,
      mode: 0o700,
    });
  });

  it('leaves a folder of that name as it is', async () => {
    await using place = await makePlace();
    await mkdir(place.file('files'), { mode: 0o755 });
    await writeFile(place.file('files/a'), 'kept');
    expect((await place.smcp(['config', 'init', place.file('smcp.yaml')])).code).toBe(0);
    expect(await readFile(place.file('files/a'), 'utf8')).toBe('kept');
    expect((await stat(place.file('files'))).mode & 0o777).toBe(0o755);
  });

  it.each(['developer', 'reader'])('lets a %s read and change nothing', async (role) => {
    await using place = await makePlace();
    const file = place.file('smcp.yaml');
    await place.smcp(['config', 'init', file]);
    const codes = await Promise.all(
      ['read_text_file', 'list_directory', 'write_file', 'edit_file', 'move_file', 'create_directory'].map(
        async (tool) =>
          (
            await place.smcp([
              'policy',
              'explain',
              '--config',
              file,
              '--role',
              role,
              '--tool',
              `files:${tool}`,
            ])
          ).code,
      ),
    );
    expect(codes).toEqual([0, 0, 3, 3, 3, 3]);
  });

  it('makes no folder when the file is refused', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', '');
    await place.smcp(['config', 'init', file]);
    await place.smcp(['config', 'init', place.file('nope/smcp.yaml')]);
    expect(await readdir(place.folder)).toEqual(['smcp.yaml']);
  });

  it('never touches a file that is there', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', 'listen: ":1"\n');
    const { code, stdout } = await place.smcp(['config', 'init', file, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).error.code).toBe('FILE_EXISTS');
    expect(await readFile(file, 'utf8')).toBe('listen: ":1"\n');
  });

  it('fails plainly where it may not write', async () => {
    await using place = await makePlace();
    const { code, stderr } = await place.smcp(['config', 'init', place.file('no/such/folder/smcp.yaml')]);
    expect(code).toBe(1);
    expect(stderr).toContain(`The folder ${place.file('no/such/folder')} does not exist`);
  });
});

describe('smcp config schema', () => {
  it('prints the JSON Schema', async () => {
    await using place = await makePlace();
    const { code, stdout } = await place.smcp(['config', 'schema']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
  });
});
