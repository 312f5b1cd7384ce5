import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { discoverServers } from '../../../src/discover/index.ts';
import { realDisk, type Disk } from '../../../src/discover/place/disk.ts';
import { essence, makeStage } from '../stage.ts';

const GOOD = '.cursor/mcp.json';
const BAD = '.codeium/windsurf/mcp_config.json';
const server = { mcpServers: { good: { command: 'x' } } };

describe('Library', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['broken JSON', '{"mcpServers": {', 'Not valid JSON'],
    ['a list', '[]', 'Expected an object at the top'],
    ['a text', '"hello"', 'Expected an object at the top'],
    ['a file that is too large', ' '.repeat(1024 * 1024 + 1), 'The file is larger than 1048576 bytes'],
    ['binary', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0xff, 0xfe, 0x00]), 'The file is not UTF-8'],
    ['UTF-16', Buffer.from('\ufeff{"mcpServers":{}}', 'utf16le'), 'The file is not UTF-8'],
    ['deep nesting', '['.repeat(100_000), 'Nested more than 64 levels deep'],
    [
      'a key twice',
      '{"mcpServers": {}, "mcpServers": {}}',
      'The key "mcpServers" is given twice; the last one counts',
    ],
  ])('reports %s and reads the other files', async (_, content, message) => {
    await using stage = await makeStage();
    await stage.write(BAD, content);
    await stage.write(GOOD, server);
    const discovery = await stage.discover();
    expect(essence(discovery)).toMatchObject({ found: { good: {} }, problems: [message] });
    expect(discovery.problems[0]).toMatchObject({ client: 'windsurf', file: stage.file(BAD) });
  });

  it.each(['', '\n', '{}', '{"mcpServers": null}', '{"mcpServers": []}', '{"mcpServers": "x"}'])(
    'finds nothing and no fault in %j',
    async (content) => {
      await using stage = await makeStage();
      await stage.write(BAD, content);
      expect(await stage.discover()).toEqual({ found: [], skipped: [], problems: [] });
    },
  );

  it('reads a file at the bound', async () => {
    await using stage = await makeStage();
    const text = JSON.stringify(server);
    await stage.write(BAD, text + ' '.repeat(1024 * 1024 - text.length));
    expect(Object.keys(essence(await stage.discover()).found)).toEqual(['good']);
  });

  it('reports links that go in circles, folders and pipes in the place of a file', async () => {
    await using stage = await makeStage();
    await stage.link('mcp_config.json', BAD);
    await mkdir(stage.file('.gemini/settings.json'), { recursive: true });
    await mkdir(stage.file('.codex'), { recursive: true });
    execFileSync('mkfifo', [stage.file('.codex/config.toml')]);
    await stage.write(GOOD, server);
    expect(essence(await stage.discover())).toEqual({
      found: { good: { command: ['x'] } },
      skipped: [],
      problems: [
        'The file cannot be opened',
        'The file is not a regular file',
        'The file is not a regular file',
      ],
    });
  });

  it('follows a link to a file, and passes over one that leads nowhere', async () => {
    await using stage = await makeStage();
    await stage.write('dotfiles/mcp.json', server);
    await stage.link(stage.file('dotfiles/mcp.json'), GOOD);
    await stage.link(stage.file('gone.json'), BAD);
    expect(essence(await stage.discover())).toMatchObject({ found: { good: {} }, problems: [] });
  });

  it('passes over a file in the place of a folder', async () => {
    await using stage = await makeStage();
    await stage.write('.codeium', 'a file');
    await stage.write('MCPs', 'a file');
    expect(await stage.discover()).toEqual({ found: [], skipped: [], problems: [] });
  });

  // Whoever runs the tests may be allowed to read everything, so the refusal of the system is played.
  it('reports files and folders that may not be read', async () => {
    await using stage = await makeStage();
    const file = await stage.write(BAD, server);
    await stage.write(GOOD, server);
    const disk: Disk = {
      ...realDisk,
      readFile: async (path, maxBytes) =>
        path === file
          ? { ok: false, reason: 'may not be read by this user' }
          : await realDisk.readFile(path, maxBytes),
      listFolder: async (path) =>
        path === stage.file('MCPs') ? new Error('EACCES') : await realDisk.listFolder(path),
    };
    const { found, problems } = await discoverServers(stage.places(), { disk });
    expect(found.map(({ name }) => name)).toEqual(['good']);
    expect(problems.map(({ message }) => message)).toEqual([
      'The file may not be read by this user',
      'The folder cannot be read',
    ]);
  });

  it('is not led astray by names of inherited properties', async () => {
    await using stage = await makeStage();
    await stage.write(
      GOOD,
      '{"mcpServers": {"__proto__": {"command": "a"}, "constructor": {"command": "b"}, "toString": {"command": "c", "env": {"__proto__": "x"}}}}',
    );
    const discovery = await stage.discover();
    expect(discovery.found.map(({ name }) => name)).toEqual(['proto__', 'constructor']);
    expect(discovery.skipped).toMatchObject([{ name: 'toString', code: 'unsupported' }]);
    expect(({} as Record<string, unknown>)['command']).toBeUndefined();
  });

  it('reports a huge number of entries, and looks at the first', async () => {
    await using stage = await makeStage();
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`s${n}`, 1]));
    await stage.write(GOOD, { mcpServers: many });
    const { skipped, problems } = await stage.discover();
    expect(skipped).toHaveLength(2000);
    expect(problems.map(({ message }) => message)).toEqual([
      'More than 2000 entries; the rest was not looked at',
    ]);
  });
});
