import { describe, expect, it } from 'vitest';
import { essence, makeStage } from '../stage.ts';

const FILE = '.config/zed/settings.json';

describe('readZed()', () => {
  it('reads every form of an entry, from settings with comments', async () => {
    await using stage = await makeStage();
    await stage.write(
      FILE,
      `// Zed settings
{
  "theme": "One Dark",
  "context_servers": {
    "new": { "command": "x", "args": ["1"], "env": { "A": "1" } },
    "custom": { "source": "custom", "enabled": true, "command": "x", "args": [] },
    "older": { "source": "custom", "command": { "path": "x", "args": ["2"], "env": { "B": "2" } } },
    "remote": { "url": "https://r.example/mcp", "headers": { "X-A": "1" } },
    "off": { "command": "x", "enabled": false },
    "extension": { "source": "extension", "settings": {} },
    "settings-only": { "settings": { "database_url": "postgres://x" } },
  },
}
`,
    );
    expect(essence(await stage.discover())).toEqual({
      found: {
        new: { command: ['x', '1'], env: { A: '1' } },
        custom: { command: ['x'] },
        older: { command: ['x', '2'], env: { B: '2' } },
        remote: { url: 'https://r.example/mcp', transport: 'auto', headers: { 'X-A': '1' } },
      },
      skipped: [
        ['off', 'disabled'],
        ['extension', 'unsupported'],
        ['settings-only', 'unsupported'],
      ],
      problems: [],
    });
  });

  it.each([
    ['linux', '.config/zed/settings.json'],
    ['darwin', '.config/zed/settings.json'],
    ['win32', 'AppData/Roaming/Zed/settings.json'],
  ] as const)('finds its file on %s', async (platform, name) => {
    await using stage = await makeStage();
    await stage.write(name, { context_servers: { a: { command: 'x' } } });
    expect(Object.keys(essence(await stage.discover({ platform })).found)).toEqual(['a']);
  });

  it('reads the settings of the project when it is trusted', async () => {
    await using stage = await makeStage();
    await stage.write('work/project/.zed/settings.json', { context_servers: { a: { command: 'x' } } });
    expect(essence(await stage.discover()).skipped).toEqual([['a', 'untrusted-folder']]);
    expect(Object.keys(essence(await stage.discover({ trustProject: true })).found)).toEqual(['a']);
  });
});
