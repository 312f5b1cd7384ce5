import { describe, expect, it, vi } from 'vitest';
import { SessionStore } from '../../../../src/door/mcp/handshake/session-store.ts';
import { fakeClock } from '../../../limit/fake-clock.ts';
import { Hearers } from '../../../../src/door/mcp/hearing/hearer.ts';
import { ALICE, BOB, fakeSink } from './sessions.ts';

function make(limits: { idleMs?: number; max?: number; maxPerPrincipal?: number } = {}) {
  const clock = fakeClock();
  const ended: string[] = [];
  const gone = new Set<unknown>();
  const hearers = new Hearers();
  const store = new SessionStore({
    limits: () => ({ idleMs: 1000, max: 10, maxPerPrincipal: 3, ...limits }),
    now: clock.now,
    isCurrent: (principal) => !gone.has(principal),
    mayHear: () => true,
    hearers,
    onEnd: ({ id }) => ended.push(id),
  });
  const open = (principal = ALICE) =>
    store.open(principal, '/mcp', { protocolVersion: '2025-11-25', askable: {} });
  return { store, clock, ended, gone, open, hearers };
}

describe('SessionStore#find()', () => {
  it('finds a session for its principal at its endpoint alone', () => {
    const { store, open } = make();
    using _ = store;
    const session = open();
    const id = session?.id ?? '';
    expect(id).toMatch(/^ses-[\w-]{32}$/);
    expect(store.find(id, '/mcp', ALICE)).toBe(session);
    expect(store.find(id, '/mcp', BOB)).toBeUndefined();
    expect(store.find(id, '/mcp/files', ALICE)).toBeUndefined();
    expect(store.find(`${id}x`, '/mcp', ALICE)).toBeUndefined();
    expect(store.find('__proto__', '/mcp', ALICE)).toBeUndefined();
  });

  it('goes on with the principal as it is now', () => {
    const { store, open } = make();
    using _ = store;
    const session = open();
    const changed = { ...ALICE, roles: ['more'] };
    store.find(session?.id ?? '', '/mcp', changed);
    expect(session?.principalNow).toBe(changed);
  });
});

describe('SessionStore#open()', () => {
  it('ends the longest unused idle session of a principal at its limit', () => {
    const { store, open, ended } = make();
    using _ = store;
    const [first, second] = [open(), open(), open()];
    store.find(first?.id ?? '', '/mcp', ALICE);
    expect(open()).toBeDefined();
    expect(ended).toEqual([second?.id]);
    expect(store.size).toBe(3);
  });

  it('refuses when all sessions of a principal are busy, and lets others in', () => {
    const { store, open } = make();
    using _ = store;
    for (let n = 0; n < 3; n += 1) open()?.openStream(fakeSink());
    expect(open()).toBeUndefined();
    expect(open(BOB)).toBeDefined();
  });

  it('refuses everybody at the limit of all, and not after one has ended', () => {
    const { store, open } = make({ max: 2 });
    using _ = store;
    const first = open();
    open(BOB);
    expect(open(BOB)).toBeUndefined();
    if (first !== undefined) store.end(first);
    expect(open(BOB)).toBeDefined();
  });

  it('counts what principals of two tenants have apart, though they have one name', () => {
    const { store, open, ended } = make({ maxPerPrincipal: 1 });
    using _ = store;
    open();
    expect(open({ ...ALICE, tenant: 'other' })).toBeDefined();
    expect(ended).toEqual([]);
  });

  it('makes a hearer of a session until its end', () => {
    const { store, open, hearers } = make();
    using _ = store;
    const session = open();
    expect([...hearers.all()]).toEqual([session]);
    if (session !== undefined) store.end(session);
    expect([...hearers.all()]).toEqual([]);
  });

  it('counts a session that ended twice once', () => {
    const { store, open, ended } = make({ maxPerPrincipal: 1 });
    using _ = store;
    const session = open();
    if (session !== undefined) {
      store.end(session);
      store.end(session);
    }
    expect(ended).toHaveLength(1);
    open()?.openStream(fakeSink());
    expect(open()).toBeUndefined();
  });
});

describe('SessionStore sweeping', () => {
  it('ends idle sessions, keeps busy ones, and ends all of a principal that is no longer current', () => {
    vi.useFakeTimers();
    try {
      const { store, open, clock, gone } = make();
      using _ = store;
      open();
      const busy = open();
      busy?.openStream(fakeSink());
      clock.advance(1000);
      vi.advanceTimersByTime(1000);
      expect(store.size).toBe(2);
      clock.advance(1);
      vi.advanceTimersByTime(1000);
      expect([...store.all()]).toEqual([busy]);
      gone.add(ALICE);
      vi.advanceTimersByTime(1000);
      expect(store.size).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
