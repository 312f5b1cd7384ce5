import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '@smcp/protocol';
import { Catalog, PROMPTS, RESOURCES, TEMPLATES, TOOLS } from '../../src/catalog/index.ts';
import type { Logger } from '../../src/telemetry/telemetry.ts';
import {
  UpstreamPool,
  type RequestOptions,
  type Upstream,
  type UpstreamSpec,
} from '../../src/upstream/index.ts';
import { EVERYTHING, startEverything } from '../fixtures/everything-server.ts';
import { isRunning } from '../fixtures/stdio-fixture.ts';
import { callOf } from '../fixtures/call-of.ts';
import { failure } from '../fixtures/failure.ts';

const LIMITS: RequestOptions = { timeoutMs: 20_000, maxBytes: 4 * 1024 * 1024 };
const COMMON = {
  server: 'everything',
  era: 'auto' as const,
  mayAsk: [],
  startTimeoutMs: 30_000,
  maxResultBytes: 4 * 1024 * 1024,
  idleMs: 60_000,
};
const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

const opened: AsyncDisposable[] = [];

afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) {
    await one[Symbol.asyncDispose]();
  }
});

function use<T extends AsyncDisposable>(one: T): T {
  opened.push(one);
  return one;
}

const makePool = (): UpstreamPool =>
  use(
    new UpstreamPool({
      clientInfo: { name: 'smcp', version: '1' },
      logger: SILENT,
      now: () => performance.now(),
    }),
  );

function stdioSpec(): UpstreamSpec {
  return {
    ...COMMON,
    kind: 'stdio',
    command: process.execPath,
    args: [EVERYTHING, 'stdio'],
    env: {},
    cwd: tmpdir(),
  };
}

async function specOf(transport: string): Promise<UpstreamSpec> {
  switch (transport) {
    case 'stdio':
      return stdioSpec();
    case 'HTTP+SSE':
      return {
        ...COMMON,
        kind: 'http',
        url: use(await startEverything('sse')).url,
        transport: 'auto',
        headers: {},
      };
    default:
      return {
        ...COMMON,
        kind: 'http',
        url: use(await startEverything('streamableHttp')).url,
        transport: 'auto',
        headers: {},
      };
  }
}

function lease(key: string, spec: UpstreamSpec): Parameters<UpstreamPool['create']>[0] {
  return { key, spec, onNotification: () => undefined, onReady: () => undefined };
}

async function call(
  upstream: Upstream,
  name: string,
  given: JsonObject,
  options: Partial<RequestOptions> = {},
): Promise<string> {
  const { message } = await upstream.request(callOf(name, given), { ...LIMITS, ...options });
  if ('error' in message) throw new Error(message.error.message);
  return (message.result['content'] as unknown as [{ text: string }])[0].text;
}

describe.each(['stdio', 'HTTP+SSE', 'streamable HTTP'])('the reference server over %s', (transport) => {
  it('lists and calls its tools [S1-01] [S1-30]', async () => {
    const upstream = makePool().create(lease('a', await specOf(transport)));
    expect((await upstream.describe()).serverInfo['name']).toBe('mcp-servers/everything');
    const catalog = new Catalog(() => performance.now());
    const tools = await catalog.get(TOOLS, upstream);
    expect([...tools.byKey.keys()]).toEqual(
      expect.arrayContaining(['echo', 'get-sum', 'trigger-long-running-operation']),
    );
    for (const kind of [PROMPTS, RESOURCES, TEMPLATES]) {
      expect((await catalog.get(kind, upstream)).items.length).toBeGreaterThan(0);
    }
    expect(await call(upstream, 'echo', { message: 'línea\n💥' })).toBe('Echo: línea\n💥');
    const sums = Array.from({ length: 20 }, async (_, n) => await call(upstream, 'get-sum', { a: n, b: n }));
    expect(await Promise.all(sums)).toEqual(
      Array.from({ length: 20 }, (_, n) => `The sum of ${n} and ${n} is ${2 * n}.`),
    );
  });

  it('tells the progress of a call to that call [S1-50]', async () => {
    const upstream = makePool().create(lease('a', await specOf(transport)));
    const calls = [3, 4].map(async (steps) => {
      const progress: unknown[] = [];
      await call(
        upstream,
        'trigger-long-running-operation',
        { duration: 0.4, steps },
        { onNotification: (_method, params) => progress.push(params['progress']) },
      );
      return progress;
    });
    expect(await Promise.all(calls)).toEqual([
      [1, 2, 3],
      [1, 2, 3, 4],
    ]);
  });

  it('lets a call be cancelled in the middle, and serves the next [A80]', async () => {
    const upstream = makePool().create(lease('a', await specOf(transport)));
    const controller = new AbortController();
    const long = call(
      upstream,
      'trigger-long-running-operation',
      { duration: 30, steps: 300 },
      {
        signal: controller.signal,
        onNotification: () => controller.abort(),
      },
    );
    expect((await failure(long)).code).toBe('UPSTREAM_CANCELLED');
    expect(await call(upstream, 'echo', { message: 'next' })).toBe('Echo: next');
    expect(upstream.health().inFlight).toBe(0);
  });

  it('follows a resource for several at once', async () => {
    const upstream = makePool().create(lease('a', await specOf(transport)));
    const [ann, bob] = ['ann', 'bob'].map((principal) => ({
      principal,
      notification: vi.fn<(method: string, params: JsonObject) => void>(),
    }));
    const leave = [ann, bob].map((listener) => upstream.attach(listener!));
    const uri = 'demo://resource/dynamic/text/1';
    await Promise.all([upstream.subscribe(ann!, uri), upstream.subscribe(bob!, uri)]);
    await call(upstream, 'toggle-subscriber-updates', {});
    await vi.waitFor(
      () => {
        for (const listener of [ann, bob])
          expect(listener?.notification).toHaveBeenCalledWith('notifications/resources/updated', { uri });
      },
      { timeout: 20_000, interval: 50 },
    );
    await call(upstream, 'toggle-subscriber-updates', {});
    for (const one of leave) one();
  });
});

describe('the reference server over stdio', () => {
  it('is started again by the next call after kill -9 [A88]', async () => {
    const upstream = makePool().create(lease('a', stdioSpec()));
    await upstream.describe();
    const { pid = Number.NaN } = upstream.health();
    const { promise: running, resolve } = Promise.withResolvers<void>();
    const lost = failure(
      call(
        upstream,
        'trigger-long-running-operation',
        { duration: 30, steps: 300 },
        { onNotification: () => resolve() },
      ),
    );
    await running;
    process.kill(pid, 'SIGKILL');
    expect(await lost).toMatchObject({ code: 'UPSTREAM_LOST', mayHaveRun: true });
    expect(await call(upstream, 'echo', { message: 'again' })).toBe('Echo: again');
    expect(upstream.health().pid).not.toBe(pid);
  });

  it('has no child left after 50 times of opening and closing [A88]', async () => {
    const pids = new Set<number>();
    const cycle = async (): Promise<void> => {
      const pool = makePool();
      const upstream = pool.create(lease('a', stdioSpec()));
      await call(upstream, 'echo', { message: 'hello' });
      pids.add(upstream.health().pid ?? 0);
      await pool[Symbol.asyncDispose]();
    };
    await cycle();
    const before = process.getActiveResourcesInfo().length;
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(Array.from({ length: 5 }, cycle));
    }
    expect(pids.size).toBe(51);
    expect(await Promise.all([...pids].map(isRunning))).toEqual([...pids].map(() => false));
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before + 2);
  });
});

describe('the reference server over streamable HTTP', () => {
  it('is reached again after it was killed and came back: its session is opened anew once', async () => {
    const first = use(await startEverything('streamableHttp'));
    const upstream = makePool().create(
      lease('a', { ...COMMON, kind: 'http', url: first.url, transport: 'http', headers: {} }),
    );
    await call(upstream, 'echo', { message: 'one' });
    await first[Symbol.asyncDispose]();
    use(await startEverything('streamableHttp', first.port));
    // A socket of the killed server may still be about to be noticed; such a call is not repeated.
    const answers = await vi.waitFor(
      async () =>
        await Promise.all([1, 2, 3].map(async (n) => await call(upstream, 'echo', { message: String(n) }))),
      {
        timeout: 20_000,
        interval: 100,
      },
    );
    expect(answers).toEqual(['Echo: 1', 'Echo: 2', 'Echo: 3']);
    expect(upstream.health().starts).toBe(2);
  });
});
