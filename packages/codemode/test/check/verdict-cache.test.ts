import { describe, expect, it } from 'vitest';
import type { CheckReply, CheckRequest } from '../../src/check/check.ts';
import { VerdictCache, verdictKey } from '../../src/check/verdict-cache.ts';

const reply = (declares: string): CheckReply => ({ ok: true, declares });

describe('VerdictCache', () => {
  it('forgets what was used the longest ago', () => {
    const cache = new VerdictCache(2, 1000);
    cache.set('a', reply('1'));
    cache.set('b', reply('2'));
    expect(cache.get('a')).toEqual(reply('1'));
    cache.set('c', reply('3'));
    expect(['a', 'b', 'c'].map((key) => cache.get(key) !== undefined)).toEqual([true, false, true]);
  });

  it('keeps no more bytes than it may', () => {
    const cache = new VerdictCache(100, 100);
    cache.set('a', reply('x'.repeat(40)));
    cache.set('b', reply('y'.repeat(40)));
    expect(cache.get('a')).toBeUndefined();
    cache.set('b', reply('z'));
    cache.set('c', reply('z'));
    expect(cache.get('b')).toEqual(reply('z'));
    cache.set('d', reply('x'.repeat(200)));
    expect(cache.get('d')).toBeUndefined();
  });

  it('keeps nothing when it may keep nothing', () => {
    const cache = new VerdictCache(0, 1000);
    cache.set('a', reply(''));
    expect(cache.get('a')).toBeUndefined();
  });
});

describe('verdictKey()', () => {
  const base: CheckRequest = {
    code: 'a',
    language: 'typescript',
    name: 'n',
    declarations: [{ name: 'x.d.ts', text: 't' }],
  };

  it('is equal for equal questions, whoever asks', () => {
    expect(
      verdictKey({ ...base, signal: new AbortController().signal, wantsDeclares: false, earlier: undefined }),
    ).toBe(verdictKey(base));
  });

  it.each<[string, Partial<CheckRequest>]>([
    ['code', { code: 'b' }],
    ['language', { language: 'javascript' }],
    ['name', { name: 'm' }],
    ['earlier', { earlier: 'e' }],
    ['wantsDeclares', { wantsDeclares: true }],
    ['the text of declarations', { declarations: [{ name: 'x.d.ts', text: 'u' }] }],
    ['the name of declarations', { declarations: [{ name: 'y.d.ts', text: 't' }] }],
    ['where one text ends', { declarations: [{ name: 'x.d.tst', text: '' }] }],
    ['what is missing', { declarations: [] }],
  ])('differs by %s', (_what, change) => {
    expect(verdictKey({ ...base, ...change })).not.toBe(verdictKey(base));
  });
});
