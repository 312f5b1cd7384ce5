import { sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { essence, makeStage } from '../stage.ts';

describe('readCursor()', () => {
  it('reads the file of the user', async () => {
    await using stage = await makeStage();
    await stage.write('.cursor/mcp.json', {
      mcpServers: { a: { command: 'x', args: ['1'] }, b: { url: 'https://b.example/mcp' } },
    });
    expect(essence(await stage.discover()).found).toEqual({
      a: { command: ['x', '1'] },
      b: { url: 'https://b.example/mcp', transport: 'auto' },
    });
  });

  it('reads the file of the project when it is trusted, before that of the user', async () => {
    await using stage = await makeStage();
    await stage.write('.cursor/mcp.json', { mcpServers: { a: { command: 'mine' } } });
    await stage.write('work/project/.cursor/mcp.json', { mcpServers: { a: { command: 'theirs' } } });
    expect(essence(await stage.discover()).found).toEqual({ a: { command: ['mine'] } });
    expect(essence(await stage.discover({ trustProject: true })).found).toEqual({
      a: { command: ['theirs'] },
    });
  });

  it('fills in what editors fill in', async () => {
    await using stage = await makeStage();
    const args = [
      '${env:TOKEN}',
      '${userHome}',
      '${workspaceFolder}',
      '${workspaceFolderBasename}',
      'a${/}b${pathSeparator}',
    ];
    await stage.write('.cursor/mcp.json', {
      mcpServers: { a: { command: 'x', args: [...args, '${file}', '${X}'] } },
    });
    expect(essence(await stage.discover({ env: { TOKEN: 't', X: 'no' } })).found).toEqual({
      a: { command: ['x', 't', stage.home, stage.project, 'project', `a${sep}b${sep}`, '${file}', '${X}'] },
    });
  });

  it('takes the root of the repository for the workspace', async () => {
    await using stage = await makeStage();
    await stage.write('work/project/below/x', '');
    await stage.write('.cursor/mcp.json', {
      mcpServers: { a: { command: 'x', args: ['${workspaceFolder}'] } },
    });
    const cwd = stage.file('work/project/below');
    expect(essence(await stage.discover({ cwd })).found).toEqual({ a: { command: ['x', stage.project] } });
  });

  it('reads variables from a file, which those of the entry win over', async () => {
    await using stage = await makeStage();
    await stage.write('work/project/.env', '# comment\nA=1\nexport B="two words"\nC=\'3\'\n');
    await stage.write('.cursor/mcp.json', {
      mcpServers: { a: { command: 'x', env: { A: 'own' }, envFile: '${workspaceFolder}/.env' } },
    });
    expect(essence(await stage.discover()).found).toEqual({
      a: { command: ['x'], env: { A: 'own', B: 'two words', C: '3' } },
    });
  });

  it('leaves out an entry whose file of variables is not there', async () => {
    await using stage = await makeStage();
    await stage.write('.cursor/mcp.json', { mcpServers: { a: { command: 'x', envFile: './nope.env' } } });
    expect((await stage.discover()).skipped).toMatchObject([
      { code: 'variable-missing', reason: 'the file "./nope.env" does not exist' },
    ]);
  });

  it('says that a login of the client is not there', async () => {
    await using stage = await makeStage();
    await stage.write('.cursor/mcp.json', {
      mcpServers: { a: { url: 'https://a.example/mcp', auth: { CLIENT_ID: 'id' } } },
    });
    expect((await stage.discover()).found[0]?.notes).toEqual([expect.stringContaining('OAuth')]);
  });
});
