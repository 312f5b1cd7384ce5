import { describe, expect, it } from 'vitest';
import { essence, makeStage } from '../stage.ts';

const FILE = '.codeium/windsurf/mcp_config.json';

describe('readWindsurf()', () => {
  it('reads servers far away by serverUrl or url', async () => {
    await using stage = await makeStage();
    await stage.write(FILE, {
      mcpServers: {
        a: { serverUrl: 'https://a.example/mcp', headers: { 'X-Key': 'k' } },
        b: { url: 'https://b.example/mcp' },
        c: { command: 'x', args: ['y'] },
      },
    });
    expect(essence(await stage.discover()).found).toEqual({
      a: { url: 'https://a.example/mcp', transport: 'auto', headers: { 'X-Key': 'k' } },
      b: { url: 'https://b.example/mcp', transport: 'auto' },
      c: { command: ['x', 'y'] },
    });
  });

  it('reads the file of its plugin for other editors', async () => {
    await using stage = await makeStage();
    await stage.write('.codeium/mcp_config.json', { mcpServers: { a: { command: 'x' } } });
    expect(essence(await stage.discover()).found).toEqual({ a: { command: ['x'] } });
  });

  it('fills in variables and files', async () => {
    await using stage = await makeStage();
    await stage.write('secrets/token', 'from-a-file\n');
    await stage.write(FILE, {
      mcpServers: {
        a: { serverUrl: 'https://a.example/mcp', headers: { A: '${env:KEY}', B: '${file:~/secrets/token}' } },
        b: { command: 'x', args: ['${KEY}'] },
      },
    });
    expect(essence(await stage.discover({ env: { KEY: 'k' } })).found).toEqual({
      a: { url: 'https://a.example/mcp', transport: 'auto', headers: { A: 'k', B: 'from-a-file' } },
      b: { command: ['x', '${KEY}'] },
    });
  });

  it('leaves out what is turned off, and keeps tools that are turned off in mind', async () => {
    await using stage = await makeStage();
    await stage.write(FILE, {
      mcpServers: {
        off: { command: 'x', disabled: true },
        on: { command: 'x', disabled: false, disabledTools: ['drop_table'] },
      },
    });
    const discovery = await stage.discover();
    expect(essence(discovery).skipped).toEqual([['off', 'disabled']]);
    expect(discovery.found).toMatchObject([{ name: 'on', tools: { without: ['drop_table'] } }]);
  });
});
