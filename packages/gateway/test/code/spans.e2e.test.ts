import { describe, expect, it } from 'vitest';
import { openCollector } from '../telemetry/collector.ts';
import { openCodeStage } from './code-stage.ts';
import { startWorkServer } from './work-server.ts';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';

function spansOf(bodies: readonly unknown[]): readonly Span[] {
  type Body = { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
  return (bodies as Body[]).flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
  );
}

function attribute(span: Span, key: string): string | undefined {
  return span.attributes.find((each) => each.key === key)?.value.stringValue;
}

describe('an execution in OpenTelemetry [S1-20] [S3-53] [S3-61]', () => {
  it('is one span beneath the caller’s, with one beneath it for each call, and goes on to the server', async () => {
    await using collector = await openCollector();
    await using work = await startWorkServer();
    await (async () => {
      await using stage = await openCodeStage({
        servers: { work: { url: work.url } },
        config: { telemetry: { otlp_endpoint: collector.url } },
      });
      // What sends spans is loaded beside everything else.
      await stage.run('bob', 'return 1');
      await stage.modern('alice').request(
        'tools/call',
        {
          name: 'smcp_execute',
          arguments: {
            code: `await Promise.all([work.wait({ ms: 50 }), work.echo({ text: 'hello' })]); await work.fail({ why: 'x' }).catch(() => 0)`,
          },
        },
        { meta: { traceparent: `00-${TRACE}-${CALLER}-01` } },
      );
    })();
    const spans = spansOf(collector.bodies('/v1/traces'));
    const root = spans.find(({ parentSpanId }) => parentSpanId === CALLER);
    expect(root).toMatchObject({ traceId: TRACE, name: 'tools/call smcp_execute' });
    const beneath = spans.filter(({ parentSpanId }) => parentSpanId === root?.spanId);
    expect(beneath.map(({ name }) => name).sort()).toEqual([
      'tools/call echo',
      'tools/call fail',
      'tools/call wait',
    ]);
    for (const span of beneath) {
      expect(span.traceId).toBe(TRACE);
      expect(attribute(span, 'smcp.door')).toBe('script');
      expect(attribute(span, 'smcp.principal')).toBe('key:alice');
      expect(BigInt(span.startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(root?.startTimeUnixNano ?? 0));
      expect(BigInt(span.endTimeUnixNano)).toBeLessThanOrEqual(BigInt(root?.endTimeUnixNano ?? 0));
    }
    // The server is told which of them it belongs to.
    const told = work.done.map(({ meta }) => String(meta['traceparent']).slice(3, 52));
    expect(new Set(told)).toEqual(new Set(beneath.map(({ spanId }) => `${TRACE}-${spanId}`)));
    expect(spans.filter(({ traceId }) => traceId === TRACE)).toHaveLength(4);
    expect(JSON.stringify(spans)).not.toContain('hello');
  });
});
