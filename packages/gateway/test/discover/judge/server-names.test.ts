import { describe, expect, it } from 'vitest';
import { cleanName, freeName } from '../../../src/discover/judge/server-names.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

describe('cleanName()', () => {
  it.each([
    ['github', 'github'],
    ['GitHub_2.x-y', 'GitHub_2.x-y'],
    ['My Server', 'My-Server'],
    ['io.github.acme/tool', 'io.github.acme-tool'],
    ['_private', 'private'],
    ['Café ☕', 'Cafe'],
    ['', 'server'],
    ['☕', 'server'],
    ['a\u202eb', 'a-b'],
    ['../../etc', 'etc'],
  ])('makes %j %j', (name, clean) => {
    expect(cleanName(name)).toBe(clean);
  });

  it('always gives a name that the configuration can hold', () => {
    const odd = [
      'x'.repeat(65),
      '-'.repeat(500),
      `${'é'.repeat(100)}!`,
      '\0',
      '日'.repeat(10_000),
      'a'.repeat(63) + '  b',
    ];
    for (const name of odd) expect(cleanName(name)).toMatch(NAME);
  });
});

describe('freeName()', () => {
  it('counts up to the first that is free', () => {
    const taken = new Set(['a', 'a_2', 'a_4']);
    expect(freeName('a', (name) => taken.has(name))).toBe('a_3');
    expect(freeName('b', (name) => taken.has(name))).toBe('b');
  });

  it('stays within the length', () => {
    const long = 'x'.repeat(64);
    expect(freeName(long, (name) => name === long)).toBe(`${'x'.repeat(62)}_2`);
  });
});
