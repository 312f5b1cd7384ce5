import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTemplate, type TemplatePart } from '../../src/config/template.ts';

const text = (value: string): TemplatePart => ({ kind: 'text', text: value });

describe('parseTemplate()', () => {
  it('leaves every text without "${" as it is', () => {
    const plain = fc
      .string({ unit: fc.constantFrom('$', '{', '}', 'a', ':', '-', '\n', 'é') })
      .filter((value) => !value.includes('${'));
    fc.assert(
      fc.property(
        fc.oneof(
          plain,
          fc.string().filter((value) => !value.includes('${')),
        ),
        (value) => {
          expect(parseTemplate(value)).toEqual(value === '' ? [] : [text(value)]);
        },
      ),
    );
  });

  it('brings back every text whose "${" were written as "$${"', () => {
    const any = fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', 'b') });
    fc.assert(
      fc.property(any, (value) => {
        const parts = parseTemplate(value.replaceAll('${', () => '$${'));
        expect(parts.map((part) => (part.kind === 'text' ? part.text : part.kind)).join('')).toBe(value);
      }),
    );
  });

  it('never throws, and takes linear time for many "${"', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', ':', '-') }),
        (value) => void parseTemplate(value),
      ),
    );
    expect(parseTemplate('${A}'.repeat(100_000))).toHaveLength(100_000);
    expect(parseTemplate('${'.repeat(100_000))).toHaveLength(1);
  });

  it.each([
    ['${A}', { kind: 'variable', name: 'A' }],
    ['${_a1}', { kind: 'variable', name: '_a1' }],
    ['${A:-}', { kind: 'variable', name: 'A', fallback: '' }],
    ['${A:-b c:-$d{}', { kind: 'variable', name: 'A', fallback: 'b c:-$d{' }],
    ['${file:-x}', { kind: 'variable', name: 'file', fallback: 'x' }],
    ['${file:/run/secrets/a b}', { kind: 'file', name: '/run/secrets/a b' }],
    ['${file:a}', { kind: 'file', name: 'a' }],
    ['${secret:slack/bot-token}', { kind: 'secret', name: 'slack/bot-token' }],
  ])('reads %s', (source, reference) => {
    expect(parseTemplate(source)).toEqual([{ kind: 'reference', reference, offset: 0 }]);
  });

  it.each([
    '${}',
    '${',
    '${A',
    '${1A}',
    '${A B}',
    '${A-b}',
    '${A:b}',
    '${A:?b}',
    '${file:}',
    '${secret:}',
    '${secret:../x}',
    '${ A }',
    '${${A}}',
    '${é}',
  ])('takes %s for malformed', (source) => {
    expect(parseTemplate(source)[0]).toEqual({ kind: 'malformed', offset: 0 });
  });

  it('keeps what stands around references', () => {
    expect(parseTemplate('Bearer ${A}$${B}$$$')).toEqual([
      text('Bearer '),
      { kind: 'reference', reference: { kind: 'variable', name: 'A' }, offset: 7 },
      text('${B}$$$'),
    ]);
  });
});
