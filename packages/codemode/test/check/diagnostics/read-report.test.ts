import { describe, expect, it } from 'vitest';
import { readReport } from '../../../src/check/diagnostics/read-report.ts';

const place = (file: string, line: number, column: number): string =>
  `\u001b[96m${file}\u001b[0m:\u001b[93m${line}\u001b[0m:\u001b[93m${column}\u001b[0m - `;
const error = (code: number, message: string): string =>
  `\u001b[91merror\u001b[0m\u001b[90m TS${code}: \u001b[0m${message}`;
const source = (line: number, text: string): string =>
  `\u001b[7m${line}\u001b[0m ${text}\n\u001b[7m \u001b[0m \u001b[91m  ~~\u001b[0m`;

describe('readReport()', () => {
  it('reads errors with all lines of their messages', () => {
    const text = [
      place('script.ts', 3, 7) + error(2322, 'Type A is wrong.'),
      '  Because of B.',
      '    And C.',
      '',
      source(3, 'const a = 1;'),
      '',
      place('script.ts', 9, 1) + error(2304, 'Cannot find D.'),
      '',
      source(9, 'D'),
      '',
      '',
      'Found 2 errors in the same file, starting at: script.ts\u001b[90m:3\u001b[0m',
      '',
    ].join('\n');
    expect(readReport(text)).toEqual([
      {
        place: { file: 'script.ts', line: 3, column: 7 },
        code: 2322,
        message: 'Type A is wrong.\n  Because of B.\n    And C.',
        related: [],
      },
      {
        place: { file: 'script.ts', line: 9, column: 1 },
        code: 2304,
        message: 'Cannot find D.',
        related: [],
      },
    ]);
  });

  it('reads the places that an error refers to', () => {
    const text = [
      place('script.ts', 1, 1) + error(2345, 'Wrong.'),
      '',
      source(1, 'f()'),
      '',
      `  ${place('../1.d.ts', 5, 2)}It is declared here.`,
      `    ${source(5, 'f(a)').replace('\n', '\n    ')}`,
      `  ${place('../2.d.ts', 6, 3)}And here.`,
      '  In two lines.',
    ].join('\n');
    expect(readReport(text)[0]?.related).toEqual([
      { file: '../1.d.ts', line: 5, column: 2, message: 'It is declared here.' },
      { file: '../2.d.ts', line: 6, column: 3, message: 'And here.\n  In two lines.' },
    ]);
  });

  it('reads errors of no place', () => {
    expect(readReport(error(5023, 'Unknown option.'))).toEqual([
      { place: undefined, code: 5023, message: 'Unknown option.', related: [] },
    ]);
  });

  it('takes no line of source text for an error', () => {
    const text = `${place('script.ts', 1, 1)}${error(1, 'A.')}\n\n${source(2, place('x', 1, 1) + error(2, 'B.'))}\n`;
    expect(readReport(text).map(({ code }) => code)).toEqual([1]);
  });

  it.each([
    '',
    'words',
    `  ${place('a', 1, 1)}nothing before`,
    '\n\n',
    place('script.ts', 1, 1),
    'panic: \u001b[96m',
  ])('finds nothing in %j', (text) => {
    expect(readReport(text)).toEqual([]);
  });

  it('reads a report that ends anywhere', () => {
    const text = `${place('script.ts', 1, 1)}${error(1, 'A.')}\n\n${source(1, 'a')}\n\n  ${place('b', 1, 1)}B.\n`;
    for (let end = 0; end <= text.length; end++)
      expect(readReport(text.slice(0, end)).length).toBeLessThan(2);
  });
});
