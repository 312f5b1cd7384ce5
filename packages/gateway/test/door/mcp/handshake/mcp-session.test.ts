import { describe, expect, it } from 'vitest';
import { LIST_KINDS, PROMPTS, RESOURCES, TOOLS } from '../../../../src/catalog/index.ts';
import { ALICE, BOB, fakeSink, fakeUpstream, makeSession } from './sessions.ts';

const UPDATED = 'notifications/resources/updated';
const MESSAGE = 'notifications/message';

describe('McpSession', () => {
  it('belongs to the same principal with the same delegators alone', () => {
    const session = makeSession();
    const grants = [{ delegator: 'key:bob', roles: [], scope: undefined as never }];
    expect(session.belongsTo({ ...ALICE, roles: ['other'] })).toBe(true);
    expect(session.belongsTo(BOB)).toBe(false);
    expect(session.belongsTo({ ...ALICE, tenant: 'other' })).toBe(false);
    expect(session.belongsTo({ ...ALICE, delegation: { grants } })).toBe(false);
  });

  it('joins the listeners of an upstream once, and leaves with its end', () => {
    const session = makeSession();
    const upstream = fakeUpstream();
    expect(session.attach(upstream)).toBe(session.attach(upstream));
    expect(upstream.listeners.size).toBe(1);
    session.end();
    expect(upstream.listeners.size).toBe(0);
    expect(session.attach(upstream)).toBeUndefined();
    expect(upstream.listeners.size).toBe(0);
  });

  it('listens to 256 upstreams at most, and forgets those that are no more', () => {
    const session = makeSession();
    const first = fakeUpstream();
    session.attach(first);
    for (let n = 0; n < 300; n += 1) session.attach(fakeUpstream('gone', 'closed'));
    expect(first.listeners.size).toBe(1);
    for (let n = 0; n < 255; n += 1) session.attach(fakeUpstream());
    expect(first.listeners.size).toBe(1);
    session.attach(fakeUpstream());
    expect(first.listeners.size).toBe(0);
  });

  it('aborts its calls in flight at its end, and ends its stream', () => {
    const session = makeSession();
    const controller = new AbortController();
    const sink = fakeSink();
    session.inFlight.set(1, controller);
    session.openStream(sink);
    session.end();
    expect([controller.signal.aborted, sink.ended, session.busy]).toEqual([true, true, false]);
  });

  it('knows which lists its client was given', () => {
    const session = makeSession();
    session.noteListed(TOOLS);
    expect(LIST_KINDS.filter((kind) => session.hasListed(kind))).toEqual([TOOLS]);
  });
});

describe('McpSession streams', () => {
  it('keeps what is said while there is no stream, once each, and says it in order', () => {
    const session = makeSession();
    const upstream = fakeUpstream();
    session.attach(upstream);
    for (const data of ['a', 'b', 'a']) upstream.say(MESSAGE, { level: 'info', data });
    const sink = fakeSink();
    session.openStream(sink);
    expect(sink.got).toMatchObject([{ params: { data: 'a' } }, { params: { data: 'b' } }]);
  });

  it('keeps what a broken stream did not take for the next', () => {
    const session = makeSession();
    const upstream = fakeUpstream();
    session.attach(upstream);
    const [broken, next] = [fakeSink(), fakeSink()];
    session.openStream(broken);
    broken.broken = true;
    upstream.say(MESSAGE, { level: 'info', data: 1 });
    expect(session.busy).toBe(false);
    session.openStream(next);
    expect(next.got).toMatchObject([{ params: { data: 1 } }]);
  });

  it('says now what must not wait, or not at all', () => {
    const session = makeSession();
    const [sink, next] = [fakeSink(), fakeSink()];
    expect(session.sendNow('{"a":1}')).toBe(false);
    session.openStream(sink);
    expect(session.sendNow('{"a":2}')).toBe(true);
    sink.broken = true;
    expect(session.sendNow('{"a":3}')).toBe(false);
    session.openStream(next);
    expect([sink.got, next.got]).toEqual([[{ a: 2 }], []]);
  });

  it('has one stream: a newer one ends the older, whose end then means nothing', () => {
    const session = makeSession();
    const [older, newer] = [fakeSink(), fakeSink()];
    session.openStream(older);
    session.openStream(newer);
    session.closeStream(older);
    expect([older.ended, newer.ended, session.busy]).toEqual([true, false, true]);
    session.closeStream(newer);
    expect(session.busy).toBe(false);
  });
});

describe('McpSession notifications', () => {
  function hearing(mayHear = (): boolean => true) {
    const session = makeSession(mayHear);
    const upstream = fakeUpstream();
    const sink = fakeSink();
    session.attach(upstream);
    session.openStream(sink);
    return { session, upstream, sink };
  }

  it('passes on log messages of the level that was asked for', async () => {
    const { session, upstream, sink } = hearing();
    upstream.say(MESSAGE, { level: 'debug' });
    await session.setLogLevel('warning');
    upstream.say(MESSAGE, { level: 'info' });
    upstream.say(MESSAGE, { level: 'error' });
    upstream.say(MESSAGE, { level: 'loud' });
    expect(sink.got).toMatchObject([{ params: { level: 'debug' } }, { params: { level: 'error' } }]);
    expect(upstream.asked).toEqual(['level warning']);
    const another = fakeUpstream();
    session.attach(another);
    expect(another.asked).toEqual(['level warning']);
  });

  it('tells of a resource under the URI that its client followed, and its own again afterwards', async () => {
    const { session, upstream, sink } = hearing();
    await session.follow(upstream, 'subscribe', 'x://1', 'smcp://files/x://1');
    upstream.say(UPDATED, { uri: 'x://1', title: 'T' });
    upstream.say(UPDATED, { uri: 'x://2' });
    await session.follow(upstream, 'unsubscribe', 'x://1', 'smcp://files/x://1');
    upstream.say(UPDATED, { uri: 'x://1' });
    expect(upstream.asked).toEqual(['subscribe x://1', 'unsubscribe x://1']);
    expect(sink.got).toMatchObject([
      { params: { uri: 'smcp://files/x://1', title: 'T' } },
      { params: { uri: 'x://2' } },
      { params: { uri: 'x://1' } },
    ]);
  });

  it('tells its servers that the folders of the client changed, and whose', () => {
    const { session, upstream } = hearing();
    session.rootsChanged();
    expect(upstream.asked).toEqual(['roots "default\\nkey:alice\\nses-1"']);
    expect([...upstream.listeners].map(({ asker }) => asker)).toEqual(['default\nkey:alice\nses-1']);
  });

  it('follows nothing after its end', async () => {
    const { session, upstream } = hearing();
    session.end();
    await expect(session.follow(upstream, 'subscribe', 'x://1', 'x://1')).rejects.toMatchObject({
      code: 'UPSTREAM_CANCELLED',
    });
    expect(upstream.asked).toEqual([]);
  });

  it('tells nothing that policy no longer lets its principal hear, asked by the server’s own URI', async () => {
    const asked: unknown[] = [];
    const session = makeSession((principal, server, uri) => {
      asked.push([principal.id, server, uri]);
      return false;
    });
    const upstream = fakeUpstream();
    session.attach(upstream);
    const sink = fakeSink();
    session.openStream(sink);
    await session.follow(upstream, 'subscribe', 'x://1', 'smcp://files/x://1');
    upstream.say(UPDATED, { uri: 'x://1' });
    upstream.say(MESSAGE, { level: 'info' });
    expect(sink.got).toEqual([]);
    expect(asked).toEqual([
      ['key:alice', 'files', 'x://1'],
      ['key:alice', 'files', undefined],
    ]);
  });

  it('tells of changed lists only what the handshake promised, and nothing of it from the server itself', () => {
    const { session, upstream, sink } = hearing();
    upstream.say(TOOLS.changed, {});
    for (const kind of LIST_KINDS) session.tellListChanged(kind);
    expect(sink.got).toEqual([]);
    session.capabilities = { tools: { listChanged: true }, prompts: {} };
    for (const kind of [TOOLS, PROMPTS, RESOURCES]) session.tellListChanged(kind);
    expect(sink.got).toEqual([{ jsonrpc: '2.0', method: TOOLS.changed }]);
  });

  it('keeps that a list has changed, however much waits', () => {
    const session = makeSession();
    session.capabilities = { tools: { listChanged: true } };
    const upstream = fakeUpstream();
    session.attach(upstream);
    for (let n = 0; n < 500; n += 1) upstream.say(MESSAGE, { level: 'info', data: n });
    session.tellListChanged(TOOLS);
    session.tellListChanged(TOOLS);
    const sink = fakeSink();
    session.openStream(sink);
    expect(sink.got).toHaveLength(101);
    expect(sink.got.at(-1)).toEqual({ jsonrpc: '2.0', method: TOOLS.changed });
  });

  it('lets no more wait than 1 Mi characters', () => {
    const session = makeSession();
    const upstream = fakeUpstream();
    session.attach(upstream);
    for (let n = 0; n < 50; n += 1)
      upstream.say(MESSAGE, { level: 'info', data: `${n}${'x'.repeat(100_000)}` });
    const sink = fakeSink();
    session.openStream(sink);
    expect(sink.got).toHaveLength(10);
  });
});
