import { describe, expect, it } from 'vitest';
import { CatalogStore, ChangeCoalescer, TOOLS, type ListKind } from '../../src/catalog/index.ts';
import { fakeClock } from '../limit/fake-clock.ts';
import { listUpstream, toolPage } from '../fixtures/list-upstream.ts';
import { fakeSchedule } from './fake-schedule.ts';

describe('ChangeCoalescer#signal()', () => {
  function make() {
    const time = fakeSchedule();
    const done: string[] = [];
    const changes = new ChangeCoalescer(1000, time.schedule);
    return {
      time,
      done,
      changes,
      say: (key: string, what = key) => changes.signal(key, () => done.push(what)),
    };
  }

  it('acts at once, and joins what follows within the interval to one at its end (A22)', () => {
    const { time, done, say } = make();
    say('a', 'first');
    for (let n = 0; n < 500; n += 1) say('a', `more ${n}`);
    expect(done).toEqual(['first']);
    time.advance(999);
    expect(done).toEqual(['first']);
    time.advance(1);
    expect(done).toEqual(['first', 'more 499']);
    time.advance(5000);
    expect(done).toHaveLength(2);
  });

  it('acts once in each interval of a storm, and never loses the last (A22)', () => {
    const { time, done, say } = make();
    for (let n = 0; n < 100; n += 1) {
      say('a', String(n));
      time.advance(100);
    }
    time.advance(1000);
    expect(done.length).toBeLessThanOrEqual(11);
    expect(done.at(-1)).toBe('99');
  });

  it('acts at once again after a quiet interval', () => {
    const { time, done, say } = make();
    say('a', '1');
    time.advance(1000);
    say('a', '2');
    expect(done).toEqual(['1', '2']);
  });

  it('keeps keys apart, and forgets those that are quiet', () => {
    const { time, done, say } = make();
    for (let n = 0; n < 50; n += 1) say(`k${n}`);
    expect(done).toHaveLength(50);
    expect(time.size()).toBe(50);
    time.advance(1000);
    expect(time.size()).toBe(0);
    expect(done).toHaveLength(50);
  });

  it('does nothing any more after its end', () => {
    const { time, done, say, changes } = make();
    say('a', '1');
    say('a', '2');
    changes[Symbol.dispose]();
    time.advance(5000);
    expect(done).toEqual(['1']);
    expect(time.size()).toBe(0);
  });
});

describe('CatalogStore#changed()', () => {
  async function make() {
    const time = fakeSchedule();
    const clock = fakeClock();
    const store = new CatalogStore(clock.now, time.schedule);
    let names = ['a'];
    const upstream = listUpstream(() => toolPage(names));
    const told: ListKind[] = [];
    await store.get('s').get(TOOLS, upstream);
    return {
      store,
      upstream,
      told,
      say: (method = TOOLS.changed) => {
        store.changed('s', method, (kind) => told.push(kind));
      },
      become: (next: string[]) => (names = next),
      advance: (ms: number) => {
        clock.advance(ms);
        time.advance(ms);
      },
      names: async () => [...(await store.get('s').get(TOOLS, upstream)).byKey.keys()],
    };
  }

  it('forgets and tells at once', async () => {
    const { say, told, become, names, upstream } = await make();
    become(['b']);
    say();
    expect(told).toEqual([TOOLS]);
    expect(await names()).toEqual(['b']);
    expect(upstream.asked).toHaveLength(2);
  });

  it('asks and tells once a second in a storm, and ends with what is true (A22)', async () => {
    const { say, told, become, names, upstream, advance } = await make();
    for (let n = 0; n < 250; n += 1) {
      become([`t${n}`]);
      say();
      await names();
      advance(10);
    }
    expect(upstream.asked.length).toBeLessThanOrEqual(1 + 4);
    expect(told.length).toBeLessThanOrEqual(4);
    const before = told.length;
    advance(1000);
    expect(told).toHaveLength(before + 1);
    expect(await names()).toEqual(['t249']);
  });

  it('tells lists that change together as one', async () => {
    const { say, told } = await make();
    say('notifications/resources/list_changed');
    expect(told.map(({ field }) => field)).toEqual(['resources']);
  });

  it.each(['notifications/message', 'notifications/tools', '', 'list_changed'])(
    'has no ear for %j',
    async (method) => {
      const { say, told, names, upstream } = await make();
      say(method);
      await names();
      expect(told).toEqual([]);
      expect(upstream.asked).toHaveLength(1);
    },
  );

  it('is deaf for a catalogue that is not there', async () => {
    const { store, told } = await make();
    store.changed('other', TOOLS.changed, (kind) => told.push(kind));
    expect(told).toEqual([]);
  });

  it('lets a call find a tool that was added within the second, asking once more and no oftener', async () => {
    const { store, say, become, upstream, names, advance } = await make();
    const find = async (name: string) => await store.get('s').find(TOOLS, name, upstream);
    say();
    await names();
    become(['a', 'b']);
    advance(5);
    say();
    expect(await names()).toEqual(['a']);
    expect(await find('b')).toMatchObject({ name: 'b' });
    expect(upstream.asked).toHaveLength(3);
    for (let n = 0; n < 100; n += 1) {
      say();
      await find(`no-${n}`);
      advance(9);
    }
    expect(upstream.asked.length).toBeLessThanOrEqual(4);
  });
});

describe('CatalogStore#invalidate()', () => {
  it('forgets the catalogues of one server and of no other', async () => {
    const store = new CatalogStore(fakeClock().now);
    const upstream = listUpstream(() => toolPage(['a']));
    for (const key of ['one\nx', 'one\ny', 'one2\nx', 'two\nx']) await store.get(key).get(TOOLS, upstream);
    store.invalidate('one\n');
    const known = ['one\nx', 'one\ny', 'one2\nx', 'two\nx'].filter(
      (key) => store.peek(key)?.peek(TOOLS) !== undefined,
    );
    expect(known).toEqual(['one2\nx', 'two\nx']);
  });
});
