import { describe, expect, it } from 'vitest';
import { readAudit, joinCalls } from '../../src/audit/index.ts';
import { startFixture } from '../helpers/gateway-fixture.ts';
import { startHttpUpstream } from '../helpers/http-upstream.ts';
import { RawClient } from '../helpers/mcp-client.ts';

const ALICE = 'smcp_key_alice-0123456789012345678901234567890123456';
const IVAN = 'smcp_key_ivan-01234567890123456789012345678901234567';
const OLGA = 'smcp_key_olga-01234567890123456789012345678901234567';
// A key as operators choose it, without the form of those that the gateway makes.
const TEAM_KEY = 'our-team-key-0123456789';
const SLACK_TOKEN = 'xoxb-slack-bot-token-of-the-gateway';
const GITHUB_PAT = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';

/** The example of the product's first description, with two more keys and a role, in front of two real servers. */
async function start(slackUrl: string, githubUrl: string) {
  return await startFixture(
    {
      servers: {
        slack: {
          url: slackUrl,
          credential_mode: 'gateway',
          credentials: { headers: { Authorization: 'Bearer ${SLACK_BOT_TOKEN}' } },
        },
        github: { url: githubUrl, credential_mode: 'passthrough' },
      },
      api_keys: [
        { name: 'alice', key: '${ALICE_KEY}', role: 'eng' },
        { name: 'ivan', key: '${IVAN_KEY}', role: 'intern' },
        { name: 'olga', key: OLGA, roles: ['intern', 'maintainer'] },
      ],
      roles: {
        eng: { allow: ['slack:*', 'github:*'] },
        intern: { allow: ['slack:read_*'], deny: ['github:push_*'] },
        maintainer: { allow: ['github:*'] },
      },
    },
    { SLACK_BOT_TOKEN: SLACK_TOKEN, ALICE_KEY: ALICE, IVAN_KEY: IVAN },
  );
}

describe('the team example', () => {
  it('lets an intern read Slack and not push to GitHub [S1-10] [S1-11] [S1-34] [S1-35]', async () => {
    await using slack = await startHttpUpstream(['read_channel', 'post_message']);
    await using github = await startHttpUpstream(['push_files', 'list_issues']);
    await using fixture = await start(slack.url, github.url);

    const ivan = new RawClient(`${fixture.gateway.url}/mcp/slack`, IVAN);
    await ivan.connect();
    expect((await ivan.request('tools/list')).result?.['tools']).toMatchObject([{ name: 'read_channel' }]);
    expect((await ivan.callTool('read_channel')).result).toMatchObject({
      content: [{ text: 'read_channel done' }],
    });
    expect((await ivan.callTool('post_message')).error).toEqual({
      code: -32602,
      message: 'Unknown tool: post_message',
    });
    expect(slack.executed).toEqual(['read_channel']);

    const pusher = new RawClient(`${fixture.gateway.url}/mcp/github`, IVAN, { 'x-github-token': GITHUB_PAT });
    expect((await pusher.connect()).status).toBe(404);
    const all = new RawClient(`${fixture.gateway.url}/mcp`, IVAN, { 'x-github-token': GITHUB_PAT });
    await all.connect();
    expect((await all.request('tools/list')).result?.['tools']).toMatchObject([
      { name: 'slack_read_channel' },
    ]);
    expect((await all.callTool('github_push_files')).error).toEqual({
      code: -32602,
      message: 'Unknown tool: github_push_files',
    });

    // A role that opens the server lists what it may use; the deny of the intern wins over its allow.
    const olga = new RawClient(`${fixture.gateway.url}/mcp/github`, OLGA, { 'x-github-token': GITHUB_PAT });
    await olga.connect();
    expect((await olga.request('tools/list')).result?.['tools']).toMatchObject([{ name: 'list_issues' }]);
    expect((await olga.callTool('push_files')).error).toEqual({
      code: -32602,
      message: 'Unknown tool: push_files',
    });
    expect(github.executed).toEqual([]);
  });

  it('injects the stored credential and never the caller’s gateway token [S1-04] [S1-13] [S1-14] [S1-50] (A43)', async () => {
    await using slack = await startHttpUpstream(['read_channel']);
    await using github = await startHttpUpstream([]);
    await using fixture = await start(slack.url, github.url);
    const alice = new RawClient(`${fixture.gateway.url}/mcp/slack`, ALICE);
    await alice.connect();
    await alice.callTool('read_channel');
    expect(new Set(slack.seen.map((headers) => headers.authorization))).toEqual(
      new Set([`Bearer ${SLACK_TOKEN}`]),
    );
    expect(JSON.stringify(slack.seen)).not.toContain(ALICE);
  });

  it('passes the caller’s own token from its own header on [S1-15] [S1-17] [S1-39]', async () => {
    await using slack = await startHttpUpstream([]);
    await using github = await startHttpUpstream(['list_issues']);
    await using fixture = await start(slack.url, github.url);
    const alice = new RawClient(`${fixture.gateway.url}/mcp/github`, ALICE, { 'x-github-token': GITHUB_PAT });
    await alice.connect();
    expect((await alice.callTool('list_issues')).result).toBeDefined();
    expect(new Set(github.seen.map((headers) => headers.authorization))).toEqual(
      new Set([`Bearer ${GITHUB_PAT}`]),
    );
    expect(github.seen.some((headers) => headers['x-github-token'] !== undefined)).toBe(false);

    const without = new RawClient(`${fixture.gateway.url}/mcp/github`, ALICE);
    const { status, body } = await without.connect();
    expect(status).toBe(502);
    expect(body.error?.message).toBe(
      'Server "github" needs your own credential in its header (x-github-token)',
    );
  });

  it.each([
    ['alone', TEAM_KEY],
    ['with its scheme', `Bearer ${TEAM_KEY}`],
  ])(
    'takes the caller’s own gateway token, %s, for no credential of a server [S1-14] [S1-50] (A43)',
    async (_how, value) => {
      await using github = await startHttpUpstream(['list_issues']);
      await using fixture = await startFixture({
        servers: { github: { url: github.url, credential_mode: 'passthrough' } },
        api_keys: [{ name: 'team', key: TEAM_KEY, role: 'eng' }],
        roles: { eng: { allow: ['github:*'] } },
      });
      const single = new RawClient(`${fixture.gateway.url}/mcp/github`, TEAM_KEY, {
        'x-github-token': value,
      });
      const { status, body } = await single.connect();
      expect([status, body.error?.message]).toEqual([
        502,
        'Server "github" needs your own credential in its header (x-github-token)',
      ]);
      const all = new RawClient(`${fixture.gateway.url}/mcp`, TEAM_KEY, { 'x-github-token': value });
      await all.connect();
      expect((await all.callTool('github_list_issues')).error).toBeDefined();
      expect(github.seen).toEqual([]);

      const right = new RawClient(`${fixture.gateway.url}/mcp/github`, TEAM_KEY, {
        'x-github-token': GITHUB_PAT,
      });
      await right.connect();
      expect((await right.callTool('list_issues')).result).toBeDefined();
      expect(JSON.stringify(github.seen)).not.toContain(TEAM_KEY);
    },
  );

  it('records caller, tool, time, decision with rule and line, latency and outcome [S1-18] [S1-51]', async () => {
    await using slack = await startHttpUpstream(['read_channel', 'post_message']);
    await using github = await startHttpUpstream([]);
    await using fixture = await start(slack.url, github.url);
    const ivan = new RawClient(`${fixture.gateway.url}/mcp/slack`, IVAN);
    await ivan.connect();
    await ivan.callTool('read_channel', { channel: 'general', password: 'hunter2-hunter2' });
    await ivan.callTool('post_message', { text: 'x' });
    const records = readAudit({ directory: fixture.foundation.home.file('audit'), filter: {} });
    const calls = [];
    for await (const call of joinCalls(records)) {
      calls.push(call);
    }
    expect(calls).toMatchObject([
      {
        principal: 'key:ivan',
        server: 'slack',
        name: 'read_channel',
        outcome: 'ok',
        decision: { effect: 'allow', rule: 'roles.intern.allow[0]' },
      },
      {
        principal: 'key:ivan',
        server: 'slack',
        name: 'post_message',
        decision: { effect: 'deny', rule: null },
      },
    ]);
    expect(calls[0]?.decision.source).toMatchObject({ file: fixture.file, line: expect.any(Number) });
    expect(calls[0]?.upstreamMicros).toBeGreaterThan(0);
    expect(JSON.stringify(calls)).not.toContain('hunter2');
  });
});
