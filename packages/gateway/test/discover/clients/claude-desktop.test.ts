import { describe, expect, it } from 'vitest';
import { essence, makeStage } from '../stage.ts';

const FILE = 'claude_desktop_config.json';

describe('readClaudeDesktop()', () => {
  it.each([
    ['linux', `.config/Claude/${FILE}`],
    ['darwin', `Library/Application Support/Claude/${FILE}`],
    ['win32', `AppData/Roaming/Claude/${FILE}`],
  ] as const)('finds its file on %s', async (platform, name) => {
    await using stage = await makeStage();
    await stage.write(name, { mcpServers: { a: { command: 'x' } } });
    const { found } = await stage.discover({ platform });
    expect(found.map(({ name, origins }) => [name, origins[0].client])).toEqual([['a', 'claude-desktop']]);
  });

  it('follows APPDATA and XDG_CONFIG_HOME', async () => {
    await using stage = await makeStage();
    await stage.write(`moved/Claude/${FILE}`, { mcpServers: { a: { command: 'x' } } });
    const moved = stage.file('moved');
    for (const change of [
      { platform: 'win32', env: { APPDATA: moved } },
      { platform: 'linux', env: { XDG_CONFIG_HOME: moved } },
    ] as const) {
      expect(Object.keys(essence(await stage.discover(change)).found)).toEqual(['a']);
    }
  });

  it('passes over an XDG_CONFIG_HOME that is relative', async () => {
    await using stage = await makeStage();
    await stage.write(`.config/Claude/${FILE}`, { mcpServers: { a: { command: 'x' } } });
    expect(Object.keys(essence(await stage.discover({ env: { XDG_CONFIG_HOME: 'moved' } })).found)).toEqual([
      'a',
    ]);
  });

  it('takes texts as they are, and hands them on so', async () => {
    await using stage = await makeStage();
    await stage.write(`.config/Claude/${FILE}`, {
      mcpServers: { a: { command: 'x', args: ['${HOME}', '$${Y}', '$'], env: { A: '${B:-c}' } } },
    });
    expect(essence(await stage.discover({ env: { HOME: '/h', B: 'b' } })).found).toEqual({
      a: { command: ['x', '${HOME}', '$${Y}', '$'], env: { A: '${B:-c}' } },
    });
  });
});
