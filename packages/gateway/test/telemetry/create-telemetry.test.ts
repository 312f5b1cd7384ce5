import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/schema.ts';
import { createTelemetry, type CallAttributes, type GatewayTelemetry } from '../../src/telemetry/index.ts';
import { openCollector } from './collector.ts';
import { memoryLogger } from './log-lines.ts';

const trace = '0af7651916cd43dd8448eb211c80319c';
const span = 'b7ad6b7169203331';
const sampled = `00-${trace}-${span}-01`;
const unsampled = `00-${trace}-${span}-00`;
const ok = { outcome: 'ok', policyMicros: 3, upstreamMicros: 1500 };

const call = (change: Partial<CallAttributes> = {}): CallAttributes => ({
  server: 'files',
  kind: 'tool',
  name: 'read',
  method: 'tools/call',
  door: 'mcp',
  principal: 'key:alice',
  ...change,
});

const open = (
  change: Partial<Config['telemetry']> = {},
  clock?: () => number,
): GatewayTelemetry & { logLines: () => string[] } => {
  const { logger, lines } = memoryLogger();
  const settings = {
    otlp_headers: {},
    service_name: 'smcp-gateway',
    sample_ratio: 1,
    metrics: true,
    metrics_interval_seconds: 3600,
    ...change,
  };
  const telemetry = createTelemetry({
    settings,
    resourceVersion: '1.2.3',
    instanceId: 'gw-1',
    logger,
    ...(clock && { clock }),
  });
  return Object.assign(telemetry, { logLines: lines });
};

/** Lines of a metric without comments. */
const samples = (text: string | undefined, name: string): string[] =>
  (text ?? '').split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));

describe('metricsText()', () => {
  it('counts calls by server, tool, outcome and door, and names no principal [S0-35]', async () => {
    await using telemetry = open();
    telemetry.startCall(call(), {}).end(ok);
    telemetry.startCall(call(), {}).end(ok);
    telemetry
      .startCall(call({ server: 'mail', name: 'send', door: 'cli' }), {})
      .end({ ...ok, outcome: 'timeout' });
    const text = await telemetry.metricsText();
    expect(samples(text, 'smcp_calls_total')).toEqual([
      'smcp_calls_total{server="files",tool="read",outcome="ok",door="mcp"} 2',
      'smcp_calls_total{server="mail",tool="send",outcome="timeout",door="cli"} 1',
    ]);
    expect(text).not.toContain('alice');
  });

  it('measures calls in seconds from start to end, and decisions in microseconds', async () => {
    let now = 0;
    await using telemetry = open({}, () => now);
    const started = telemetry.startCall(call(), {});
    now += 40;
    started.end({ ...ok, policyMicros: 15 });
    const text = await telemetry.metricsText();
    expect(samples(text, 'smcp_call_duration_seconds_sum')).toEqual([
      'smcp_call_duration_seconds_sum{server="files",outcome="ok"} 0.04',
    ]);
    expect(text).toContain('smcp_call_duration_seconds_bucket{server="files",outcome="ok",le="0.025"} 0\n');
    expect(text).toContain('smcp_call_duration_seconds_bucket{server="files",outcome="ok",le="0.05"} 1\n');
    expect(text).toContain('smcp_policy_duration_seconds_bucket{le="0.00001"} 0\n');
    expect(text).toContain('smcp_policy_duration_seconds_bucket{le="0.00002"} 1\n');
  });

  it('counts what happened before the SDK was loaded as well as after', async () => {
    await using telemetry = open();
    telemetry.startCall(call(), {}).end(ok);
    telemetry.countRefusal('TOOL_DENIED');
    telemetry.countAuthFailure('AUTH_UNKNOWN');
    await telemetry.start();
    telemetry.startCall(call(), {}).end(ok);
    telemetry.countRefusal('TOOL_DENIED');
    telemetry.countAuthFailure('AUTH_EXPIRED');
    const text = await telemetry.metricsText();
    expect(samples(text, 'smcp_calls_total')[0]).toMatch(/ 2$/);
    expect(samples(text, 'smcp_call_duration_seconds_count')[0]).toMatch(/ 2$/);
    expect(samples(text, 'smcp_refusals_total')).toEqual(['smcp_refusals_total{code="TOOL_DENIED"} 2']);
    expect(samples(text, 'smcp_auth_failures_total')).toEqual([
      'smcp_auth_failures_total{code="AUTH_UNKNOWN"} 1',
      'smcp_auth_failures_total{code="AUTH_EXPIRED"} 1',
    ]);
  });

  it('counts a call once, however often it ends', async () => {
    await using telemetry = open();
    const started = telemetry.startCall(call(), {});
    started.end(ok);
    started.end({ ...ok, outcome: 'timeout' });
    expect(samples(await telemetry.metricsText(), 'smcp_calls_total')).toEqual([
      'smcp_calls_total{server="files",tool="read",outcome="ok",door="mcp"} 1',
    ]);
  });

  it('does not lose counts from one collection to the next', async () => {
    await using telemetry = open();
    for (let round = 1; round <= 3; round += 1) {
      telemetry.startCall(call(), {}).end(ok);
      const text = await telemetry.metricsText();
      expect(samples(text, 'smcp_calls_total')[0]).toMatch(new RegExp(` ${round}$`));
      expect(samples(text, 'smcp_call_duration_seconds_count')[0]).toMatch(new RegExp(` ${round}$`));
    }
  });

  it('labels prompts by name and resources by none, their addresses are private and endless', async () => {
    await using telemetry = open();
    telemetry.startCall(call({ kind: 'prompt', name: 'greet', method: 'prompts/get' }), {}).end(ok);
    telemetry
      .startCall(call({ kind: 'resource', name: 'file:///home/alice/diary', method: 'resources/read' }), {})
      .end(ok);
    telemetry.startCall(call({ name: '', method: 'tools/list' }), {}).end(ok);
    const text = await telemetry.metricsText();
    expect(samples(text, 'smcp_calls_total').map((line) => /tool="([^"]*)"/.exec(line)?.[1])).toEqual([
      'prompts/greet',
      'resources',
      'tools/list',
    ]);
    expect(text).not.toContain('diary');
  });

  it('escapes hostile labels, so that one sample stays one line [A95]', async () => {
    await using telemetry = open();
    for (const name of ['a"} 1\nsmcp_calls_total{forged="', 'quote"backslash\\', '\u001b[2J'])
      telemetry.startCall(call({ name }), {}).end(ok);
    const text = await telemetry.metricsText();
    expect(samples(text, 'smcp_calls_total')).toEqual([
      'smcp_calls_total{server="files",tool="other",outcome="ok",door="mcp"} 2',
      'smcp_calls_total{server="files",tool="quote\\"backslash\\\\",outcome="ok",door="mcp"} 1',
    ]);
  });

  it('survives more combinations than the SDK would keep by itself', async () => {
    await using telemetry = open();
    await telemetry.start();
    for (let tool = 0; tool < 2500; tool += 1) {
      for (const outcome of ['ok', 'timeout'])
        telemetry.startCall(call({ name: `tool-${tool}` }), {}).end({ ...ok, outcome });
    }
    const text = await telemetry.metricsText();
    expect(samples(text, 'smcp_calls_total')).toHaveLength(4002);
    expect(text).toContain('smcp_calls_total{server="files",tool="other",outcome="ok",door="mcp"} 500\n');
    expect(text).not.toContain('overflow');
  });

  it('reads observed values at each collection', async () => {
    await using telemetry = open();
    let sessions = 3;
    telemetry.observe('smcp_sessions', 'Open sessions', () => sessions);
    expect(await telemetry.metricsText()).toContain(
      '# HELP smcp_sessions Open sessions\n# TYPE smcp_sessions gauge\nsmcp_sessions 3\n',
    );
    sessions = 4;
    telemetry.observe('smcp_devices', 'Connected devices', () => 1);
    const text = await telemetry.metricsText();
    expect([...samples(text, 'smcp_sessions'), ...samples(text, 'smcp_devices')]).toEqual([
      'smcp_sessions 4',
      'smcp_devices 1',
    ]);
  });

  it('takes the last reader of a name, leaves out what cannot be read and ignores names that are none', async () => {
    await using telemetry = open();
    telemetry.observe('smcp_twice', 'x', () => 1);
    telemetry.observe('smcp_twice', 'x', () => 2);
    telemetry.observe('smcp_broken', 'x', () => {
      throw new Error('no');
    });
    telemetry.observe('smcp_nan', 'x', () => Number.NaN);
    for (const name of ['', '1abc', 'a-b', 'a b', 'a\nb', 'A', 'é']) telemetry.observe(name, 'x', () => 7);
    const text = await telemetry.metricsText();
    expect(samples(text, 'smcp_twice')).toEqual(['smcp_twice 2']);
    expect([...samples(text, 'smcp_broken'), ...samples(text, 'smcp_nan')]).toEqual([]);
    expect(text).not.toMatch(/ 7$/m);
  });

  it('tells about the process and who it is', async () => {
    await using telemetry = open();
    const text = await telemetry.metricsText();
    const value = (name: string): number => Number(samples(text, name)[0]?.split(' ')[1]);
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(1024 * 1024);
    expect(value('process_cpu_seconds_total')).toBeGreaterThan(0);
    expect(value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
    expect(value('nodejs_active_resources')).toBeGreaterThanOrEqual(0);
    expect(value('process_start_time_seconds')).toBeLessThanOrEqual(Date.now() / 1000);
    expect(text).toContain(
      'target_info{service_name="smcp-gateway",service_version="1.2.3",service_instance_id="gw-1"} 1',
    );
  });

  it('is undefined when /metrics is off', async () => {
    await using telemetry = open({ metrics: false });
    expect(await telemetry.metricsText()).toBeUndefined();
  });
});

describe('startCall() without a collector', () => {
  it.each([true, false])(
    'passes on the context that came in and starts no span (metrics: %s)',
    async (metrics) => {
      await using telemetry = open({ metrics });
      await telemetry.start();
      const started = telemetry.startCall(call(), {
        traceparent: sampled,
        tracestate: 'a=1',
        baggage: 'b=2',
      });
      started.end(ok);
      expect(started).toMatchObject({
        traceId: undefined,
        next: { traceparent: sampled, tracestate: 'a=1', baggage: 'b=2' },
      });
    },
  );

  it('passes on nothing invalid', async () => {
    await using telemetry = open();
    expect(
      telemetry.startCall(call(), { traceparent: `${sampled}\nx: y`, tracestate: 'a=1', baggage: 'a\r\nb' })
        .next,
    ).toEqual({});
  });
});

describe('startCall() with a collector', () => {
  it('exports a span with the conventions for MCP, as JSON over HTTP [S1-20]', async () => {
    await using collector = await openCollector();
    {
      await using telemetry = open({ otlp_endpoint: collector.url, otlp_headers: { 'x-api-key': 'k' } });
      await telemetry.start();
      const started = telemetry.startCall(call(), { traceparent: sampled, tracestate: 'congo=t61' });
      started.end(ok);
    }
    const request = collector.received.find(({ path }) => path === '/v1/traces');
    expect(request?.headers).toMatchObject({ 'content-type': 'application/json', 'x-api-key': 'k' });
    expect(request?.body).toMatchObject({
      resourceSpans: [
        {
          resource: {
            attributes: [
              { key: 'service.name', value: { stringValue: 'smcp-gateway' } },
              { key: 'service.version', value: { stringValue: '1.2.3' } },
              { key: 'service.instance.id', value: { stringValue: 'gw-1' } },
            ],
          },
          scopeSpans: [
            {
              spans: [
                {
                  name: 'tools/call read',
                  kind: 2,
                  traceId: trace,
                  parentSpanId: span,
                  traceState: 'congo=t61',
                },
              ],
            },
          ],
        },
      ],
    });
    expect(attributesOf(request?.body)).toMatchObject({
      'mcp.method.name': 'tools/call',
      'gen_ai.tool.name': 'read',
      'smcp.server': 'files',
      'smcp.door': 'mcp',
      'smcp.principal': 'key:alice',
      'smcp.outcome': 'ok',
    });
  });

  it('makes the span the parent of the next hop and keeps state and baggage', async () => {
    await using collector = await openCollector();
    await using telemetry = open({ otlp_endpoint: collector.url });
    await telemetry.start();
    const started = telemetry.startCall(call(), { traceparent: sampled, tracestate: 'a=1', baggage: 'b=2' });
    expect(started.traceId).toBe(trace);
    expect(started.next).toMatchObject({ tracestate: 'a=1', baggage: 'b=2' });
    expect(started.next.traceparent).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
    expect(started.next.traceparent).not.toContain(span);
  });

  it('starts a trace of its own when nothing valid came in', async () => {
    await using collector = await openCollector();
    await using telemetry = open({ otlp_endpoint: collector.url });
    await telemetry.start();
    const started = telemetry.startCall(call(), {
      traceparent: `00-${'0'.repeat(32)}-${span}-01`,
      tracestate: 'a=1',
    });
    expect(started.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(started.next).toEqual({
      traceparent: expect.stringMatching(new RegExp(`^00-${started.traceId}-[0-9a-f]{16}-01$`)) as string,
    });
  });

  it('marks a call that did not succeed as an error', async () => {
    await using collector = await openCollector();
    {
      await using telemetry = open({ otlp_endpoint: collector.url });
      await telemetry.start();
      telemetry.startCall(call(), {}).end({ outcome: 'timeout', policyMicros: 1, upstreamMicros: 2 });
    }
    const [body] = collector.bodies('/v1/traces');
    expect(body).toMatchObject({
      resourceSpans: [{ scopeSpans: [{ spans: [{ status: { code: 2, message: 'timeout' } }] }] }],
    });
    expect(attributesOf(body)).toMatchObject({ 'error.type': 'timeout', 'smcp.outcome': 'timeout' });
  });

  it('follows a caller that does not sample, and the ratio where there is no caller', async () => {
    await using collector = await openCollector();
    {
      await using telemetry = open({ otlp_endpoint: collector.url, sample_ratio: 0 });
      await telemetry.start();
      const root = telemetry.startCall(call({ name: 'left-out' }), {});
      expect(root.traceId).toBeUndefined();
      expect(root.next.traceparent).toMatch(/-00$/);
      root.end(ok);
      telemetry.startCall(call({ name: 'not-asked' }), { traceparent: unsampled }).end(ok);
      telemetry.startCall(call({ name: 'asked' }), { traceparent: sampled }).end(ok);
    }
    const sent = JSON.stringify(collector.bodies('/v1/traces'));
    expect(['asked"', 'left-out', 'not-asked'].map((name) => sent.includes(`tools/call ${name}`))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('exports metrics too, also when /metrics is off [S0-35]', async () => {
    await using collector = await openCollector();
    {
      await using telemetry = open({ otlp_endpoint: `${collector.url}/`, metrics: false });
      await telemetry.start();
      telemetry.startCall(call(), {}).end(ok);
    }
    const sent = JSON.stringify(collector.bodies('/v1/metrics'));
    expect(sent).toContain('smcp_calls_total');
    expect(sent).toContain('process_resident_memory_bytes');
    expect(sent).not.toContain('alice');
  });

  it('exports to a path below the one given', async () => {
    await using collector = await openCollector();
    {
      await using telemetry = open({ otlp_endpoint: `${collector.url}/otlp/` });
      await telemetry.start();
      telemetry.startCall(call(), {}).end(ok);
    }
    expect(collector.received.map(({ path }) => path).toSorted()).toEqual([
      '/otlp/v1/metrics',
      '/otlp/v1/traces',
    ]);
  });

  it('sends nothing about calls that began before it was started, and does not hold them up', async () => {
    await using collector = await openCollector();
    {
      await using telemetry = open({ otlp_endpoint: collector.url });
      const early = telemetry.startCall(call(), { traceparent: sampled });
      expect(early).toMatchObject({ traceId: undefined, next: { traceparent: sampled } });
      await telemetry.start();
      early.end(ok);
    }
    expect(collector.bodies('/v1/traces')).toEqual([]);
    expect(JSON.stringify(collector.bodies('/v1/metrics'))).toContain('smcp_calls_total');
  });
});

describe('a collector that fails', () => {
  it.each<[string, number]>([
    ['refuses', 401],
    ['does not know the path', 404],
  ])('that %s is told once, without what was sent', async (_what, status) => {
    await using collector = await openCollector(status);
    const telemetry = open({
      otlp_endpoint: collector.url,
      otlp_headers: { authorization: 'Bearer sk-secret' },
    });
    await telemetry.start();
    telemetry.startCall(call(), {}).end(ok);
    await telemetry[Symbol.asyncDispose]();
    expect(telemetry.logLines()).toHaveLength(1);
    expect(telemetry.logLines()[0]).toMatch(/^WARN cannot export (traces|metrics) to the collector/);
    expect(telemetry.logLines()[0]).not.toContain('sk-secret');
  });

  it('that never answers does not hold up the end for more than two seconds', async () => {
    await using collector = await openCollector('never');
    const telemetry = open({ otlp_endpoint: collector.url });
    await telemetry.start();
    telemetry.startCall(call(), {}).end(ok);
    const startedAt = performance.now();
    await telemetry[Symbol.asyncDispose]();
    expect(performance.now() - startedAt).toBeLessThan(4000);
    expect(collector.received.length).toBeGreaterThan(0);
  });

  it('that nobody runs changes nothing for calls', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => free.once('listening', resolve));
    const address = free.address();
    const port = typeof address === 'object' ? address?.port : 0;
    await new Promise((resolve) => free.close(resolve));
    const telemetry = open({ otlp_endpoint: `http://127.0.0.1:${port}` });
    await telemetry.start();
    for (let index = 0; index < 20_000; index += 1) telemetry.startCall(call(), {}).end(ok);
    expect(samples(await telemetry.metricsText(), 'smcp_calls_total')[0]).toMatch(/ 20000$/);
    await telemetry[Symbol.asyncDispose]();
    expect(telemetry.logLines().length).toBeLessThanOrEqual(1);
  });
});

describe('disposing', () => {
  it('is safe twice, before start and while used', async () => {
    const telemetry = open();
    await telemetry[Symbol.asyncDispose]();
    await telemetry[Symbol.asyncDispose]();
    await telemetry.start();
    telemetry.observe('smcp_late', 'x', () => 1);
    telemetry.countRefusal('X');
    expect(() => telemetry.startCall(call(), {}).end(ok)).not.toThrow();
    expect(await telemetry.metricsText()).toBeUndefined();
  });
});

describe('createTelemetry()', () => {
  it.each([
    [
      'never loads OpenTelemetry when everything is off',
      false,
      'await telemetry.start(); telemetry.startCall({ server: "s" }, {});',
      false,
    ],
    ['does not load it before start() or the first call', true, '', false],
    ['loads it on start()', true, 'await telemetry.start();', true],
  ])('%s', (_what, metrics, use, loaded) => {
    const script = `
      import { registerHooks } from 'node:module';
      let loaded = false;
      registerHooks({ load: (url, context, next) => { loaded ||= url.includes('@opentelemetry'); return next(url, context); } });
      const { createTelemetry } = await import(${JSON.stringify(new URL('../../src/telemetry/index.ts', import.meta.url).href)});
      const settings = { otlp_headers: {}, service_name: 's', sample_ratio: 1, metrics: ${metrics}, metrics_interval_seconds: 15 };
      const telemetry = createTelemetry({ settings, resourceVersion: '1', instanceId: 'i', logger: console });
      ${use}
      console.log(loaded);`;
    const child = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
    });
    expect(child).toMatchObject({ stdout: `${loaded}\n`, status: 0 });
  });
});

/** Attributes of the first span of a request, as a plain object. */
function attributesOf(body: unknown): Record<string, unknown> {
  const { resourceSpans } = body as {
    resourceSpans: {
      scopeSpans: { spans: { attributes: { key: string; value: Record<string, unknown> }[] }[] }[];
    }[];
  };
  const attributes = resourceSpans[0]?.scopeSpans[0]?.spans[0]?.attributes ?? [];
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
