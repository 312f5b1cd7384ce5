import { describe, expect, it } from 'vitest';
import { essence, makeStage } from '../stage.ts';

const PROJECT = 'work/project/.vscode/mcp.json';
const USER = '.config/Code/User';

describe('readVsCode()', () => {
  it.each([
    ['linux', '.config/Code/User/mcp.json'],
    ['darwin', 'Library/Application Support/Code/User/mcp.json'],
    ['win32', 'AppData/Roaming/Code/User/mcp.json'],
    ['linux', '.config/Code - Insiders/User/mcp.json'],
  ] as const)('finds the file of the user on %s at %s', async (platform, name) => {
    await using stage = await makeStage();
    await stage.write(name, { servers: { a: { type: 'stdio', command: 'x' } } });
    expect(essence(await stage.discover({ platform })).found).toEqual({ a: { command: ['x'] } });
  });

  it('reads `servers`, not `mcpServers`', async () => {
    await using stage = await makeStage();
    await stage.write(PROJECT, {
      servers: { right: { command: 'x' } },
      mcpServers: { wrong: { command: 'x' } },
    });
    expect(Object.keys(essence(await stage.discover({ trustProject: true })).found)).toEqual(['right']);
  });

  it('reads comments and trailing commas', async () => {
    await using stage = await makeStage();
    await stage.write(
      `${USER}/mcp.json`,
      '{\n  // one\n  "servers": {\n    /* two */ "a": { "type": "http", "url": "https://a.example/mcp", },\n  },\n}\n',
    );
    const { found, problems } = await stage.discover();
    expect(problems).toEqual([]);
    expect(found[0]).toMatchObject({ name: 'a', origins: [{ line: 4, pointer: '/servers/a' }] });
  });

  it('leaves out what the user is asked for, and says what', async () => {
    await using stage = await makeStage();
    await stage.write(`${USER}/mcp.json`, {
      inputs: [{ id: 'token', type: 'promptString', password: true }],
      servers: {
        asks: {
          type: 'http',
          url: 'https://a.example/mcp',
          headers: { Authorization: 'Bearer ${input:token}' },
        },
        runs: { command: 'x', args: ['${command:extension.port}'] },
        looks: { command: 'x', args: ['${config:editor.font}'] },
        plain: { command: 'x' },
      },
    });
    const discovery = await stage.discover();
    expect(essence(discovery)).toMatchObject({
      found: { plain: {} },
      skipped: [
        ['asks', 'needs-input'],
        ['runs', 'needs-input'],
        ['looks', 'needs-input'],
      ],
    });
    expect(discovery.skipped[0]?.reason).toBe(
      'it needs "${input:token}", which its client asks the user for',
    );
  });

  it.each([
    ['nested', { mcp: { servers: { a: { command: 'x' } } } }],
    ['dotted', { 'mcp.servers': { a: { command: 'x' } } }],
  ])('reads the older %s key of the settings', async (_, settings) => {
    await using stage = await makeStage();
    await stage.write(`${USER}/settings.json`, { 'editor.fontSize': 14, ...settings });
    expect(essence(await stage.discover()).found).toEqual({ a: { command: ['x'] } });
  });

  it('writes out numbers and drops variables that are null', async () => {
    await using stage = await makeStage();
    await stage.write(`${USER}/mcp.json`, {
      servers: { a: { command: 'x', args: [1, true], env: { PORT: 8080, FLAG: false, GONE: null } } },
    });
    expect(essence(await stage.discover()).found).toEqual({
      a: { command: ['x', '1', 'true'], env: { PORT: '8080', FLAG: 'false' } },
    });
  });

  it('runs what the project configures in the folder of the project', async () => {
    await using stage = await makeStage();
    await stage.write(PROJECT, { servers: { a: { command: './bin/server', args: ['${workspaceFolder}'] } } });
    await stage.write('work/project/src/x', '');
    const discovery = await stage.discover({ cwd: stage.file('work/project/src'), trustProject: true });
    expect(essence(discovery).found).toEqual({
      a: { command: [stage.file('work/project/bin/server'), stage.project], cwd: stage.project },
    });
  });

  it.each(['unix:///tmp/mcp.sock', 'npipe://./pipe/x', 'file:///etc/passwd', 'not an address'])(
    'does not reach %s',
    async (url) => {
      await using stage = await makeStage();
      await stage.write(`${USER}/mcp.json`, { servers: { a: { type: 'http', url } } });
      expect(essence(await stage.discover()).skipped).toEqual([['a', 'unsupported']]);
    },
  );
});
