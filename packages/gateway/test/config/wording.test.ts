import { describe, expect, it } from 'vitest';
import { formatPath, quote } from '../../src/config/config-node.ts';
import { didYouMean, nearest } from '../../src/config/wording.ts';

describe('nearest()', () => {
  it.each([
    ['urll', ['url', 'command'], 'url'],
    ['URL', ['url', 'command'], 'url'],
    ['publicUrl', ['public_url', 'listen'], 'public_url'],
    ['levle', ['level', 'format'], 'level'],
    ['maximum', ['max', 'min'], 'max'],
    ['xyz', ['url', 'command'], undefined],
    ['x', ['a', 'b'], undefined],
    ['', ['a'], undefined],
    ['x'.repeat(101), ['x'.repeat(100)], undefined],
    ['a', [], undefined],
  ])('finds for %s among %j: %s', (text, candidates, expected) => {
    expect(nearest(text, candidates)).toBe(expected);
  });

  it('prefers the nearer one, then the first', () => {
    expect(nearest('header', ['headers', 'header'])).toBe('header');
    expect(nearest('hosts', ['hostx', 'hosty'])).toBe('hostx');
  });
});

describe('didYouMean()', () => {
  it('is a question, or nothing', () => {
    expect(didYouMean('alow', ['allow', 'deny'])).toBe('did you mean "allow"?');
    expect(didYouMean('zzzz', ['allow', 'deny'])).toBeUndefined();
  });
});

describe('quote()', () => {
  it('cuts long texts', () => {
    expect(quote('x'.repeat(64))).toBe(`"${'x'.repeat(64)}"`);
    expect(quote('x'.repeat(65))).toBe(`"${'x'.repeat(63)}…"`);
  });

  it('shows no character that could move the cursor or turn the line around', () => {
    expect(quote('a\u001b[31m\n"\u0085\u202e\u200b')).toBe('"a\\u001b[31m\\n\\"\\u0085\\u202e\\u200b"');
  });
});

describe('formatPath()', () => {
  it.each([
    [[], ''],
    [['servers', 'slack', 'url'], 'servers.slack.url'],
    [['api_keys', 0, 'name'], 'api_keys[0].name'],
    [['servers', 'a.b', 'url'], 'servers["a.b"].url'],
    [['a b'], '["a b"]'],
    [['servers', 'x\n'], 'servers["x\\n"]'],
  ])('writes %j', (path, expected) => {
    expect(formatPath(path)).toBe(expected);
  });
});
