import { describe, expect, it } from 'vitest';
import { essence, makeStage } from '../stage.ts';

const FILE = '.config/opencode/opencode.json';

describe('readOpenCode()', () => {
  it('reads local servers with a list for a command, and remote ones', async () => {
    await using stage = await makeStage();
    await stage.write(FILE, {
      $schema: 'https://opencode.ai/config.json',
      mcp: {
        files: { type: 'local', command: ['npx', '-y', 'files'], environment: { MODE: 'ro' }, enabled: true },
        docs: { type: 'remote', url: 'https://docs.example/mcp', headers: { 'X-A': '1' } },
        off: { type: 'local', command: ['x'], enabled: false },
      },
    });
    expect(essence(await stage.discover())).toEqual({
      found: {
        files: { command: ['npx', '-y', 'files'], env: { MODE: 'ro' } },
        docs: { url: 'https://docs.example/mcp', transport: 'auto', headers: { 'X-A': '1' } },
      },
      skipped: [['off', 'disabled']],
      problems: [],
    });
  });

  it('reads the form of version 2, below mcp.servers', async () => {
    await using stage = await makeStage();
    await stage.write(FILE, {
      mcp: {
        timeout: { startup: 1000 },
        servers: {
          a: { type: 'local', command: ['x'], cwd: '.' },
          b: { type: 'local', command: ['x'], disabled: true },
        },
      },
    });
    expect(essence(await stage.discover())).toEqual({
      found: { a: { command: ['x'] } },
      skipped: [['b', 'disabled']],
      problems: [],
    });
  });

  it('is not confused by a server that is called "servers"', async () => {
    await using stage = await makeStage();
    await stage.write(FILE, {
      mcp: { servers: { type: 'local', command: ['x'] }, b: { type: 'local', command: ['y'] } },
    });
    expect(Object.keys(essence(await stage.discover()).found)).toEqual(['servers', 'b']);
  });

  it.each(['opencode.json', 'opencode.jsonc', '.opencode/opencode.json'])(
    'reads %s of the project',
    async (name) => {
      await using stage = await makeStage();
      await stage.write(
        `work/project/${name}`,
        '{ "mcp": { /* x */ "a": { "type": "local", "command": ["x"], }, }, }',
      );
      expect(essence(await stage.discover()).skipped).toEqual([['a', 'untrusted-folder']]);
      expect(Object.keys(essence(await stage.discover({ trustProject: true })).found)).toEqual(['a']);
    },
  );

  it('fills in variables and files, relative to the folder of the file', async () => {
    await using stage = await makeStage();
    await stage.write('.config/opencode/token.txt', 'near\n');
    await stage.write('far.txt', '  far\n');
    await stage.write(FILE, {
      mcp: {
        a: {
          type: 'local',
          command: ['x', '{env:A}', '{file:./token.txt}', '{file:~/far.txt}', '${A}', '{x}'],
        },
      },
    });
    expect(essence(await stage.discover({ env: { A: '1' } })).found).toEqual({
      a: { command: ['x', '1', 'near', 'far', '${A}', '{x}'] },
    });
  });

  it('leaves out an entry whose variable or file is not there', async () => {
    await using stage = await makeStage();
    await stage.write(FILE, {
      mcp: {
        a: { type: 'local', command: ['{env:NOPE}'] },
        b: { type: 'local', command: ['x', '{file:nope}'] },
      },
    });
    expect(essence(await stage.discover()).skipped).toEqual([
      ['a', 'variable-missing'],
      ['b', 'variable-missing'],
    ]);
  });

  it('passes over a switch for what an organization offers', async () => {
    await using stage = await makeStage();
    await stage.write(FILE, { mcp: { jira: { enabled: true } } });
    expect(essence(await stage.discover()).skipped).toEqual([['jira', 'unsupported']]);
  });

  it('lets a file that counts more turn a server off', async () => {
    await using stage = await makeStage();
    await stage.write(FILE, { mcp: { jira: { type: 'local', command: ['x'] } } });
    await stage.write('work/project/opencode.json', { mcp: { jira: { enabled: false } } });
    const discovery = await stage.discover({ trustProject: true });
    expect(essence(discovery)).toMatchObject({
      found: {},
      skipped: [
        ['jira', 'disabled'],
        ['jira', 'disabled'],
      ],
    });
    expect(discovery.skipped[1]?.reason).toBe('it is turned off in opencode.json');
    expect(Object.keys(essence(await stage.discover()).found)).toEqual(['jira']);
  });

  it('looks where its variables say', async () => {
    await using stage = await makeStage();
    await stage.write('one.json', { mcp: { one: { type: 'local', command: ['x'] } } });
    await stage.write('folder/opencode.jsonc', { mcp: { two: { type: 'local', command: ['x'] } } });
    const env = { OPENCODE_CONFIG: stage.file('one.json'), OPENCODE_CONFIG_DIR: stage.file('folder') };
    expect(Object.keys(essence(await stage.discover({ env })).found)).toEqual(['one', 'two']);
  });
});
