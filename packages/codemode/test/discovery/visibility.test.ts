import { describe, expect, it } from 'vitest';
import { createDiscovery } from '../../src/discovery/create-discovery.ts';
import type { Discovery } from '../../src/discovery/discovery.ts';
import { ToolIndexCache } from '../../src/discovery/search/index-cache.ts';
import { DEFAULT_SETTINGS } from '../../src/settings.ts';
import { fakeHost, tool, twoServers, type FakeServer } from './fake-host.ts';

const { signal } = new AbortController();
const QUERIES = [
  'issue',
  'list',
  'mesage chanel',
  'create isue repository',
  'wipe disk',
  'destroy',
  'secret vault',
];

function forCaller(servers: readonly FakeServer[], indexes: ToolIndexCache): Discovery {
  return createDiscovery({ host: fakeHost(servers), settings: DEFAULT_SETTINGS, indexes });
}

/** What another caller may use besides: a server and a tool, full of the same words. */
function withMore(): readonly FakeServer[] {
  const [github, chat] = twoServers();
  return [
    { name: 'vault', tools: [tool('read_secret', 'Read a secret issue message of a channel')] },
    { ...github!, tools: [...github!.tools, tool('wipe_issues', 'Wipe all issues of a repository')] },
    chat!,
  ];
}

async function everything(discovery: Discovery): Promise<unknown> {
  const found = [];
  for (const query of QUERIES) {
    found.push(await discovery.searchToolDocs(query, { limit: 20, detail: 'full' }, signal));
  }
  return found;
}

describe('what the caller may not call', () => {
  it('is in no answer (A53)', async () => {
    const indexes = new ToolIndexCache();
    await everything(forCaller(withMore(), indexes));
    const discovery = forCaller(twoServers(), indexes);
    const told = JSON.stringify([
      await everything(discovery),
      discovery.discoveredServers(true),
      await discovery.listTools('github', signal),
      await discovery.queryToolDocs('github', { detail: 'full' }, signal),
      await discovery.describeServer('github', signal),
    ]);
    expect(told).not.toMatch(/vault|secret|wipe/iu);
    expect(told).toContain('list_issues');
  });

  it('changes nothing about the order of what the caller may call', async () => {
    const alone = await everything(forCaller(twoServers(), new ToolIndexCache()));
    const indexes = new ToolIndexCache();
    await everything(forCaller(withMore(), indexes));
    expect(await everything(forCaller(twoServers(), indexes))).toEqual(alone);
  });

  it('mends no typo and completes no word', async () => {
    const indexes = new ToolIndexCache();
    const full = forCaller(withMore(), indexes);
    const limited = forCaller(twoServers(), indexes);
    for (const query of ['wip', 'secrte', 'valut', 'secr']) {
      expect(await full.searchToolDocs(query, {}, signal)).not.toEqual([]);
      expect(await limited.searchToolDocs(query, {}, signal)).toEqual([]);
    }
  });

  it('is not suggested in place of an unknown name', async () => {
    const limited = forCaller(twoServers(), new ToolIndexCache());
    await expect(limited.listTools('valut', signal)).rejects.toThrow(/^Server 'valut' is not available$/u);
    await expect(limited.queryToolDocs('github', { tool: 'wipe_isues' }, signal)).rejects.toThrow(
      /^Tool 'wipe_isues' not found for server github$/u,
    );
  });

  it('is refused like what does not exist', async () => {
    const limited = forCaller(twoServers(), new ToolIndexCache());
    await expect(limited.queryToolDocs('github', { tool: 'wipe_issues' }, signal)).rejects.toThrow(
      /^Tool 'wipe_issues' not found for server github; did you mean 'list_issues'\?$/u,
    );
    await expect(limited.describeServer('vault', signal)).rejects.toMatchObject({ code: 'SERVER_UNKNOWN' });
  });

  it('is gone as soon as it is taken from the caller', async () => {
    const servers = twoServers();
    const discovery = forCaller(servers, new ToolIndexCache());
    expect(await discovery.searchToolDocs('merge', {}, signal)).toHaveLength(1);
    servers[0]!.tools = servers[0]!.tools.slice(0, 2);
    expect(await discovery.searchToolDocs('merge', {}, signal)).toEqual([]);
  });

  it('is gone when it is taken while another server is waited for', async () => {
    const servers = twoServers();
    const slow: FakeServer = {
      name: 'slow',
      tools: [],
      known: false,
      answer: async () => {
        servers[0]!.tools = [];
        return [tool('merge_cells')];
      },
    };
    const found = await forCaller([...servers, slow], new ToolIndexCache()).searchToolDocs(
      'merge',
      {},
      signal,
    );
    expect(found.map((doc) => doc.tool)).toEqual(['merge_cells']);
  });
});
