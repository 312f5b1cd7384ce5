import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../src/audit/index.ts';
import { readEvents } from '../helpers/mcp-client.ts';
import { badConfigs } from '../config/bad-configs.ts';
import {
  encodeRequest,
  refusalBody,
  type BadRequest,
  type RawRequest,
  type RequestParts,
} from './bad-request.ts';
import { badRequests, slowRequests } from './bad-requests.ts';
import { goodNeighbours } from './good-neighbours.ts';
import { sendRaw, type RawReply } from './raw-http.ts';
import { readFolder } from './search-state.ts';
import { findSecrets, SECRETS } from './secrets.ts';
import { openStage, type Stage } from './stage.ts';
import { straySecrets } from './stray-secrets.ts';

let stage: Stage;
/** Every reply to an entry of the lists. */
const replies: RawReply[] = [];

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
});

async function send(request: RequestParts | RawRequest, fill = stage.fill): Promise<readonly RawReply[]> {
  const { port } = stage.fixture.gateway.address;
  return await sendRaw(port, encodeRequest(request, fill), 'raw' in request ? request : {});
}

function bodyOf({ body }: RawReply): unknown {
  return body === '' ? '' : JSON.parse(body);
}

function titled(entries: readonly BadRequest[]): (readonly [string, BadRequest])[] {
  return entries.map((entry) => {
    const threat = entry.threat === undefined ? '' : ` (${entry.threat})`;
    const proves = entry.proves === undefined ? '' : ` ${entry.proves}`;
    return [`${entry.name}${threat}${proves}`, entry];
  });
}

/** Log lines written while `work` ran, parsed. */
async function logged(work: () => Promise<void>): Promise<readonly Record<string, unknown>[]> {
  const { length } = stage.fixture.log();
  await work();
  const lines = stage.fixture.log().slice(length).split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the lists', () => {
  it('hold at least sixty bad inputs of different names, beside the bad configurations', () => {
    const names = [...badRequests, ...slowRequests].map(({ name }) => name);
    expect(names.length).toBeGreaterThanOrEqual(60);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(badConfigs.length).toBeGreaterThanOrEqual(40);
  });
});

describe('the gateway answers the nearest good request', () => {
  it.each(goodNeighbours.map((entry) => [entry.name, entry] as const))(
    '%s',
    async (_name, { request, result = {} }) => {
      const [reply] = await send(request);
      expect(reply?.status).toBe(200);
      expect(reply && bodyOf(reply)).toEqual({ jsonrpc: '2.0', id: 1, result });
    },
  );
});

describe('the gateway refuses', () => {
  it.each(titled(badRequests))('%s', async (_name, { request, expect: expected }) => {
    const { sessions } = stage.fixture.gateway.health();
    let received: readonly RawReply[] = [];
    const lines = await logged(async () => {
      received = await send(request);
    });
    replies.push(...received);
    const [reply, ...more] = received;
    expect(more).toEqual([]);
    expect({ status: reply?.status, body: reply && bodyOf(reply) }).toEqual({
      status: expected.status,
      body: refusalBody(expected),
    });
    expect(reply?.headers).toMatchObject(expected.headers ?? {});
    const login = { level: 'warn', msg: 'login refused', source: '127.0.0.1', ...expected.logged };
    expect(lines).toMatchObject([
      ...(expected.logged === undefined ? [] : [login]),
      ...(expected.warned === undefined ? [] : [{ level: 'warn', msg: expected.warned }]),
    ]);
    expect(stage.fixture.gateway.health().sessions).toBe(sessions);

    const [good] = await send({});
    expect(good && bodyOf(good)).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
  });

  it('what is too slow, all at once, while others are served (A78)', async () => {
    const { sessions } = stage.fixture.gateway.health();
    const lines = await logged(async () => {
      const all = Promise.all(slowRequests.map(async ({ request }) => await send(request)));
      const [good] = await send({});
      expect(good?.status).toBe(200);
      const received = await all;
      replies.push(...received.flat());
      expect(
        received.map((answers, index) => [
          slowRequests[index]?.name,
          answers.map((reply) => ({ status: reply.status, body: bodyOf(reply) })),
        ]),
      ).toEqual(
        slowRequests.map(({ name, expect: expected }) => [
          name,
          [{ status: expected.status, body: refusalBody(expected) }],
        ]),
      );
    });
    expect(lines).toEqual([]);
    expect(stage.fixture.gateway.health().sessions).toBe(sessions);
  });
});

describe('a denied tool', () => {
  it.each([
    ['/mcp/everything', 'session', 'get-env', 'get-eny'],
    ['/mcp', 'session-all', 'everything_get-env', 'everything_get-eny'],
  ])('looks like an unknown one at %s but for the name (A37)', async (path, session, denied, unknown) => {
    const answers = [];
    for (const name of [denied, unknown]) {
      const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${name}","arguments":{}}}`;
      const [reply] = await send({ path, headers: { 'mcp-session-id': `{{${session}}}` }, body });
      const { date: _date, ...headers } = reply?.headers ?? {};
      answers.push({ status: reply?.status, headers, body: reply?.body.replaceAll(name, '<name>') });
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.body).toBe(
      '{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Unknown tool: <name>"}}',
    );
  });
});

describe('a call in flight', () => {
  it('is neither doubled, cancelled nor overheard by others (A80, A81)', async () => {
    const alice = await stage.enter('/mcp/everything', SECRETS.alice);
    const elsewhere = await stage.enter('/mcp/everything', SECRETS.alice);
    const bob = await stage.enter('/mcp/everything', SECRETS.bob);
    const call = (name: string, args: unknown) => ({
      jsonrpc: '2.0',
      id: 'slow',
      method: 'tools/call',
      params: { name, arguments: args, _meta: { progressToken: 'token' } },
    });
    const slow = alice.post(call('trigger-long-running-operation', { duration: 0.8, steps: 4 }));
    await expect
      .poll(() => stage.fixture.gateway.health().upstreams.some(({ inFlight }) => inFlight > 0))
      .toBe(true);

    const doubled = await alice.post(call('echo', { message: 'x' }));
    expect({ status: doubled.status, body: await doubled.json() }).toEqual({
      status: 400,
      body: {
        jsonrpc: '2.0',
        id: 'slow',
        error: { code: -32600, message: 'A request with this id is in flight' },
      },
    });
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'slow' } };
    expect([(await elsewhere.post(cancel)).status, (await bob.post(cancel)).status]).toEqual([202, 202]);
    const overheard = await bob.post(call('echo', { message: 'x' }));
    expect(await overheard.json()).toMatchObject({ id: 'slow', result: { content: [{ text: 'Echo: x' }] } });

    const events = readEvents(await (await slow).text()) as {
      params?: { progressToken: string };
      result?: unknown;
    }[];
    expect(events.map(({ params }) => params?.progressToken)).toEqual([
      'token',
      'token',
      'token',
      'token',
      undefined,
    ]);
    expect(events.at(-1)).toMatchObject({ id: 'slow', result: { content: [{ type: 'text' }] } });
    for (const client of [alice, elsewhere, bob]) {
      expect(await client.end()).toBe(204);
    }
  });
});

describe('a session', () => {
  it('has an id of the gateway, whatever the client wants it to be (A51)', async () => {
    const [reply] = await send({
      headers: { 'mcp-session-id': '{{session-bob}}' },
      body: '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}',
    });
    const id = reply?.headers['mcp-session-id'] ?? '';
    expect(id).toMatch(/^ses-[A-Za-z0-9_-]{32}$/);
    expect(id).not.toBe(stage.fill('{{session-bob}}'));
    expect((await send({ method: 'DELETE', headers: { 'mcp-session-id': id }, body: '' }))[0]?.status).toBe(
      204,
    );
  });
});

describe('after all that', () => {
  it('findSecrets() finds what it looks for', () => {
    const hidden = SECRETS.alice;
    const known = new Map([['alice', hidden]]);
    const spellings = [
      hidden,
      hidden.slice(13, 23),
      hidden.slice(-10),
      Buffer.from(`Basic x:${hidden}`).toString('base64'),
      Buffer.from(hidden).toString('hex'),
    ];
    expect(spellings.map((text) => findSecrets(`before ${text} behind`, known))).toEqual(
      spellings.map(() => ['alice']),
    );
    expect(findSecrets(hidden.slice(0, 13), known)).toEqual([]);
  });

  it('no reply held a secret', () => {
    expect(replies.length).toBeGreaterThanOrEqual(badRequests.length);
    expect(findSecrets(JSON.stringify(replies), stage.secrets)).toEqual([]);
  });

  it.each(['alice', 'injectedHeader', 'injectedVariable', 'ownCredential'] as const)(
    'a caller who puts %s where none belongs leaves no trace of it in logs and records',
    async (name) => {
      const fill = (text: string): string => stage.fill(text.replaceAll('{{stray}}', SECRETS[name]));
      for (const { request } of straySecrets) {
        const [reply] = await send(request, fill);
        const session = reply?.headers['mcp-session-id'];
        if (session !== undefined) {
          await send({ method: 'DELETE', headers: { 'mcp-session-id': session }, body: '' });
        }
      }
      expect(findSecrets(stage.fixture.log(), stage.secrets)).toEqual([]);
      const files = await readFolder(stage.fixture.foundation.home.path);
      expect(
        [...files].filter(([, text]) => findSecrets(text, stage.secrets).length > 0).map(([file]) => file),
      ).toEqual([]);
    },
  );

  it('the credentials looked for were really in use', () => {
    const sent = (headers: readonly { authorization?: string | undefined }[]): unknown =>
      new Set(headers.map(({ authorization }) => authorization));
    expect(sent(stage.team.seen)).toEqual(new Set([`Bearer ${SECRETS.injectedHeader}`]));
    expect(sent(stage.own.seen)).toEqual(new Set([`Bearer ${SECRETS.ownCredential}`]));
  });

  it('logs, store, records and metrics hold no secret', async () => {
    const log = stage.fixture.log();
    expect(log).toContain('login refused');
    expect(findSecrets(log, stage.secrets)).toEqual([]);
    expect(log).not.toContain('"level":"error"');

    const files = await readFolder(stage.fixture.foundation.home.path);
    expect([...files.keys()]).toEqual(expect.arrayContaining(['state.db', 'audit/gateway/00000001.jsonl']));
    expect(
      [...files].filter(([, text]) => findSecrets(text, stage.secrets).length > 0).map(([file]) => file),
    ).toEqual([]);

    const metrics = await (await fetch(`${stage.fixture.gateway.url}/metrics`)).text();
    expect(metrics).toContain('smcp_auth_failures');
    expect(findSecrets(metrics, stage.secrets)).toEqual([]);
  });

  it('the chain of records verifies', async () => {
    const { home, store } = stage.fixture.foundation;
    const verdict = await verifyAudit({
      directory: home.file('audit'),
      store,
      publicKey: home.auditPublicKey,
    });
    expect(verdict).toMatchObject({ ok: true, writers: [{ problems: [] }] });
  });

  it('every session can be ended, and none is left', async () => {
    await stage.leave();
    expect(stage.fixture.gateway.health()).toMatchObject({ sessions: 0 });
    const isIdle = (): boolean =>
      stage.fixture.gateway.health().upstreams.every(({ inFlight }) => inFlight === 0);
    await expect.poll(isIdle).toBe(true);
  });
});
