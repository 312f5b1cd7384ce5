import type { Principal } from '@smcp/policy';
import { describe, expect, it, vi } from 'vitest';
import { Hearers } from '../../../../../src/door/mcp/hearing/hearer.ts';
import { ListenStore, type ListenPlace } from '../../../../../src/door/mcp/modern/listen/listen-store.ts';
import { ALICE, BOB, fakeUpstream } from '../../handshake/sessions.ts';
import { makeListen } from './listens.ts';

const LAST = '{"id":1,"result":{"resultType":"complete"}}';

function make(limits: { max?: number; maxPerPrincipal?: number } = {}) {
  const hearers = new Hearers();
  const gone = new Set<unknown>();
  const store = new ListenStore({
    limits: () => ({ max: 10, maxPerPrincipal: 2, ...limits }),
    mayStay: (principal, endpoint) => !gone.has(principal) && !gone.has(endpoint),
    hearers,
  });
  const open = (principal: Principal = ALICE, endpoint = '/mcp') => {
    const place = store.take(principal);
    const made = makeListen({ principal, endpoint });
    place?.begin(made.listen, LAST);
    return { ...made, place };
  };
  return { store, hearers, gone, open };
}

describe('ListenStore#take()', () => {
  it('has no more room for a principal than the limit, and room again when one has left', () => {
    const { store } = make();
    using _ = store;
    const [first, second] = [store.take(ALICE), store.take(ALICE)];
    expect([first, second].map((place) => place !== undefined)).toEqual([true, true]);
    expect(store.take(ALICE)).toBeUndefined();
    expect(store.take(BOB)).toBeDefined();
    first?.leave();
    first?.leave();
    expect(store.take(ALICE)).toBeDefined();
    expect(store.take(ALICE)).toBeUndefined();
  });

  it('has no more room for all than the limit, counting places not yet used', () => {
    const { store } = make({ max: 1 });
    using _ = store;
    expect(store.take(ALICE)).toBeDefined();
    expect(store.take(BOB)).toBeUndefined();
  });

  it('has no room after its end', () => {
    const { store } = make();
    store[Symbol.dispose]();
    expect(store.take(ALICE)).toBeUndefined();
  });
});

describe('ListenStore places', () => {
  it('make a hearer of a stream until it leaves', () => {
    const { store, hearers, open } = make();
    using _ = store;
    const { listen, place, sink } = open();
    expect([[...hearers.all()], store.size]).toEqual([[listen], 1]);
    place?.leave();
    expect([[...hearers.all()], store.size, sink.got]).toEqual([[], 0, []]);
  });

  it.each([
    ['has left', (place: ListenPlace | undefined) => place?.leave()],
    ['has ended', (_place: ListenPlace | undefined, end: () => void) => end()],
  ])('do not begin once the stream %s', (_how, before) => {
    const { store, hearers } = make();
    using _ = store;
    const place = store.take(ALICE);
    const { listen } = makeListen();
    before(place, () => {
      listen.end();
    });
    place?.begin(listen, LAST);
    expect([[...hearers.all()], store.size]).toEqual([[], 0]);
  });
});

describe('ListenStore#sweep()', () => {
  it('ends in good order what may not go on, and nothing else, however long it was silent', () => {
    vi.useFakeTimers();
    try {
      const { store, gone, open } = make({ maxPerPrincipal: 10 });
      using _ = store;
      const [alice, bob, elsewhere] = [open(), open(BOB), open(ALICE, '/mcp/files')];
      vi.advanceTimersByTime(24 * 3_600_000);
      expect(store.size).toBe(3);
      gone.add(BOB);
      vi.advanceTimersByTime(1000);
      expect([alice, bob, elsewhere].map(({ sink }) => sink.ended)).toEqual([false, true, false]);
      expect(bob.sink.got).toEqual([JSON.parse(LAST)]);
      gone.add('/mcp/files');
      store.sweep();
      expect([alice, elsewhere].map(({ sink }) => sink.ended)).toEqual([false, true]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('ends a stream that follows a server which is no more, so that its client listens again', () => {
    const { store, open } = make();
    using _ = store;
    const [stays, goes] = [open(), open()];
    stays.listen.attachments.attach(fakeUpstream());
    goes.listen.attachments.attach(fakeUpstream('old', 'closed'));
    store.sweep();
    expect([stays.sink.ended, goes.sink.ended]).toEqual([false, true]);
  });
});

describe('ListenStore end', () => {
  it('says the last words on every stream', () => {
    const { store, hearers, open } = make();
    const all = [open(), open(BOB)];
    store[Symbol.dispose]();
    expect(all.map(({ sink }) => sink.got)).toEqual([[JSON.parse(LAST)], [JSON.parse(LAST)]]);
    expect([...hearers.all()]).toEqual([]);
  });
});
