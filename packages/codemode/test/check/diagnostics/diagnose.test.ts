import { describe, expect, it } from 'vitest';
import { diagnose, type ReportNames } from '../../../src/check/diagnostics/diagnose.ts';
import type { Reported } from '../../../src/check/diagnostics/read-report.ts';
import { toScriptForm } from '../../../src/check/script-form.ts';

const FORM = toScriptForm('one\ntwo\nthree', 'mark');
const BOUNDS = { maxDiagnostics: 3, maxMessageChars: 60 };
const NAMES: ReportNames = {
  scriptPath: 'script.ts',
  shownName: (path) => ({ 'script.ts': 'mine', '../1.d.ts': 'github.d.ts' })[path],
  withoutPaths: (text) => text.replaceAll('/secret', ''),
};

/** An error in the script, by its line there. */
function reported(line: number, message = 'Wrong.', more: Partial<Reported> = {}): Reported {
  return {
    place: { file: 'script.ts', line: line + 1, column: 2 },
    code: 2322,
    message,
    related: [],
    ...more,
  };
}

const run = (...errors: readonly Reported[]): ReturnType<typeof diagnose> =>
  diagnose(FORM, errors, NAMES, BOUNDS);

describe('diagnose()', () => {
  it('gives the errors in the order of their places, and counts those without room', () => {
    const { diagnostics, more } = run(
      reported(3),
      reported(1, 'A.'),
      reported(2),
      reported(1, 'B.'),
      reported(3, 'C.'),
    );
    expect(diagnostics.map(({ line, message }) => `${line} ${message}`)).toEqual([
      '1 A.',
      '1 B.',
      '2 Wrong.',
    ]);
    expect(more).toBe(2);
  });

  it('says the same of a line only once', () => {
    expect(run(reported(1), reported(1, 'Wrong.', { code: 1 }), reported(2)).diagnostics).toHaveLength(2);
  });

  it.each([7005, 7006, 7031, 7034, 7053, 7061])(
    'leaves out what is only about types that are not written (%d)',
    (code) => {
      expect(run(reported(1, 'It implicitly has an any type.', { code }))).toEqual({
        diagnostics: [],
        more: 0,
      });
    },
  );

  it('keeps a name in quotes that an object does not have', () => {
    const message = `because expression of type '"x"' can't be used to index type 'A'.`;
    expect(run(reported(1, message, { code: 7053 })).diagnostics).toHaveLength(1);
    expect(run(reported(1, message.replace(`'A'`, `'{}'`), { code: 7053 })).diagnostics).toHaveLength(0);
    expect(run(reported(1, message.replace(`'"x"'`, `'string'`), { code: 7053 })).diagnostics).toHaveLength(
      0,
    );
  });

  it('never shows the mark', () => {
    expect(run(reported(4, `Cannot find name 'mark'.`)).diagnostics).toEqual([
      {
        line: 3,
        column: 6,
        code: 1128,
        message: 'The braces do not match: a `}` ends the script before its end',
        related: [],
      },
    ]);
    expect(JSON.stringify(run(reported(1, 'mark is never used')))).not.toMatch(/mark/u);
  });

  it('says that the script is not complete when the error is behind its end', () => {
    expect(run(reported(5, `'}' expected.`, { code: 1005 })).diagnostics).toMatchObject([
      {
        line: 3,
        column: 6,
        code: 1005,
        message: expect.stringMatching(/^The script ends in the middle of something/u),
      },
    ]);
  });

  it('names related places as they are known outside, three at most', () => {
    const related = ['../1.d.ts', 'script.ts', '/a/secret/lib.es5.d.ts', '../1.d.ts'].map((file) => ({
      file,
      line: 5,
      column: 1,
      message: 'See /secret.',
    }));
    expect(run(reported(1, 'Wrong.', { related })).diagnostics[0]?.related).toEqual([
      { file: 'github.d.ts', line: 5, message: 'See .' },
      { file: 'mine', line: 3, message: 'See .' },
      { file: 'lib.es5.d.ts', line: 5, message: 'See .' },
    ]);
  });

  it('takes paths out of messages before it cuts them', () => {
    expect(run(reported(1, `${'/secret'.repeat(20)}done`)).diagnostics[0]?.message).toBe('done');
  });
});
