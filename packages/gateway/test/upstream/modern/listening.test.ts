import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '@smcp/protocol';
import type { ModernLink } from '../../../src/upstream/modern/modern-link.ts';
import { failure } from '../../fixtures/failure.ts';
import { FakeTransport, type Sent } from '../../fixtures/fake-transport.ts';
import { makeModern, META_SUBSCRIPTION, META_VERSION, TASKS, VERSION } from '../../fixtures/modern.ts';

const LISTS = { tools: { listChanged: true }, resources: { subscribe: true, listChanged: true } };
const FOLLOW = { resources: { subscribe: true } };

interface Stage {
  readonly link: ModernLink;
  readonly transport: FakeTransport;
  readonly heard: [string, JsonObject][];
  /** All listens so far. */
  readonly listens: () => Sent[];
  /** The server promises what it was asked for, or what is given, on a listen. */
  readonly acknowledge: (listen: Sent | undefined, notifications?: JsonObject) => void;
  readonly tell: (listen: Sent | undefined, method: string, params?: JsonObject) => void;
}

async function stage(capabilities: JsonObject): Promise<Stage> {
  const transport = new FakeTransport();
  const heard: Stage['heard'] = [];
  const link = await makeModern(transport, capabilities, {
    notification: (method, params) => heard.push([method, params]),
  });
  const tell: Stage['tell'] = (listen, method, params = {}) => {
    const _meta = { [META_SUBSCRIPTION]: listen?.message.id };
    transport.say({ method, params: { ...params, _meta } });
  };
  await settle();
  return {
    link,
    transport,
    heard,
    listens: () => transport.sent.filter(({ message }) => message.method === 'subscriptions/listen'),
    acknowledge: (listen, notifications = listen?.message.params.notifications) => {
      tell(listen, 'notifications/subscriptions/acknowledged', { notifications });
    },
    tell,
  };
}

/** Lets everything happen that needs no timer. */
const settle = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(0);
};
const changed = 'notifications/tools/list_changed';
const updated = 'notifications/resources/updated';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('ModernLink, listening', () => {
  it('asks for the lists that the server announces, in the form of its version', async () => {
    const { listens } = await stage(LISTS);
    expect(listens()[0]?.message.params).toMatchObject({
      notifications: { toolsListChanged: true, resourcesListChanged: true },
      _meta: { [META_VERSION]: VERSION },
    });
  });

  it.each<JsonObject>([{}, { tools: {} }, FOLLOW, TASKS])(
    'asks for nothing as long as nothing is wanted: %j',
    async (capabilities) => {
      expect((await stage(capabilities)).listens()).toEqual([]);
    },
  );

  it('passes on what comes on its stream after the acknowledgement, without the id', async () => {
    const { listens, acknowledge, tell, heard } = await stage(LISTS);
    const [listen] = listens();
    tell(listen, changed);
    acknowledge(listen);
    tell(listen, changed);
    expect(heard).toEqual([[changed, {}]]);
  });

  it.each([99, '99', null, 'x'])('leaves out what has the foreign id %j [A80]', async (id) => {
    const { transport, listens, acknowledge, heard } = await stage(LISTS);
    acknowledge(listens()[0]);
    transport.say({ method: changed, params: { _meta: { [META_SUBSCRIPTION]: id ?? 'none' } } });
    expect(heard.filter(([, params]) => params['_meta'] === undefined)).toEqual([]);
  });

  it('leaves out what has its id and came on the stream of a call', async () => {
    const { transport, listens, acknowledge, heard } = await stage(LISTS);
    const [listen] = listens();
    acknowledge(listen);
    const params = { _meta: { [META_SUBSCRIPTION]: listen?.message.id } };
    transport.say({ method: changed, params }, 77);
    expect(heard).toEqual([]);
    transport.say({ method: changed, params }, listen?.message.id);
    expect(heard).toHaveLength(1);
  });

  it('is not counted as a call in flight', async () => {
    const { link, listens, acknowledge } = await stage(LISTS);
    acknowledge(listens()[0]);
    expect(link.inFlight).toBe(0);
  });

  it('ends with the link: nothing is opened again, and nothing is left', async () => {
    const { link, listens, acknowledge } = await stage(LISTS);
    acknowledge(listens()[0]);
    await link[Symbol.asyncDispose]();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(listens()).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('ModernLink#subscribe()', () => {
  it('resolves once the server has promised it, and hears of it then', async () => {
    const { link, listens, acknowledge, tell, heard } = await stage(FOLLOW);
    let isDone = false;
    const subscribed = link.subscribe('file:///a').then(() => (isDone = true));
    await settle();
    const [listen] = listens();
    expect(listen?.message.params.notifications).toEqual({ resourceSubscriptions: ['file:///a'] });
    expect(isDone).toBe(false);
    acknowledge(listen);
    await subscribed;
    tell(listen, updated, { uri: 'file:///a' });
    expect(heard).toEqual([[updated, { uri: 'file:///a' }]]);
  });

  it('opens a new listen for everything first, and ends the old one after its acknowledgement', async () => {
    const { link, transport, listens, acknowledge, tell, heard } = await stage(LISTS);
    acknowledge(listens()[0]);
    const subscribed = link.subscribe('file:///a');
    await settle();
    const [before, after] = listens();
    expect(after?.message.params.notifications).toEqual({
      toolsListChanged: true,
      resourcesListChanged: true,
      resourceSubscriptions: ['file:///a'],
    });
    expect(before?.context.isAborted).toBe(false);
    tell(before, changed);
    tell(after, changed);
    acknowledge(after);
    await subscribed;
    expect(before?.context.isAborted).toBe(true);
    expect(transport.last('notifications/cancelled').message.params.requestId).toBe(before?.message.id);
    tell(before, changed);
    tell(after, changed);
    expect(heard).toEqual([
      [changed, {}],
      [changed, {}],
    ]);
  });

  it('shares one listen among all who come at the same time', async () => {
    const { link, listens, acknowledge } = await stage(FOLLOW);
    const all = Array.from({ length: 50 }, async (_, n) => {
      await link.subscribe(`file:///${n}`);
    });
    await settle();
    expect(listens()).toHaveLength(1);
    acknowledge(listens()[0]);
    await Promise.all(all);
    expect(listens()).toHaveLength(1);
  });

  it('makes those wait who come while a listen is being opened, and then opens one for all of them', async () => {
    const { link, listens, acknowledge } = await stage(FOLLOW);
    const first = link.subscribe('file:///1');
    await settle();
    const rest = [2, 3, 4].map(async (n) => {
      await link.subscribe(`file:///${n}`);
    });
    await settle();
    expect(listens()).toHaveLength(1);
    acknowledge(listens()[0]);
    await first;
    await settle();
    expect(listens()).toHaveLength(2);
    acknowledge(listens()[1]);
    await Promise.all(rest);
    expect(listens()[1]?.message.params.notifications.resourceSubscriptions).toEqual(
      [1, 2, 3, 4].map((n) => `file:///${n}`),
    );
  });

  it('is refused when the server does not promise it, and asks for it no more', async () => {
    const { link, listens, acknowledge } = await stage(FOLLOW);
    const [good, bad] = [link.subscribe('file:///good'), failure(link.subscribe('file:///bad'))];
    await settle();
    acknowledge(listens()[0], { resourceSubscriptions: ['file:///good'] });
    await good;
    expect(await bad).toMatchObject({ code: 'UPSTREAM_REFUSED', mayHaveRun: false });
    const other = link.subscribe('file:///other');
    await settle();
    acknowledge(listens()[1]);
    await other;
    expect(listens()[1]?.message.params.notifications.resourceSubscriptions).toEqual([
      'file:///good',
      'file:///other',
    ]);
  });

  it('is refused without asking a server that does not tell of resources', async () => {
    const { link, listens } = await stage({ resources: { listChanged: false } });
    expect(await failure(link.subscribe('file:///a'))).toMatchObject({ code: 'UPSTREAM_REFUSED' });
    expect(listens()).toEqual([]);
  });

  it.each([
    [-32_601, 'Method not found'],
    [-32_602, 'Invalid params'],
    [-32_603, 'Subscription limit reached'],
  ])('fails when the server answers with the error %i', async (code, message) => {
    const { link, transport, listens } = await stage(FOLLOW);
    const refused = failure(link.subscribe('file:///a'));
    await settle();
    transport.say({ id: listens()[0]?.message.id, error: { code, message } });
    expect(await refused).toMatchObject({
      code: 'UPSTREAM_REFUSED',
      message: `Server "files" refused to be listened to: ${message}`,
    });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(listens()).toHaveLength(1);
  });

  it('keeps the old listen when a new one fails', async () => {
    const { link, transport, listens, acknowledge, tell, heard } = await stage(LISTS);
    acknowledge(listens()[0]);
    const refused = failure(link.subscribe('file:///a'));
    await settle();
    transport.say({ id: listens()[1]?.message.id, error: { code: -32_603, message: 'limit' } });
    await refused;
    tell(listens()[0], changed);
    expect(heard).toEqual([[changed, {}]]);
    expect(listens()[0]?.context.isAborted).toBe(false);
  });

  it('waits ten seconds for the acknowledgement, and takes none afterwards', async () => {
    const { link, listens, acknowledge, tell, heard } = await stage(FOLLOW);
    const waiting = failure(link.subscribe('file:///a'));
    await vi.advanceTimersByTimeAsync(9999);
    expect(listens()[0]?.context.isAborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect((await waiting).code).toBe('UPSTREAM_TIMEOUT');
    expect(listens()[0]?.context.isAborted).toBe(true);
    acknowledge(listens()[0]);
    tell(listens()[0], updated, { uri: 'file:///a' });
    expect(heard).toEqual([]);
  });
});

describe('ModernLink#unsubscribe()', () => {
  it('listens to the rest only', async () => {
    const { link, listens, acknowledge } = await stage(FOLLOW);
    const both = ['a', 'b'].map(async (name) => {
      await link.subscribe(name);
    });
    await settle();
    acknowledge(listens()[0]);
    await Promise.all(both);
    await link.unsubscribe('a');
    await settle();
    expect(listens()[1]?.message.params.notifications).toEqual({ resourceSubscriptions: ['b'] });
  });

  it('ends the listen when nothing is wanted any more', async () => {
    const { link, listens, acknowledge } = await stage(FOLLOW);
    const subscribed = link.subscribe('a');
    await settle();
    acknowledge(listens()[0]);
    await subscribed;
    await link.unsubscribe('a');
    await settle();
    expect(listens()).toHaveLength(1);
    expect(listens()[0]?.context.isAborted).toBe(true);
  });

  it('asks for nothing when the resource was not followed', async () => {
    const { link, listens } = await stage(FOLLOW);
    await link.unsubscribe('a');
    await settle();
    expect(listens()).toEqual([]);
  });
});

describe('ModernLink#followTask()', () => {
  it('listens to tasks beside lists and resources, and passes their notifications on', async () => {
    const { link, listens, acknowledge, tell, heard } = await stage({ ...FOLLOW, ...TASKS });
    const both = [link.followTask('t-1'), link.subscribe('a')];
    await settle();
    expect(listens()[0]?.message.params.notifications).toEqual({
      resourceSubscriptions: ['a'],
      taskIds: ['t-1'],
    });
    acknowledge(listens()[0]);
    await Promise.all(both);
    tell(listens()[0], 'notifications/tasks', { taskId: 't-1', status: 'working' });
    expect(heard).toEqual([['notifications/tasks', { taskId: 't-1', status: 'working' }]]);
    await link.unfollowTask('t-1');
    await settle();
    expect(listens()[1]?.message.params.notifications).toEqual({ resourceSubscriptions: ['a'] });
  });

  it('is refused by a server without tasks, and by one that does not promise it', async () => {
    expect((await failure((await stage(FOLLOW)).link.followTask('t-1'))).code).toBe('UPSTREAM_REFUSED');
    const { link, listens, acknowledge } = await stage(TASKS);
    const refused = failure(link.followTask('t-1'));
    await settle();
    acknowledge(listens()[0], {});
    expect((await refused).code).toBe('UPSTREAM_REFUSED');
  });
});

describe('ModernLink, whose listen ends', () => {
  it.each<[string, (stage: Stage) => void]>([
    [
      'with a result, in order',
      ({ transport, listens }) => {
        transport.say({ id: listens().at(-1)?.message.id, result: { resultType: 'complete' } });
      },
    ],
    [
      'with an error',
      ({ transport, listens }) => {
        transport.say({ id: listens().at(-1)?.message.id, error: { code: -32_603, message: 'stopping' } });
      },
    ],
  ])('listens again, and takes the lists for changed: %s', async (_how, end) => {
    const staged = await stage(LISTS);
    const { listens, acknowledge, heard } = staged;
    acknowledge(listens()[0]);
    end(staged);
    await settle();
    expect(listens()).toHaveLength(2);
    expect(heard).toEqual([]);
    acknowledge(listens()[1]);
    expect(heard.map(([method]) => method)).toEqual([
      'notifications/tools/list_changed',
      'notifications/resources/list_changed',
    ]);
  });

  it('waits longer and longer when the server keeps ending it', async () => {
    const staged = await stage(LISTS);
    const { transport, listens, acknowledge } = staged;
    const gaps: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      acknowledge(listens().at(-1));
      transport.say({ id: listens().at(-1)?.message.id, result: {} });
      const [endedAt, before] = [performance.now(), listens().length];
      while (listens().length === before) await vi.advanceTimersByTimeAsync(10);
      gaps.push(Math.round((performance.now() - endedAt) / 100) * 100);
    }
    expect(gaps).toEqual([0, 500, 1000, 2000, 5000]);
  });

  it('begins at once again after a stream that held for ten seconds', async () => {
    const { transport, listens, acknowledge } = await stage(LISTS);
    for (let n = 0; n < 4; n += 1) {
      acknowledge(listens().at(-1));
      await vi.advanceTimersByTimeAsync(10_000);
      transport.say({ id: listens().at(-1)?.message.id, result: {} });
      await vi.advanceTimersByTimeAsync(10);
      expect(listens()).toHaveLength(n + 2);
    }
  });

  it('does not listen again to a server that had promised nothing', async () => {
    const { transport, listens, acknowledge } = await stage(LISTS);
    acknowledge(listens()[0], {});
    transport.say({ id: listens()[0]?.message.id, result: {} });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(listens()).toHaveLength(1);
  });

  it('tries again later when the first attempt fails, and tells then what may have been missed', async () => {
    const { transport, listens, acknowledge, heard } = await stage(LISTS);
    transport.say({ id: listens()[0]?.message.id, error: { code: -32_603, message: 'not yet' } });
    await settle();
    transport.say({ id: listens()[1]?.message.id, error: { code: -32_603, message: 'not yet' } });
    await vi.advanceTimersByTimeAsync(499);
    expect(listens()).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    acknowledge(listens()[2]);
    expect(heard).toHaveLength(2);
  });

  it('goes on following what was followed', async () => {
    const { link, transport, listens, acknowledge } = await stage(FOLLOW);
    const subscribed = link.subscribe('a');
    await settle();
    acknowledge(listens()[0]);
    await subscribed;
    transport.say({ id: listens()[0]?.message.id, result: {} });
    await settle();
    expect(listens()[1]?.message.params.notifications).toEqual({ resourceSubscriptions: ['a'] });
  });
});
