import { describe, expect, it } from 'vitest';
import { makeBase64 } from '../../../../../src/engines/javascript/runner/guest/make-base64.js';
import { makeDomException } from '../../../../../src/engines/javascript/runner/guest/make-dom-exception.js';
import { makeEvents } from '../../../../../src/engines/javascript/runner/guest/make-events.js';
import { makeStructuredClone } from '../../../../../src/engines/javascript/runner/guest/make-structured-clone.js';
import { makeText } from '../../../../../src/engines/javascript/runner/guest/make-text.js';
import { makeUrlSearchParams } from '../../../../../src/engines/javascript/runner/guest/make-url-search-params.js';
import { makeUrl } from '../../../../../src/engines/javascript/runner/guest/make-url.js';
import { answerUrl } from '../../../../../src/engines/javascript/runner/run/url-service.js';

const OwnException = makeDomException();

describe('TextEncoder and TextDecoder', () => {
  const own = makeText();

  it.each([
    '',
    'abc',
    'ä€😀',
    '\u0000\u007f\u0080\u07ff\u0800\uffff',
    '\ud800',
    'a\udc00b',
    '\ud83d',
    '😀'.repeat(9000),
  ])('encode() does as the platform does for %j', (text) => {
    expect([...new own.TextEncoder().encode(text)]).toEqual([...new TextEncoder().encode(text)]);
  });

  it.each([
    [[0x61, 0xc3, 0xa4]],
    [[0xef, 0xbb, 0xbf, 0x61]],
    [[0xff, 0x61]],
    [[0xc0, 0x80]],
    [[0xe0, 0x80, 0x80]],
    [[0xed, 0xa0, 0x80]],
    [[0xf0, 0x9f, 0x98]],
    [[0xf5, 0x80, 0x80, 0x80]],
    [[0xf0, 0x9f, 0x41]],
    [[0xe2, 0x82]],
  ])('decode() does as the platform does for %j', (bytes) => {
    const input = Uint8Array.from(bytes);
    expect(new own.TextDecoder().decode(input)).toBe(new TextDecoder().decode(input));
    expect(new own.TextDecoder('utf-8', { ignoreBOM: true }).decode(input)).toBe(
      new TextDecoder('utf-8', { ignoreBOM: true }).decode(input),
    );
  });

  it('decode() joins what comes in pieces', () => {
    const decoder = new own.TextDecoder();
    const bytes = new TextEncoder().encode('\ufeffa😀b');
    const pieces = [...bytes].map((byte) => decoder.decode(Uint8Array.of(byte), { stream: true }));
    expect(pieces.join('') + decoder.decode()).toBe('a😀b');
  });

  it('decode() refuses invalid bytes when asked to', () => {
    expect(() => new own.TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.of(0xff))).toThrow(
      TypeError,
    );
  });

  it('TextDecoder() knows only UTF-8', () => {
    expect(() => new own.TextDecoder('latin1')).toThrow(RangeError);
    expect(new own.TextDecoder(' UTF8 ').encoding).toBe('utf-8');
  });

  it('encodeInto() stops where the next character has no room', () => {
    expect(new own.TextEncoder().encodeInto('a€b', new Uint8Array(3))).toEqual({ read: 1, written: 1 });
  });
});

describe('atob() and btoa()', () => {
  const { atob: ownAtob, btoa: ownBtoa } = makeBase64(OwnException);

  it.each(['', 'a', 'ab', 'abc', '\u0000\u00ff\u0080', 'x'.repeat(20_000)])(
    'go there and back for %j',
    (text) => {
      expect(ownBtoa(text)).toBe(btoa(text));
      expect(ownAtob(ownBtoa(text))).toBe(text);
    },
  );

  it('atob() takes spaces and missing padding', () => {
    expect(ownAtob(' YW\nJj ZA ')).toBe('abcd');
  });

  it.each(['a', 'a===', 'ab=c', 'a-b_', '====', 'abcde'])('atob() refuses %j', (text) => {
    expect(() => ownAtob(text)).toThrow(expect.objectContaining({ name: 'InvalidCharacterError', code: 5 }));
  });

  it('btoa() refuses characters over a byte', () => {
    expect(() => ownBtoa('€')).toThrow(expect.objectContaining({ name: 'InvalidCharacterError' }));
  });
});

describe('structuredClone()', () => {
  const clone = makeStructuredClone(OwnException);

  it('copies data of all kinds, deep', () => {
    const value = {
      list: [1, 'a', null, undefined, 2n, true, -0],
      map: new Map([[{ k: 1 }, new Set([1])]]),
      date: new Date(5),
      pattern: /a/gi,
      bytes: Uint16Array.of(1, 2),
      boxed: new Object(5),
    };
    const copy = clone(value);
    expect(copy).toEqual(structuredClone(value));
    expect(copy.list).not.toBe(value.list);
    expect(copy.bytes.buffer).not.toBe(value.bytes.buffer);
  });

  it('keeps cycles and what is there twice', () => {
    const shared = { a: 1 };
    const value: Record<string, unknown> = { shared, again: shared };
    value['self'] = value;
    const copy = clone(value);
    expect(copy['self']).toBe(copy);
    expect(copy['again']).toBe(copy['shared']);
  });

  it('copies errors with their cause', () => {
    const copy = clone(new RangeError('r', { cause: { a: 1 } }));
    expect(copy).toBeInstanceOf(RangeError);
    expect(copy).toMatchObject({ message: 'r', cause: { a: 1 } });
  });

  it('keeps own __proto__ as a member', () => {
    const copy = clone(JSON.parse('{"__proto__":{"polluted":1}}') as Record<string, unknown>);
    expect(Object.keys(copy)).toEqual(['__proto__']);
    expect(copy['polluted']).toBeUndefined();
  });

  it('leaves prototypes, getters and holes behind', () => {
    class K {
      a = 1;
      get b() {
        return 2;
      }
    }
    expect(Object.getPrototypeOf(clone(new K()))).toBe(Object.prototype);
    expect(Object.keys(clone(new K()))).toEqual(['a']);
    expect(1 in clone([1, , 3])).toBe(false); // oxlint-disable-line no-sparse-arrays -- the hole is what is tested
  });

  it.each([
    ['functions', () => 1],
    ['symbols', Symbol('a')],
    ['promises inside', { a: Promise.resolve() }],
    ['weak maps', new WeakMap()],
  ])('refuses %s', (_name, value) => {
    expect(() => clone<unknown>(value)).toThrow(
      expect.objectContaining({ name: 'DataCloneError', code: 25 }),
    );
  });
});

describe('URL and URLSearchParams', () => {
  const { URLSearchParams: OwnParams, bind } = makeUrlSearchParams();
  const post = (_kind: string, ...values: [string, string, string?, string?]) => answerUrl(...values);
  const OwnUrl = makeUrl(post, OwnParams, bind);

  it.each(['a=1&b=2&a=3', '?x=%20+y&=&z', 'ä=%E2%82%AC&bad=%ff%zz', 'a=b=c', '&&'])(
    'URLSearchParams() reads %j as the platform does',
    (text) => {
      expect([...new OwnParams(text)]).toEqual([...new URLSearchParams(text)]);
      expect(new OwnParams(text).toString()).toBe(new URLSearchParams(text).toString());
    },
  );

  it('URLSearchParams() takes pairs and objects', () => {
    expect(
      new OwnParams([
        ['a', '1'],
        ['a', '2'],
      ]).getAll('a'),
    ).toEqual(['1', '2']);
    expect(new OwnParams({ a: '1 &', "b'(": '~*' }).toString()).toBe(
      new URLSearchParams({ a: '1 &', "b'(": '~*' }).toString(),
    );
    expect(() => new OwnParams([['a']] as unknown as [string, string][])).toThrow(TypeError);
  });

  it('URLSearchParams changes as the platform does', () => {
    const change = (params: URLSearchParams) => {
      params.append('b', '9');
      params.set('a', '5');
      params.delete('c');
      params.delete('d', '1');
      params.sort();
      return [params.toString(), params.size, params.has('a'), params.has('a', '6'), params.get('zz')];
    };
    const text = 'a=1&c=2&a=3&d=1&d=2';
    expect(change(new OwnParams(text))).toEqual(change(new URLSearchParams(text)));
  });

  it('URL gives its parts and follows a base', () => {
    const url = new OwnUrl('../b?x=1#h', 'https://u:p@example.com:8443/a/c/d');
    expect(url.href).toBe('https://u:p@example.com:8443/a/b?x=1#h');
    expect([url.origin, url.port, url.pathname, url.username, url.searchParams.get('x')]).toEqual([
      'https://example.com:8443',
      '8443',
      '/a/b',
      'u',
      '1',
    ]);
    expect(JSON.stringify({ url })).toBe('{"url":"https://u:p@example.com:8443/a/b?x=1#h"}');
  });

  it('URL and its searchParams follow each other', () => {
    const url = new OwnUrl('http://x/?a=1');
    url.searchParams.append('b', 'c d');
    expect(url.href).toBe('http://x/?a=1&b=c+d');
    url.search = '?z=9';
    expect([...url.searchParams]).toEqual([['z', '9']]);
    url.hostname = 'y';
    url.hash = 'top';
    expect(String(url)).toBe('http://y/?z=9#top');
  });

  it('URL refuses what is none', () => {
    expect(() => new OwnUrl('nothing')).toThrow(TypeError);
    expect(() => new OwnUrl(`http://x/${'a'.repeat(100_000)}`)).toThrow(TypeError);
    expect([OwnUrl.canParse('nothing'), OwnUrl.canParse('/a', 'http://x'), OwnUrl.parse('nothing')]).toEqual([
      false,
      true,
      null,
    ]);
  });

  it('URL leaves nothing of its works behind', () => {
    expect(Object.getOwnPropertyNames(OwnUrl)).toEqual(['length', 'name', 'prototype', 'canParse', 'parse']);
    expect(Object.getOwnPropertyNames(OwnParams)).toEqual(['length', 'name', 'prototype']);
  });
});

describe('AbortController and EventTarget', () => {
  const reported: unknown[] = [];
  const own = makeEvents(OwnException, (error) => reported.push(error), setTimeout);

  it('abort() tells once, with a reason', () => {
    const controller = new own.AbortController();
    const heard: unknown[] = [];
    controller.signal.addEventListener('abort', (event) => heard.push(event.type));
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- both ways are tested
    controller.signal.onabort = () => heard.push('on');
    controller.abort();
    controller.abort('again');
    expect(heard).toEqual(['on', 'abort']);
    expect(controller.signal.reason).toMatchObject({ name: 'AbortError', code: 20 });
    expect(() => controller.signal.throwIfAborted()).toThrow(expect.objectContaining({ name: 'AbortError' }));
  });

  it('AbortSignal.any() follows the first of several', () => {
    const [a, b] = [new own.AbortController(), new own.AbortController()];
    const any = own.AbortSignal.any([a.signal, b.signal]);
    b.abort('why');
    expect([any.aborted, any.reason]).toEqual([true, 'why']);
    expect(own.AbortSignal.any([own.AbortSignal.abort('old')]).reason).toBe('old');
  });

  it('AbortSignal.timeout() aborts by a TimeoutError', async () => {
    const signal = own.AbortSignal.timeout(1);
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve);
    });
    expect(signal.reason).toMatchObject({ name: 'TimeoutError' });
  });

  it('a signal cannot be made by hand, nor be aborted by who has only it', () => {
    expect(() => new own.AbortSignal()).toThrow(TypeError);
    expect(Object.getOwnPropertyNames(own.AbortSignal)).not.toContain('stop');
  });

  it('dispatchEvent() goes on when a listener throws', () => {
    const target = new own.EventTarget();
    const heard: string[] = [];
    target.addEventListener('x', () => {
      throw new Error('listener');
    });
    target.addEventListener('x', { handleEvent: () => heard.push('object') });
    target.addEventListener('x', () => heard.push('once'), { once: true });
    target.dispatchEvent(new own.Event('x'));
    target.dispatchEvent(new own.Event('x'));
    expect(heard).toEqual(['object', 'once', 'object']);
    expect(reported).toHaveLength(2);
  });
});
