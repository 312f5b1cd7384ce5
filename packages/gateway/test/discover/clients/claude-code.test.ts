import { describe, expect, it } from 'vitest';
import { essence, makeStage } from '../stage.ts';

const SERVER = { command: 'npx', args: ['-y', 'files'] };

describe('readClaudeCode()', () => {
  it('reads the servers of the user with type, url and headers', async () => {
    await using stage = await makeStage();
    await stage.write('.claude.json', {
      numStartups: 7,
      mcpServers: {
        files: { type: 'stdio', ...SERVER, env: { MODE: 'ro' } },
        docs: { type: 'http', url: 'https://docs.example/mcp', headers: { 'X-Team': 'blue' } },
        old: { type: 'sse', url: 'https://old.example/sse' },
      },
    });
    expect(essence(await stage.discover())).toEqual({
      found: {
        files: { command: ['npx', '-y', 'files'], env: { MODE: 'ro' } },
        docs: { url: 'https://docs.example/mcp', transport: 'http', headers: { 'X-Team': 'blue' } },
        old: { url: 'https://old.example/sse', transport: 'sse' },
      },
      skipped: [],
      problems: [],
    });
  });

  it('reads those of the working folder and of the folders above it, and of no other', async () => {
    await using stage = await makeStage();
    await stage.write('.claude.json', {
      projects: {
        [stage.project]: { mcpServers: { here: SERVER } },
        [stage.file('work')]: { mcpServers: { above: SERVER } },
        [stage.file('other')]: { mcpServers: { elsewhere: SERVER } },
        [stage.project.slice(0, -1)]: { mcpServers: { similar: SERVER } },
      },
    });
    const { found } = await stage.discover();
    expect(found.map(({ name, origins }) => [name, origins[0].scope])).toEqual([
      ['here', 'local'],
      ['above', 'local'],
    ]);
  });

  it('compares folders whatever way their slashes lean', async () => {
    await using stage = await makeStage();
    const leaning = `${stage.project.replaceAll('/', '\\')}\\`;
    await stage.write('.claude.json', { projects: { [leaning]: { mcpServers: { here: SERVER } } } });
    expect(Object.keys(essence(await stage.discover()).found)).toEqual(['here']);
  });

  it('lets what is written for the folder win over what is written for the user', async () => {
    await using stage = await makeStage();
    await stage.write('.claude.json', {
      mcpServers: { db: { command: 'for-all' } },
      projects: { [stage.project]: { mcpServers: { db: { command: 'for-here' } } } },
    });
    expect(essence(await stage.discover())).toMatchObject({
      found: { db: { command: ['for-here'] } },
      skipped: [['db', 'duplicate']],
    });
  });

  it.each([
    ['${TOKEN}', 'abc'],
    ['x-${TOKEN}-y', 'x-abc-y'],
    ['${UNSET:-fallback}', 'fallback'],
    ['${UNSET:-}', ''],
    ['${EMPTY:-fallback}', ''],
    ['${TOKEN:-fallback}', 'abc'],
    ['$TOKEN', '$TOKEN'],
    ['${env:TOKEN}', '${env:TOKEN}'],
    ['${TRICK}', '${TOKEN}'],
  ])('fills in %j as %j', async (written, filled) => {
    await using stage = await makeStage();
    await stage.write('.claude.json', { mcpServers: { a: { command: 'x', args: [written] } } });
    const env = { TOKEN: 'abc', EMPTY: '', TRICK: '${TOKEN}' };
    expect(essence(await stage.discover({ env })).found).toEqual({ a: { command: ['x', filled] } });
  });

  it('fills in the command, variables, the address and headers as well', async () => {
    await using stage = await makeStage();
    await stage.write('.claude.json', {
      mcpServers: {
        a: { command: '${BIN:-node}', env: { KEY: '${KEY}' } },
        b: { url: 'https://${HOST}/mcp', headers: { Authorization: 'Bearer ${KEY}' } },
      },
    });
    expect(essence(await stage.discover({ env: { KEY: 'k', HOST: 'h.example' } })).found).toEqual({
      a: { command: ['node'], env: { KEY: 'k' } },
      b: { url: 'https://h.example/mcp', transport: 'auto', headers: { Authorization: 'Bearer k' } },
    });
  });

  it('leaves out an entry whose variable is not set, and names the variable', async () => {
    await using stage = await makeStage();
    await stage.write('.claude.json', { mcpServers: { a: { command: 'x', env: { K: '${MISSING_ONE}' } } } });
    expect((await stage.discover()).skipped).toMatchObject([
      { code: 'variable-missing', reason: 'the environment variable "MISSING_ONE" is not set' },
    ]);
  });

  it('looks where CLAUDE_CONFIG_DIR says', async () => {
    await using stage = await makeStage();
    await stage.write('elsewhere/.claude.json', { mcpServers: { a: SERVER } });
    await stage.write('.claude.json', { mcpServers: { b: SERVER } });
    const env = { CLAUDE_CONFIG_DIR: stage.file('elsewhere') };
    expect(Object.keys(essence(await stage.discover({ env })).found)).toEqual(['a']);
  });

  it('does not take the headers of a program that would make them', async () => {
    await using stage = await makeStage();
    await stage.write('.claude.json', {
      mcpServers: { a: { type: 'http', url: 'https://a.example', headersHelper: '/bin/token' } },
    });
    expect(essence(await stage.discover()).skipped).toEqual([['a', 'needs-input']]);
  });

  it.each(['ws', 'sdk', 'claudeai-proxy'])('does not know the transport %s', async (type) => {
    await using stage = await makeStage();
    await stage.write('.claude.json', { mcpServers: { a: { type, url: 'https://a.example' } } });
    expect(essence(await stage.discover()).skipped).toEqual([['a', 'unsupported']]);
  });

  it('leaves out what is turned off for the folder', async () => {
    await using stage = await makeStage();
    await stage.write('.claude.json', {
      mcpServers: { a: SERVER, b: SERVER },
      projects: { [stage.project]: { disabledMcpServers: ['a'] } },
    });
    expect(essence(await stage.discover())).toMatchObject({ found: { b: {} }, skipped: [['a', 'disabled']] });
  });

  it('reads files larger than others, because it keeps its state there', async () => {
    await using stage = await makeStage();
    await stage.write('.claude.json', { history: 'x'.repeat(3 * 1024 * 1024), mcpServers: { a: SERVER } });
    expect(essence(await stage.discover())).toMatchObject({ found: { a: {} }, problems: [] });
  });
});

describe('readClaudeCode() with .mcp.json', () => {
  const place = 'work/project/.mcp.json';

  it('takes it when the folder is trusted', async () => {
    await using stage = await makeStage();
    await stage.write(place, { mcpServers: { a: SERVER } });
    const { found } = await stage.discover({ trustProject: true });
    expect(found[0]?.origins).toEqual([
      { client: 'claude-code', file: stage.file(place), pointer: '/mcpServers/a', line: 3, scope: 'project' },
    ]);
  });

  it('takes what the user approved there by name, and nothing else (A83)', async () => {
    await using stage = await makeStage();
    await stage.write(place, { mcpServers: { yes: SERVER, other: SERVER, no: SERVER } });
    await stage.write('.claude.json', {
      projects: { [stage.project]: { enabledMcpjsonServers: ['yes'], disabledMcpjsonServers: ['no'] } },
    });
    expect(essence(await stage.discover())).toMatchObject({
      found: { yes: {} },
      skipped: [
        ['other', 'untrusted-folder'],
        ['no', 'disabled'],
      ],
    });
  });

  it('takes all when the settings of the user approve all', async () => {
    await using stage = await makeStage();
    await stage.write(place, { mcpServers: { a: SERVER, b: SERVER } });
    await stage.write('.claude/settings.json', { enableAllProjectMcpServers: true });
    expect(Object.keys(essence(await stage.discover()).found)).toEqual(['a', 'b']);
  });

  it.each(['.claude/settings.json', '.claude/settings.local.json'])(
    'does not let the folder approve itself with %s (A83)',
    async (name) => {
      await using stage = await makeStage();
      await stage.write(place, { mcpServers: { a: SERVER } });
      await stage.write(`work/project/${name}`, {
        enableAllProjectMcpServers: true,
        enabledMcpjsonServers: ['a'],
      });
      expect(essence(await stage.discover())).toMatchObject({
        found: {},
        skipped: [['a', 'untrusted-folder']],
      });
    },
  );

  it('finds it from a folder below, up to the root of the repository and no further', async () => {
    await using stage = await makeStage();
    await stage.write(place, { mcpServers: { root: SERVER } });
    await stage.write('work/project/deep/down/.mcp.json', { mcpServers: { nearest: SERVER } });
    await stage.write('work/.mcp.json', { mcpServers: { outside: SERVER } });
    const { found } = await stage.discover({ cwd: stage.file('work/project/deep/down'), trustProject: true });
    expect(found.map(({ name }) => name)).toEqual(['nearest', 'root']);
  });

  it('looks at the working folder alone when there is no repository', async () => {
    await using stage = await makeStage();
    await stage.write('loose/.mcp.json', { mcpServers: { above: SERVER } });
    await stage.write('loose/below/.mcp.json', { mcpServers: { here: SERVER } });
    const { found } = await stage.discover({ cwd: stage.file('loose/below'), trustProject: true });
    expect(found.map(({ name }) => name)).toEqual(['here']);
  });
});
