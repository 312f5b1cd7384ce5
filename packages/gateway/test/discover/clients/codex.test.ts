import { describe, expect, it } from 'vitest';
import { essence, makeStage } from '../stage.ts';

const FILE = '.codex/config.toml';

describe('readCodex()', () => {
  it('reads tables of servers', async () => {
    await using stage = await makeStage();
    await stage.write(
      FILE,
      `model = "gpt-5"

[mcp_servers.files]
command = "npx"
args = ["-y", "files"]
cwd = "/srv/data"
startup_timeout_sec = 20.5
tool_timeout_sec = 90

[mcp_servers.files.env]
MODE = "ro"

[mcp_servers."docs.v2"]
url = "https://docs.example/mcp"
http_headers = { "X-Team" = "blue" }
enabled_tools = ["search"]
`,
    );
    const discovery = await stage.discover();
    expect(essence(discovery)).toEqual({
      found: {
        files: { command: ['npx', '-y', 'files'], env: { MODE: 'ro' }, cwd: '/srv/data' },
        'docs.v2': { url: 'https://docs.example/mcp', transport: 'auto', headers: { 'X-Team': 'blue' } },
      },
      skipped: [],
      problems: [],
    });
    expect(discovery.found).toMatchObject([
      { startTimeoutSeconds: 21, timeoutSeconds: 90, origins: [{ line: 3, pointer: '/mcp_servers/files' }] },
      { tools: { only: ['search'] }, origins: [{ line: 13, pointer: '/mcp_servers/docs.v2' }] },
    ]);
  });

  it('takes tokens and headers from the variables that it names', async () => {
    await using stage = await makeStage();
    await stage.write(
      FILE,
      `[mcp_servers.a]
url = "https://a.example/mcp"
bearer_token_env_var = "A_TOKEN"
env_http_headers = { "X-Org" = "A_ORG" }
`,
    );
    expect(essence(await stage.discover({ env: { A_TOKEN: 'tok', A_ORG: 'org' } })).found).toEqual({
      a: {
        url: 'https://a.example/mcp',
        transport: 'auto',
        headers: { Authorization: 'Bearer tok', 'X-Org': 'org' },
      },
    });
    expect((await stage.discover({ env: { A_ORG: 'org' } })).skipped).toMatchObject([
      { code: 'variable-missing', reason: expect.stringContaining('"A_TOKEN"') },
    ]);
  });

  it('does not take an inherited property for a variable', async () => {
    await using stage = await makeStage();
    await stage.write(
      FILE,
      '[mcp_servers.a]\nurl = "https://a.example"\nbearer_token_env_var = "constructor"\n',
    );
    expect(essence(await stage.discover()).skipped).toEqual([['a', 'variable-missing']]);
  });

  it('hands on the variables that it lists, as far as they are set', async () => {
    await using stage = await makeStage();
    await stage.write(
      FILE,
      '[mcp_servers.a]\ncommand = "x"\nenv_vars = ["A", "UNSET", { name = "B" }, { name = "C", source = "remote" }, "D"]\nenv = { D = "own" }\n',
    );
    expect(essence(await stage.discover({ env: { A: '1', B: '2', C: '3', D: '4' } })).found).toEqual({
      a: { command: ['x'], env: { A: '1', B: '2', D: 'own' } },
    });
  });

  it('takes texts as they are', async () => {
    await using stage = await makeStage();
    await stage.write(FILE, '[mcp_servers.a]\ncommand = "x"\nargs = ["${HOME}", "$HOME"]\n');
    expect(essence(await stage.discover({ env: { HOME: '/h' } })).found).toEqual({
      a: { command: ['x', '${HOME}', '$HOME'] },
    });
  });

  it('leaves out what is turned off', async () => {
    await using stage = await makeStage();
    await stage.write(FILE, '[mcp_servers.a]\ncommand = "x"\nenabled = false\ndisabled_tools = ["t"]\n');
    expect(essence(await stage.discover()).skipped).toEqual([['a', 'disabled']]);
  });

  it('looks where CODEX_HOME says', async () => {
    await using stage = await makeStage();
    await stage.write('moved/config.toml', '[mcp_servers.a]\ncommand = "x"\n');
    await stage.write(FILE, '[mcp_servers.b]\ncommand = "x"\n');
    const env = { CODEX_HOME: stage.file('moved') };
    expect(Object.keys(essence(await stage.discover({ env })).found)).toEqual(['a']);
  });

  it('takes the file of the project only when Codex trusts the folder, or we do (A83)', async () => {
    await using stage = await makeStage();
    await stage.write('work/project/.codex/config.toml', '[mcp_servers.a]\ncommand = "x"\n');
    expect(essence(await stage.discover())).toMatchObject({
      found: {},
      skipped: [['a', 'untrusted-folder']],
    });
    await stage.write(FILE, `[projects."${stage.project}"]\ntrust_level = "untrusted"\n`);
    expect(essence(await stage.discover()).found).toEqual({});
    expect(Object.keys(essence(await stage.discover({ trustProject: true })).found)).toEqual(['a']);
    await stage.write(FILE, `[projects."${stage.project}"]\ntrust_level = "trusted"\n`);
    expect(Object.keys(essence(await stage.discover()).found)).toEqual(['a']);
  });

  it('does not let a trusted folder vouch for the one around it', async () => {
    await using stage = await makeStage();
    await stage.write('work/project/.codex/config.toml', '[mcp_servers.outer]\ncommand = "x"\n');
    await stage.write('work/project/in/.codex/config.toml', '[mcp_servers.inner]\ncommand = "x"\n');
    await stage.write(FILE, `[projects."${stage.file('work/project/in')}"]\ntrust_level = "trusted"\n`);
    expect(essence(await stage.discover({ cwd: stage.file('work/project/in') }))).toMatchObject({
      found: { inner: {} },
      skipped: [['outer', 'untrusted-folder']],
    });
  });
});
