import { describe, expect, it } from 'vitest';
import { essence, makeStage } from '../stage.ts';

describe('readStandard()', () => {
  it('reads files with several servers, and with a single one called like its file [S3-42]', async () => {
    await using stage = await makeStage();
    await stage.write('.config/mcp/servers/many.json', {
      description: 'ours',
      mcpServers: { a: { command: 'x' }, b: { url: 'https://b.example/mcp', description: 'its own' } },
    });
    await stage.write('.config/mcp/servers/weather.json', {
      command: 'npx',
      args: ['weather'],
      env: { A: '1' },
    });
    await stage.write('.config/mcp/servers/far.json', { url: 'https://far.example/mcp' });
    const discovery = await stage.discover();
    expect(essence(discovery).found).toEqual({
      far: { url: 'https://far.example/mcp', transport: 'auto' },
      a: { command: ['x'] },
      b: { url: 'https://b.example/mcp', transport: 'auto' },
      weather: { command: ['npx', 'weather'], env: { A: '1' } },
    });
    expect(discovery.found.map(({ name, description }) => [name, description])).toEqual([
      ['far', undefined],
      ['a', 'ours'],
      ['b', 'its own'],
      ['weather', undefined],
    ]);
  });

  it('passes over files that are no servers, hidden files and other kinds', async () => {
    await using stage = await makeStage();
    await stage.write('MCPs/notes.json', { hello: 1 });
    await stage.write('MCPs/.hidden.json', { command: 'x' });
    await stage.write('MCPs/readme.txt', 'x');
    await stage.write('MCPs/real.json', { command: 'x' });
    expect(essence(await stage.discover())).toEqual({
      found: { real: { command: ['x'] } },
      skipped: [],
      problems: [],
    });
  });

  it('takes the folder of the project only when it is trusted', async () => {
    await using stage = await makeStage();
    await stage.write('work/project/mcp-servers/a.json', { command: 'x' });
    expect(essence(await stage.discover()).skipped).toEqual([['a', 'untrusted-folder']]);
    expect(Object.keys(essence(await stage.discover({ trustProject: true })).found)).toEqual(['a']);
  });

  it('reads the file in MCP_SERVERS_CONFIG last: it adds names and replaces none', async () => {
    await using stage = await makeStage();
    await stage.write('MCPs/a.json', { command: 'first' });
    await stage.write('named.json', { mcpServers: { a: { command: 'second' }, b: { command: 'third' } } });
    const env = { MCP_SERVERS_CONFIG: stage.file('named.json') };
    expect(essence(await stage.discover({ env }))).toMatchObject({
      found: { a: { command: ['first'] }, b: { command: ['third'] } },
      skipped: [['a', 'duplicate']],
    });
  });

  it('wants an absolute path there', async () => {
    await using stage = await makeStage();
    const { problems } = await stage.discover({ env: { MCP_SERVERS_CONFIG: 'named.json' } });
    expect(problems.map(({ message }) => message)).toEqual(['MCP_SERVERS_CONFIG must be an absolute path']);
  });

  it.each(['${TOKEN}', '${env:TOKEN}', '${NOPE:-abc}'])('fills in %s', async (written) => {
    await using stage = await makeStage();
    await stage.write('MCPs/a.json', { command: 'x', args: [written] });
    expect(essence(await stage.discover({ env: { TOKEN: 'abc' } })).found).toEqual({
      a: { command: ['x', 'abc'] },
    });
  });

  it('honours cwd, and leaves it to the working folder otherwise [S3-37]', async () => {
    await using stage = await makeStage();
    await stage.write('MCPs/a.json', { command: 'x', cwd: '/srv' });
    await stage.write('MCPs/b.json', { command: 'x', cwd: '~/data' });
    await stage.write('MCPs/c.json', { command: 'x', cwd: 'sub' });
    await stage.write('MCPs/d.json', { command: 'x' });
    expect(essence(await stage.discover()).found).toEqual({
      a: { command: ['x'], cwd: '/srv' },
      b: { command: ['x'], cwd: stage.file('data') },
      c: { command: ['x'], cwd: stage.file('work/project/sub') },
      d: { command: ['x'] },
    });
  });

  it('reads no more than 256 files of a folder, and says so', async () => {
    await using stage = await makeStage();
    await Promise.all(
      Array.from({ length: 258 }, (_, n) =>
        stage.write(`MCPs/${String(n).padStart(3, '0')}.json`, { command: 'x' }),
      ),
    );
    const { found, problems } = await stage.discover();
    expect(found).toHaveLength(256);
    expect(problems.map(({ message }) => message)).toEqual(['More than 256 files; the rest was not read']);
  });
});
