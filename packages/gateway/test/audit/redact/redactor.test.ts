import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/audit/index.ts';
import { LiteralFinder } from '../../../src/audit/redact/literal-finder.ts';
import { TOKEN_PATTERNS } from '../../../src/audit/redact/token-patterns.ts';
import { HARMLESS, PLAIN_NAMES, SECRET_NAMES, SECRETS } from './redaction-corpus.ts';

const plain = createRedactor({ patterns: [], secretValues: () => [] });
const knowing = (...secrets: string[]): ReturnType<typeof createRedactor> =>
  createRedactor({ patterns: [], secretValues: () => secrets });

describe('redactText()', () => {
  it.each(SECRETS)('takes out: $what [A97]', ({ text, gone, kept }) => {
    const result = plain.redactText(text);
    expect(text).toContain(gone);
    expect(result).not.toContain(gone);
    expect(result).toContain('[redacted]');
    expect(result).toContain(kept ?? '');
  });

  it.each(SECRETS)('takes out amid other text: $what [A97]', ({ text, gone }) => {
    expect(plain.redactText(`Hello,\n"${text}"\n`)).not.toContain(gone);
    expect(plain.redactText(`${'x '.repeat(2000)}${text}`)).not.toContain(gone);
    expect(plain.redactText(JSON.stringify({ note: text }))).not.toContain(gone.split('\n')[0]);
  });

  it.each(HARMLESS)('leaves as it is: %j', (text) => {
    expect(plain.redactText(text)).toBe(text);
  });

  it('takes out all of several secrets, and nothing between them', () => {
    const [first, second] = ['ghp_', 'npm_'].map((prefix) => prefix + 'a1B2c3D4'.repeat(5));
    expect(plain.redactText(`a ${first} b ${second} c ${first}`)).toBe(
      'a [redacted] b [redacted] c [redacted]',
    );
  });

  it('changes nothing when applied again', () => {
    for (const { text } of SECRETS) {
      const once = plain.redactText(text);
      expect(plain.redactText(once)).toBe(once);
    }
  });

  it.each(TOKEN_PATTERNS)('has hints that stand in every match: $name', ({ name, hints, expression }) => {
    const matches = SECRETS.flatMap(({ text }) =>
      [...text.matchAll(expression)].map(([match]) => match.toLowerCase()),
    );
    expect(matches.length).toBeGreaterThan(0);
    // The secret half of an AWS pair is found by the hint of the other half.
    const missed = matches.filter((match) => !hints.some((hint) => match.includes(hint)));
    expect(name === 'AWS secret key' ? [] : missed).toEqual([]);
  });
});

describe('redactText() with known secrets', () => {
  const secret = 'Tr0ub4dor & "3"/é';

  it.each([
    ['as it is', secret],
    ['percent-encoded', encodeURIComponent(secret)],
    ['inside JSON', JSON.stringify(secret).slice(1, -1)],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64url', Buffer.from(secret).toString('base64url')],
  ])('takes out a value %s [A97]', (_, form) => {
    expect(knowing(secret).redactText(`x${form}y`)).toMatch(/^x\[redacted\]=*y$/);
  });

  it('takes the longest of secrets that begin alike', () => {
    expect(knowing('hunter2', 'hunter2000', 'hunter').redactText('hunter2000 hunter2 hunter')).toBe(
      '[redacted] [redacted] [redacted]',
    );
  });

  it('takes out secrets that overlap as one', () => {
    expect(knowing('abcdef', 'defghi').redactText('xabcdefghix')).toBe('x[redacted]x');
  });

  it('passes over values too short to be secrets', () => {
    expect(knowing('', 'a', 'ab', 'abc').redactText('abc abc')).toBe('abc abc');
    expect(knowing('abcd').redactText('abcd')).toBe('[redacted]');
  });

  it('follows the values of the moment', () => {
    let secrets: readonly string[] = ['first-one'];
    const redactor = createRedactor({ patterns: [], secretValues: () => secrets });
    expect(redactor.redactText('first-one second-one')).toBe('[redacted] second-one');
    secrets = ['second-one'];
    expect(redactor.redactText('first-one second-one')).toBe('first-one [redacted]');
  });

  it('finds a secret at any place of any text', () => {
    const canary = 'CANARY-8f2a';
    const redactor = knowing(canary);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
        expect(redactor.redactText(before + canary + after)).not.toContain(canary);
      }),
    );
  });
});

describe('redactText() with known secrets inside longer encoded texts', () => {
  const secret = 'correct-horse-battery';
  const redactor = createRedactor({ patterns: [], secretValues: () => [secret] });
  it.each(['', 'u', 'us', 'use', 'user:', 'somebody:'])('finds it in base64 after %j', (before) => {
    for (const encoding of ['base64', 'base64url'] as const) {
      const text = redactor.redactText(`x ${Buffer.from(`${before}${secret}!`).toString(encoding)} y`);
      expect(text).toContain('[redacted]');
      // What is left are the few characters at the ends that hold parts of the neighbours.
      expect(text.replace('[redacted]', '').length).toBeLessThan(before.length * 2 + 14);
    }
  });

  it('finds it in hexadecimal', () => {
    expect(redactor.redactText(Buffer.from(secret).toString('hex'))).toBe('[redacted]');
  });
});

describe('redactText() with further patterns', () => {
  it('takes out what they match', () => {
    const redactor = createRedactor({
      patterns: ['[0-9]{4}-[0-9]{4}', '(?i)acme[a-z]+'],
      secretValues: () => [],
    });
    expect(redactor.redactText('card 1234-5678 of ACMEcorp')).toBe('card [redacted] of [redacted]');
  });

  it('passes over empty matches', () => {
    expect(createRedactor({ patterns: ['x*'], secretValues: () => [] }).redactText('axxb')).toBe(
      'a[redacted]b',
    );
  });

  it('takes the rest when one matches very often', () => {
    const result = createRedactor({ patterns: ['a'], secretValues: () => [] }).redactText('a-'.repeat(5000));
    expect(result.endsWith('[redacted]')).toBe(true);
    expect(result).not.toContain('a-');
  });

  it.each(['(', '[a', '(?=x)', '\\1'])('refuses %j', (pattern) => {
    expect(() => createRedactor({ patterns: [pattern], secretValues: () => [] })).toThrow(SyntaxError);
  });
});

describe('redactText() with long texts', () => {
  const LIMIT = 16 * 1024;

  it('cuts at 16 KiB and says how long the text was', () => {
    expect(plain.redactText('x'.repeat(LIMIT))).toBe('x'.repeat(LIMIT));
    expect(plain.redactText('x'.repeat(LIMIT + 1))).toBe(
      `${'x'.repeat(LIMIT)}…[cut: ${LIMIT + 1} characters]`,
    );
  });

  it('leaves no part of a secret that crosses the cut, wherever that is [A97]', () => {
    const token = `ghp_${'a1B2c3D4'.repeat(5)}`;
    for (let before = LIMIT - token.length - 1; before <= LIMIT + 1; before++) {
      const result = plain.redactText(`${' '.repeat(before)}${token} ${'x'.repeat(10_000)}`);
      expect(result).not.toMatch(/ghp|a1B|1B2/);
    }
  });

  it('leaves no part of a secret beyond the cut when much before it was taken out', () => {
    const token = `ghp_${'a1B2c3D4'.repeat(5)}`;
    const result = plain.redactText(
      `${`${token} `.repeat(300)}${' '.repeat(4000)}${token}`.padEnd(LIMIT + 4096 + 20, token),
    );
    expect(result).not.toMatch(/ghp|a1B|1B2/);
  });

  const hostile: [string, string][] = [
    ['starts of web tokens', 'eyJ'],
    ['starts of web tokens with bounds', '_eyJ'],
    ['starts of private keys', '-----BEGIN PRIVATE KEY-----'],
    ['half starts of private keys', '-----BEGIN '],
    ['starts of addresses', '://'],
    ['addresses with users', '://a:b@'],
    ['long users', `://${'a'.repeat(900)}`],
    ['names of secrets', 'password'],
    ['assignments', 'token="'],
    ['assignments without a value', "pwd='"],
    ['spaces after a name', 'password    '],
    ['starts of bearer', 'bearer  '],
    ['starts of keys', 'sk-'],
    ['AWS ids', 'AKIAAAAAAAAAAAAAAAAA '],
    ['mixed', 'eyJ://token=bearer sk-xoxb-SG.-----BEGIN '],
    ['dots', 'SG.aaaaaaaaaaaaaaaaaaaa.'],
    ['one long word', 'a'],
    ['backslashes', '\\'],
  ];
  it.each(hostile)('takes no longer than a moment for %s', (_, unit) => {
    const text = unit.repeat(Math.ceil(40_000 / unit.length));
    const startedMs = performance.now();
    for (let round = 0; round < 10; round++) plain.redactText(text);
    // Quadratic patterns take seconds here; the bound is loose so that a busy machine passes.
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });
});

describe('redactValue()', () => {
  const token = `ghp_${'a1B2c3D4'.repeat(5)}`;

  it('gives back the very value when nothing is to be redacted', () => {
    const value = { owner: 'acme', labels: ['bug', { deep: [1, null, true] }], count: 3 };
    expect(plain.redactValue(value, ['other.path'])).toBe(value);
  });

  it('redacts texts at any depth and leaves the original alone', () => {
    const value = { a: [{ b: `x ${token}` }, 'ok'], c: 1 };
    expect(plain.redactValue(value, [])).toEqual({ a: [{ b: 'x [redacted]' }, 'ok'], c: 1 });
    expect(value.a[0]).toEqual({ b: `x ${token}` });
  });

  it.each([null, undefined, 1, true, 'text', [], {}])('leaves %j', (value) => {
    expect(plain.redactValue(value, [])).toEqual(value);
  });

  it.each(SECRET_NAMES)('replaces the value of %s whole [A97]', (name) => {
    for (const value of ['hunter2', 12_345, ['hunter2'], { value: 'hunter2' }]) {
      expect(plain.redactValue({ outer: { [name]: value } }, [])).toEqual({
        outer: { [name]: '[redacted]' },
      });
    }
    for (const value of [null, true, false, ''])
      expect(plain.redactValue({ [name]: value }, [])).toEqual({ [name]: value });
  });

  it.each(PLAIN_NAMES)('leaves the value of %s', (name) => {
    expect(plain.redactValue({ [name]: 'hunter2' }, [])).toEqual({ [name]: 'hunter2' });
  });

  it('redacts names of members', () => {
    expect(plain.redactValue({ [token]: 1 }, [])).toEqual({ '[redacted]': 1 });
    expect(knowing('hunter2').redactValue({ 'x hunter2': { y: 1 } }, [])).toEqual({
      'x [redacted]': { y: 1 },
    });
  });

  const paths: [string, unknown, string[], unknown][] = [
    ['a member', { body: 'x', title: 'y' }, ['body'], { body: '[redacted]', title: 'y' }],
    [
      'a nested member',
      { card: { number: 1, name: 'x' }, number: 2 },
      ['card.number'],
      { card: { number: '[redacted]', name: 'x' }, number: 2 },
    ],
    [
      'members of a list',
      { cards: [{ number: 1 }, { number: 2, x: 3 }] },
      ['cards.number'],
      { cards: [{ number: '[redacted]' }, { number: '[redacted]', x: 3 }] },
    ],
    ['members of lists in lists', { a: [[{ b: 1 }]] }, ['a.b'], { a: [[{ b: '[redacted]' }]] }],
    ['a whole object', { card: { number: 1 } }, ['card'], { card: '[redacted]' }],
    ['null and false too', { a: null, b: false }, ['a', 'b'], { a: '[redacted]', b: '[redacted]' }],
    ['a name with a dot', { 'a.b': 1 }, ['a.b'], { 'a.b': '[redacted]' }],
    [
      'no member of that path',
      { card: { number: 1 } },
      ['number', 'card.numbers', 'card.'],
      { card: { number: 1 } },
    ],
    ['no inherited member', {}, ['toString', '__proto__'], {}],
  ];
  it.each(paths)('takes out %s by path', (_, value, given, expected) => {
    expect(plain.redactValue(value, given)).toEqual(expected);
  });

  it('keeps a member named __proto__ a member', () => {
    const value: unknown = JSON.parse(`{"__proto__":{"note":"${token}"},"x":"${token}"}`);
    const result = plain.redactValue(value, []) as object;
    expect(JSON.stringify(result)).toBe('{"__proto__":{"note":"[redacted]"},"x":"[redacted]"}');
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
  });

  it('cuts what is too deep', () => {
    let value: unknown = 'hunter2';
    for (let depth = 0; depth < 10_000; depth++) value = { a: [value] };
    const text = JSON.stringify(plain.redactValue(value, []));
    expect(text).toContain('[cut: too deep]');
    expect(text).not.toContain('hunter2');
  });

  it('cuts what is too many, in lists and objects', () => {
    const list = plain.redactValue(
      Array.from({ length: 50_000 }, (_, index) => index),
      [],
    ) as unknown[];
    expect(list.length).toBeLessThan(10_001);
    expect(list.at(-1)).toBe('[cut: too many values]');
    const object = plain.redactValue(
      Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`n${index}`, index])),
      [],
    ) as object;
    expect(Object.keys(object).length).toBeLessThan(10_001);
    expect(Object.values(object).at(-1)).toBe('[cut: too many values]');
  });

  it('cuts what is too long in all', () => {
    const text = JSON.stringify(
      plain.redactValue(
        Array.from({ length: 100 }, () => 'x'.repeat(10_000)),
        [],
      ),
    );
    expect(text.length).toBeLessThan(150_000);
    expect(text).toContain('[cut: 10000 characters]');
  });

  it('never throws and never lets a canary through, whatever the value', () => {
    const canary = 'CANARY-8f2a';
    const withCanary = fc.oneof(
      fc.string(),
      fc.tuple(fc.string(), fc.string()).map(([a, b]) => a + canary + b),
    );
    const value = fc.anything({
      key: withCanary,
      values: [withCanary, fc.integer(), fc.boolean(), fc.constant(null)],
      withNullPrototype: true,
      maxDepth: 5,
    });
    fc.assert(
      fc.property(value, (anything) => {
        expect(JSON.stringify(knowing(canary).redactValue(anything, ['a.b'])) ?? '').not.toContain(canary);
      }),
    );
  });
});

describe('LiteralFinder', () => {
  const findAll = (literals: readonly string[], text: string): [string, number][] => {
    const found: [string, number][] = [];
    new LiteralFinder(literals).find(text, (literal, index) => found.push([literal, index]));
    return found;
  };

  it('finds the longest literal at each place', () => {
    expect(findAll(['abc', 'abcd', 'bcd'], 'xabcdabc')).toEqual([
      ['abcd', 1],
      ['bcd', 2],
      ['abc', 5],
    ]);
  });

  it('finds what a plain search finds', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\u0101', '💥') });
    const literal = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\u0101'), minLength: 3, maxLength: 6 });
    fc.assert(
      fc.property(text, literal, (text, literal) => {
        const expected = Array.from(text, (_, index) => index).filter((index) =>
          text.startsWith(literal, index),
        );
        const found = findAll([literal], text).map(([, index]) => index);
        expect(found.filter((index) => index < text.length)).toEqual(expect.arrayContaining(expected));
        expect(found.every((index) => text.startsWith(literal, index))).toBe(true);
      }),
    );
  });

  it.each(['', 'a', 'ab'])('refuses the literal %j', (literal) => {
    expect(() => new LiteralFinder([literal])).toThrow(RangeError);
  });

  it.each(['', 'a', 'ab'])('finds nothing in %j', (text) => {
    expect(findAll(['abc'], text)).toEqual([]);
  });
});
