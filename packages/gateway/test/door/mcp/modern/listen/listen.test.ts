import { describe, expect, it } from 'vitest';
import { LIST_KINDS, PROMPTS, TOOLS } from '../../../../../src/catalog/index.ts';
import { fakeUpstream } from '../../handshake/sessions.ts';
import { makeListen, SUBSCRIPTION } from './listens.ts';

const UPDATED = 'notifications/resources/updated';
const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';
const FILTER = { lists: new Set(['tools']), resources: ['smcp://files/x://1'], tasks: [] };

function tagged(method: string, params: object, id: string | number = 1): object {
  return { jsonrpc: '2.0', method, params: { ...params, _meta: { [SUBSCRIPTION]: id } } };
}

describe('Listen', () => {
  it.each([7, 'seven', 0, ''])('tags everything with the id %j of its request', (id) => {
    const { listen, sink } = makeListen({ id });
    listen.acknowledge(FILTER);
    listen.tellListChanged(TOOLS);
    expect(sink.got).toEqual([
      tagged(
        ACKNOWLEDGED,
        { notifications: { toolsListChanged: true, resourceSubscriptions: FILTER.resources } },
        id,
      ),
      tagged(TOOLS.changed, {}, id),
    ]);
  });

  it('says what will be told before anything that happened meanwhile', async () => {
    const { listen, sink } = makeListen();
    const upstream = fakeUpstream();
    await listen.attachments.follow(upstream, 'subscribe', 'x://1', 'smcp://files/x://1');
    upstream.say(UPDATED, { uri: 'x://1', _meta: { [SUBSCRIPTION]: 99, other: 1 } });
    expect(sink.got).toEqual([]);
    listen.acknowledge(FILTER);
    expect(sink.got).toMatchObject([
      { method: ACKNOWLEDGED },
      {
        method: UPDATED,
        params: { uri: 'smcp://files/x://1', _meta: { [SUBSCRIPTION]: 1, other: 1 } },
      },
    ]);
  });

  it('tells of no list that was not asked for, and of others also what changed before the client knew', () => {
    const { listen, sink } = makeListen();
    expect(LIST_KINDS.every((kind) => listen.hasListed(kind))).toBe(true);
    for (const kind of LIST_KINDS) listen.tellListChanged(kind);
    listen.acknowledge({ ...FILTER, lists: new Set(['prompts']) });
    for (const kind of LIST_KINDS) listen.tellListChanged(kind);
    expect(sink.got.slice(1)).toEqual([tagged(PROMPTS.changed, {}), tagged(PROMPTS.changed, {})]);
    expect(LIST_KINDS.filter((kind) => listen.hasListed(kind))).toEqual([PROMPTS]);
  });

  it.each([
    'notifications/message',
    'notifications/progress',
    TOOLS.changed,
    'notifications/elicitation/complete',
  ])('passes on no %s of a server', (method) => {
    const { listen, sink } = makeListen();
    const upstream = fakeUpstream();
    listen.attachments.attach(upstream);
    listen.acknowledge(FILTER);
    upstream.say(method, { level: 'error', progressToken: 1 });
    expect(sink.got).toHaveLength(1);
  });

  it('tells nothing that policy no longer lets its principal hear', () => {
    const { listen, sink, tasks } = makeListen({ mayHear: () => false });
    const upstream = fakeUpstream();
    listen.attachments.attach(upstream);
    listen.acknowledge(FILTER);
    upstream.say(UPDATED, { uri: 'x://1' });
    upstream.say('notifications/tasks', { taskId: 't' });
    expect([sink.got.length, tasks]).toEqual([1, []]);
  });

  it('leaves it to others what its client is shown of a task', () => {
    const { listen, sink, tasks } = makeListen();
    const upstream = fakeUpstream();
    listen.attachments.attach(upstream);
    listen.acknowledge(FILTER);
    upstream.say('notifications/tasks', { taskId: 't', status: 'working' });
    expect(sink.got).toHaveLength(1);
    expect(tasks).toEqual([['files', { taskId: 't', status: 'working' }]]);
  });

  it('says its last words once, and nothing after them', () => {
    const { listen, sink } = makeListen();
    const upstream = fakeUpstream();
    listen.attachments.attach(upstream);
    listen.acknowledge(FILTER);
    listen.end('{"id":1,"result":{}}');
    listen.end('{"id":1,"result":{"again":true}}');
    listen.tellListChanged(TOOLS);
    expect(sink.got.slice(1)).toEqual([{ id: 1, result: {} }]);
    expect([sink.ended, listen.ended, upstream.listeners.size]).toEqual([true, true, 0]);
  });

  it('keeps no more than a thousand early messages', () => {
    const { listen, sink } = makeListen();
    for (let n = 0; n < 1500; n += 1) listen.tell(UPDATED, { uri: `x://${n}` });
    listen.acknowledge(FILTER);
    expect(sink.got).toHaveLength(1001);
  });
});
