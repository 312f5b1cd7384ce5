import { describe, expect, it } from 'vitest';
import { toFileName } from '../../../../../src/engines/javascript/runner/run/file-name.js';
import { answerUrl } from '../../../../../src/engines/javascript/runner/run/url-service.js';

describe('toFileName()', () => {
  it.each([
    ['script.ts', 'script.ts'],
    ['a b(c):1:2\n.ts', 'a-b-c-1-2-.ts'],
    ['', 'script'],
    ['\n', '-'],
    ['größe/日.ts', 'größe/日.ts'],
  ])('makes one word of %j', (name, expected) => {
    expect(toFileName(name)).toBe(expected);
  });

  it('bounds it', () => {
    expect(toFileName('x'.repeat(1000))).toHaveLength(100);
  });
});

describe('answerUrl()', () => {
  it('gives the parts as JSON text', () => {
    expect(JSON.parse(answerUrl('parse', '/a', 'http://x:80/') ?? '')).toMatchObject({
      href: 'http://x/a',
      port: '',
    });
  });

  it('sets only parts of a URL', () => {
    expect(JSON.parse(answerUrl('set', 'http://x/', 'pathname', 'y z') ?? '')).toMatchObject({
      href: 'http://x/y%20z',
    });
    expect(JSON.parse(answerUrl('set', 'http://x/', '__proto__', 'y') ?? '')).toMatchObject({
      href: 'http://x/',
    });
  });

  it('gives undefined for what is no URL', () => {
    expect(answerUrl('parse', 'x')).toBeUndefined();
    expect(answerUrl('set', 'http://x/', 'href', 'no')).toBeUndefined();
  });
});
