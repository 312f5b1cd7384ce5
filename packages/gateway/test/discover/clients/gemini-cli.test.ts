import { describe, expect, it } from 'vitest';
import { essence, makeStage } from '../stage.ts';

const FILE = '.gemini/settings.json';

describe('readGeminiCli()', () => {
  it('tells the two kinds of addresses apart', async () => {
    await using stage = await makeStage();
    await stage.write(FILE, {
      mcpServers: {
        a: { httpUrl: 'https://a.example/mcp', headers: { 'X-A': '1' } },
        b: { url: 'https://b.example/sse' },
        c: { url: 'https://c.example/mcp', type: 'http' },
        d: { command: 'x', cwd: './server', timeout: 5000, trust: true },
      },
    });
    expect(essence(await stage.discover()).found).toEqual({
      a: { url: 'https://a.example/mcp', transport: 'http', headers: { 'X-A': '1' } },
      b: { url: 'https://b.example/sse', transport: 'sse' },
      c: { url: 'https://c.example/mcp', transport: 'http' },
      d: { command: ['x'], cwd: stage.file('work/project/server') },
    });
  });

  it.each([
    ['$TOKEN', 'abc'],
    ['${TOKEN}', 'abc'],
    ['a$TOKEN.b', 'aabc.b'],
    ['${UNSET:-d}', 'd'],
    ['cost $5', 'cost $5'],
    ['^x$', '^x$'],
  ])('fills in %j as %j', async (written, filled) => {
    await using stage = await makeStage();
    await stage.write(FILE, { mcpServers: { a: { command: 'x', args: [written] } } });
    expect(essence(await stage.discover({ env: { TOKEN: 'abc' } })).found).toEqual({
      a: { command: ['x', filled] },
    });
  });

  it('leaves out an entry whose variable is not set', async () => {
    await using stage = await makeStage();
    await stage.write(FILE, { mcpServers: { a: { command: 'x', env: { K: '$MISSING' } } } });
    expect(essence(await stage.discover()).skipped).toEqual([['a', 'variable-missing']]);
  });

  it('leaves out what is not among the allowed, or is excluded', async () => {
    await using stage = await makeStage();
    await stage.write(FILE, {
      mcp: { allowed: ['a', 'b'], excluded: ['b'] },
      mcpServers: { a: { command: 'x' }, b: { command: 'x' }, c: { command: 'x' } },
    });
    expect(essence(await stage.discover())).toMatchObject({
      found: { a: {} },
      skipped: [
        ['b', 'disabled'],
        ['c', 'disabled'],
      ],
    });
  });

  it('keeps the choice of tools', async () => {
    await using stage = await makeStage();
    await stage.write(FILE, {
      mcpServers: { a: { command: 'x', includeTools: ['read'], excludeTools: ['write'] } },
    });
    expect((await stage.discover()).found[0]?.tools).toEqual({ only: ['read'], without: ['write'] });
  });

  it('leaves out headers that the connection sets itself, with a note', async () => {
    await using stage = await makeStage();
    await stage.write(FILE, {
      mcpServers: {
        a: { httpUrl: 'https://a.example/mcp', headers: { 'Content-Type': 'application/json', 'X-A': '1' } },
      },
    });
    const discovery = await stage.discover();
    expect(essence(discovery).found).toMatchObject({ a: { headers: { 'X-A': '1' } } });
    expect(discovery.found[0]?.notes).toEqual([
      'the header "Content-Type" was left out: the connection sets it',
    ]);
  });

  it('reads the file of the project when it is trusted', async () => {
    await using stage = await makeStage();
    await stage.write('work/project/.gemini/settings.json', { mcpServers: { a: { command: 'x' } } });
    expect(essence(await stage.discover()).skipped).toEqual([['a', 'untrusted-folder']]);
    expect(Object.keys(essence(await stage.discover({ trustProject: true })).found)).toEqual(['a']);
  });
});
