import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Logger } from '../../src/telemetry/telemetry.ts';
import {
  ownRequest,
  UpstreamError,
  UpstreamPool,
  type Upstream,
  type UpstreamLease,
  type UpstreamSpec,
} from '../../src/upstream/index.ts';
import { mcpHandle, startHttpFixture } from '../fixtures/http-fixture.ts';
import { isRunning, stdioSpec } from '../fixtures/stdio-fixture.ts';
import { fakeClock } from '../limit/fake-clock.ts';

const opened: AsyncDisposable[] = [];

afterEach(async () => {
  vi.useRealTimers();
  for (const one of opened.splice(0).toReversed()) {
    await one[Symbol.asyncDispose]();
  }
});

interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

function makePool(): { pool: UpstreamPool; clock: ReturnType<typeof fakeClock>; lines: Line[] } {
  const lines: Line[] = [];
  const write =
    (level: string): Logger['info'] =>
    (message, fields = {}) =>
      lines.push({ level, message, fields });
  const logger: Logger = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  };
  const clock = fakeClock();
  const pool = new UpstreamPool({ clientInfo: { name: 'smcp', version: '1' }, logger, now: clock.now });
  opened.push(pool);
  return { pool, clock, lines };
}

function lease(key: string, spec: UpstreamSpec = stdioSpec([], { idleMs: 1000 })): UpstreamLease {
  return { key, spec, onNotification: () => undefined, onReady: () => undefined };
}

async function call(upstream: Upstream, name = 'pid'): Promise<number> {
  const { message } = await upstream.request(ownRequest('tools/call', { name }), {
    timeoutMs: 5000,
    maxBytes: 10_000,
  });
  if ('error' in message) throw new Error(message.error.message);
  return Number((message.result['content'] as unknown as [{ text: string }])[0].text);
}

describe('UpstreamPool', () => {
  it('gives equal keys the same upstream and others their own [A52]', async () => {
    const { pool } = makePool();
    const made = pool.create(lease('files ann'));
    expect(pool.find('files ann')).toBe(made);
    expect(pool.find('files bob')).toBeUndefined();
    const other = pool.create(lease('files bob'));
    expect(await call(other)).not.toBe(await call(made));
    expect(pool.health().map(({ state }) => state)).toEqual(['ready', 'ready']);
  });

  it('logs a start, an end and a failure with what the server printed', async () => {
    const { pool, lines } = makePool();
    const onReady = vi.fn<() => void>();
    await expect(
      call(pool.create({ ...lease('a', stdioSpec(['--noise'])), onReady }), 'crash'),
    ).rejects.toThrow(UpstreamError);
    await expect(call(pool.create(lease('b', stdioSpec(['--exit=2']))))).rejects.toThrow(UpstreamError);
    expect(onReady).toHaveBeenCalledTimes(1);
    expect(lines).toMatchObject([
      { level: 'debug', message: 'server ready', fields: { server: 'files' } },
      {
        level: 'warn',
        message: 'server connection ended',
        fields: { server: 'files', reason: 'Server "files" ended with exit code 3' },
      },
      {
        level: 'warn',
        message: 'server could not be started',
        fields: {
          reason: 'Server "files" ended with exit code 2',
          said: 'cannot start: secret-of-the-environment',
        },
      },
    ]);
  });

  it('stops what is idle, forgets it, and starts nothing for one who still holds it', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { pool, clock } = makePool();
    const upstream = pool.create(lease('a'));
    const pid = await call(upstream);
    clock.advance(1000);
    vi.advanceTimersByTime(1000);
    await vi.waitFor(async () => expect(await isRunning(pid)).toBe(false), { interval: 5 });
    await vi.waitFor(() => expect(pool.health()).toEqual([]), { interval: 5 });
    await expect(call(upstream)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(pool.find('a')).toBeUndefined();
  });

  it('does not forget an upstream that was just looked up', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { pool, clock } = makePool();
    pool.create(lease('a'));
    clock.advance(1000);
    const found = pool.find('a');
    vi.advanceTimersByTime(1000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(pool.find('a')).toBe(found);
  });

  it('retain() forgets at once what is refused, and ends it when its calls have ended', async () => {
    const { pool } = makePool();
    const old = pool.create(lease('old'));
    const kept = pool.create(lease('kept'));
    const waiting = old.request(ownRequest('tools/call', { name: 'wait', arguments: { key: 'k' } }), {
      timeoutMs: 5000,
      maxBytes: 10_000,
    });
    const pid = await call(old);
    pool.retain((key) => key === 'kept', 60_000);
    expect(pool.find('old')).toBeUndefined();
    expect(pool.find('kept')).toBe(kept);
    expect(await isRunning(pid)).toBe(true);
    await old.request(ownRequest('tools/call', { name: 'release', arguments: { key: 'k' } }), {
      timeoutMs: 5000,
      maxBytes: 10_000,
    });
    await waiting;
    await vi.waitFor(async () => expect(await isRunning(pid)).toBe(false), { interval: 5, timeout: 5000 });
    expect(old.state).toBe('closed');
  });

  it('dispose() ends everything, also what is still draining, and makes only closed upstreams afterwards', async () => {
    const { pool } = makePool();
    const upstreams = ['a', 'b', 'c'].map((key) => pool.create(lease(key)));
    const pids = await Promise.all(upstreams.map(async (upstream) => await call(upstream)));
    const hanging = upstreams.map(async (upstream) => {
      await expect(call(upstream, 'hang')).rejects.toMatchObject({ code: 'UPSTREAM_LOST' });
    });
    pool.retain((key) => key !== 'a', 60_000);
    await pool[Symbol.asyncDispose]();
    await Promise.all(hanging);
    expect(await Promise.all(pids.map(isRunning))).toEqual([false, false, false]);
    expect(pool.health()).toEqual([]);
    const late = pool.create(lease('late'));
    expect(late.state).toBe('closed');
    expect(pool.find('late')).toBeUndefined();
    await expect(call(late)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  it('dispose() ends sessions of HTTP servers and leaves no socket open', async () => {
    const fixture = await startHttpFixture(mcpHandle({ session: () => 's' }));
    opened.push(fixture);
    const { pool } = makePool();
    const spec: UpstreamSpec = {
      kind: 'http',
      server: 'web',
      era: 'auto',
      mayAsk: [],
      url: fixture.url,
      transport: 'auto',
      headers: {},
      startTimeoutMs: 5000,
      maxResultBytes: 10_000,
      idleMs: 1000,
    };
    await call(pool.create(lease('a', spec)));
    await pool[Symbol.asyncDispose]();
    expect(fixture.received.at(-1)?.method).toBe('DELETE');
    await vi.waitFor(() => expect(fixture.sockets()).toBe(0), { interval: 5 });
  });
});
