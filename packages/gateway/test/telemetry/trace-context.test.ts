import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ifTraceParent,
  ifTraceState,
  readTraceContext,
  toTraceParent,
} from '../../src/telemetry/trace-context.ts';

const trace = '0af7651916cd43dd8448eb211c80319c';
const span = 'b7ad6b7169203331';
const valid = `00-${trace}-${span}-01`;

describe('ifTraceParent()', () => {
  it('takes the example of the specification apart', () => {
    expect(ifTraceParent(valid)).toEqual({ traceId: trace, spanId: span, flags: 1 });
  });

  it('reads a later version by its first four fields', () => {
    expect(ifTraceParent(`cc-${trace}-${span}-01-what-the-future-brings`)).toEqual({
      traceId: trace,
      spanId: span,
      flags: 1,
    });
    expect(ifTraceParent(`cc-${trace}-${span}-00`)).toEqual({ traceId: trace, spanId: span, flags: 0 });
  });

  it('keeps only the flags that are defined', () => {
    expect(ifTraceParent(`00-${trace}-${span}-ff`)).toMatchObject({ flags: 3 });
  });

  it.each([
    ['nothing', ''],
    ['version ff', `ff-${trace}-${span}-01`],
    ['an all-zero trace id', `00-${'0'.repeat(32)}-${span}-01`],
    ['an all-zero span id', `00-${trace}-${'0'.repeat(16)}-01`],
    ['upper case', valid.toUpperCase()],
    ['one upper-case digit', valid.replace('a', 'A')],
    ['a short trace id', `00-${trace.slice(1)}-${span}-01`],
    ['a long span id', `00-${trace}-${span}0-01`],
    ['more after version 00', `${valid}-x`],
    ['more without a dash', `cc-${trace}-${span}-01x`],
    ['a short flag', `00-${trace}-${span}-1`],
    ['a letter that is not hexadecimal', `00-${trace}-${span}-0g`],
    ['a space before', ` ${valid}`],
    ['a space after', `${valid} `],
    ['a new line after', `${valid}\n`],
    ['two values', `${valid},${valid}`],
    ['too much', `cc-${trace}-${span}-01-${'x'.repeat(300)}`],
  ])('refuses %s', (_what, text) => {
    expect(ifTraceParent(text)).toBeUndefined();
  });

  it.each([undefined, null, 1, {}, [valid], true])('refuses %j, which is no text', (value) => {
    expect(ifTraceParent(value)).toBeUndefined();
  });

  it('is the inverse of toTraceParent()', () => {
    const hex = (length: number) =>
      fc
        .string({
          unit: fc.constantFrom(...Array.from('0123456789abcdef')),
          minLength: length,
          maxLength: length,
        })
        .filter((text) => !/^0+$/.test(text));
    fc.assert(
      fc.property(hex(32), hex(16), fc.integer({ min: 0, max: 3 }), (traceId, spanId, flags) => {
        expect(ifTraceParent(toTraceParent({ traceId, spanId, flags }))).toEqual({ traceId, spanId, flags });
      }),
    );
  });
});

describe('ifTraceState()', () => {
  it.each([
    ['congo=t61rcWkgMzE', 'congo=t61rcWkgMzE'],
    ['rojo=00f067aa0ba902b7,congo=t61rcWkgMzE', 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE'],
    [' a=1 ,\tb=2 ,, ', 'a=1,b=2'],
    ['1tenant@sys=x', '1tenant@sys=x'],
    ['a_-*/0=v w~!', 'a_-*/0=v w~!'],
  ])('gives %j as %j', (text, plain) => {
    expect(ifTraceState(text)).toBe(plain);
  });

  it.each([
    ['an empty list', ' , '],
    ['a key twice', 'a=1,a=2'],
    ['no value', 'a='],
    ['no equals sign', 'a'],
    ['no key', '=1'],
    ['upper case in a key', 'A=1'],
    ['a key that begins with a digit', '1a=1'],
    ['a system of 15 characters', `a@${'s'.repeat(15)}=1`],
    ['a key of 257 characters', `${'a'.repeat(257)}=1`],
    ['an equals sign in the value', 'a=b=c'],
    ['a control character', 'a=b\u0007'],
    ['a new line', 'a=b\nc=d'],
    ['a character beyond ASCII', 'a=é'],
    ['33 members', Array.from({ length: 33 }, (_, index) => `k${index}=1`).join(',')],
    ['more than 512 characters', `a=${'x'.repeat(200)},b=${'x'.repeat(200)},c=${'x'.repeat(200)}`],
    ['one bad member among good ones', 'a=1,B=2,c=3'],
  ])('drops the whole list for %s', (_what, text) => {
    expect(ifTraceState(text)).toBeUndefined();
  });

  it('accepts 32 members', () => {
    const members = Array.from({ length: 32 }, (_, index) => `k${index}=1`).join(',');
    expect(ifTraceState(members)).toBe(members);
  });
});

describe('readTraceContext()', () => {
  it('passes on what is valid', () => {
    const carrier = { traceparent: valid, tracestate: 'a=1', baggage: 'user=x' };
    expect(readTraceContext(carrier)).toEqual({
      parent: { traceId: trace, spanId: span, flags: 1 },
      carrier,
    });
  });

  it('drops a state whose parent is missing or invalid', () => {
    expect(readTraceContext({ tracestate: 'a=1' }).carrier).toEqual({});
    expect(readTraceContext({ traceparent: 'x', tracestate: 'a=1' }).carrier).toEqual({});
    expect(readTraceContext({ tracestate: 'a=1', baggage: 'b=2' }).carrier).toEqual({ baggage: 'b=2' });
  });

  it('drops an invalid state and keeps its parent', () => {
    expect(readTraceContext({ traceparent: valid, tracestate: 'A=1' }).carrier).toEqual({
      traceparent: valid,
    });
  });

  it('passes on a later version as version 00', () => {
    expect(readTraceContext({ traceparent: `cc-${trace}-${span}-01-more` }).carrier).toEqual({
      traceparent: valid,
    });
  });

  it.each([
    ['a new line', 'a=1\nb=2'],
    ['nothing', ''],
    ['too much', 'x'.repeat(8193)],
    ['other characters', 'a=é'],
  ])('drops baggage with %s', (_what, baggage) => {
    expect(readTraceContext({ baggage }).carrier).toEqual({});
  });

  it('never throws, and never passes on what it would not accept itself', () => {
    fc.assert(
      fc.property(
        fc.record(
          { traceparent: fc.string(), tracestate: fc.string(), baggage: fc.string() },
          { requiredKeys: [] },
        ),
        (carrier) => {
          const first = readTraceContext(carrier);
          expect(readTraceContext(first.carrier)).toEqual(first);
        },
      ),
    );
  });
});
