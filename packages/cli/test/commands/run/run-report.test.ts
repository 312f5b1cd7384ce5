import { describe, expect, it } from 'vitest';
import { planText, problemLines, valueText } from '../../../src/commands/run/report-text.ts';
import { toReport } from '../../../src/commands/run/run-report.ts';
import type { ScriptFile } from '../../../src/commands/run/script-file.ts';

const TEXT = 'const a = 1;\nthrow new Error("boom");';

const script = (more: Partial<ScriptFile> = {}): ScriptFile => ({
  name: 'dir/a.ts',
  language: 'typescript',
  text: TEXT,
  code: TEXT,
  addedColumns: 0,
  ...more,
});

const failed = {
  status: 'error',
  summary: 'Script error: Error: boom',
  error: {
    name: 'Error',
    message: 'boom',
    line: 2,
    column: 7,
    stack: 'at total (script.ts:2:7)\nat script.ts:1:30',
  },
};

describe('toReport()', () => {
  it('calls what says nothing of its status a success', () => {
    expect(toReport({ result: 1 }, script())).toMatchObject({
      status: 'success',
      exit: 0,
      content: { status: 'success', result: 1 },
    });
  });

  it.each([
    ['error', undefined, 1],
    ['timeout', undefined, 1],
    ['memory', undefined, 1],
    ['limit', undefined, 1],
    ['killed', undefined, 1],
    ['check_failed', undefined, 1],
    ['unavailable', 'SERVER_UNAVAILABLE', 1],
    ['unavailable', 'SERVER_UNKNOWN', 2],
    ['validation_error', undefined, 2],
    ['error', 'DENIED', 3],
    ['error', 'NOT_APPROVED', 3],
    ['error', 'APPROVAL_REQUIRED', 3],
    ['error', 'RATE_LIMITED', 1],
  ])('ends %s with code %s with exit code %i', (status, code, exit) => {
    const error = { name: 'ToolError', message: 'x', ...(code === undefined ? {} : { code }) };
    expect(toReport({ status, error }, script()).exit).toBe(exit);
  });

  it('never takes a code of a script that succeeded for a refusal', () => {
    expect(toReport({ result: { code: 'DENIED' }, error: { code: 'DENIED' } }, script()).exit).toBe(0);
  });

  it('tells places in the file: its name, and columns without what was put in front', () => {
    const { content } = toReport(failed, script({ addedColumns: 20 }));
    expect(content['error']).toMatchObject({
      line: 2,
      column: 7,
      stack: 'at total (dir/a.ts:2:7)\nat dir/a.ts:1:10',
    });
  });

  it('moves a diagnostic of the first line only', () => {
    const at = (line: number) => ({ line, column: 25, code: 1, message: '', related: [] });
    const { content } = toReport(
      { status: 'check_failed', diagnostics: [at(1), at(2)] },
      script({ addedColumns: 20 }),
    );
    expect(content['diagnostics']).toMatchObject([{ column: 5 }, { column: 25 }]);
  });

  it('gives a column that is no less than the first, even for a place in front of the file', () => {
    const error = { name: 'SyntaxError', message: 'x', line: 1, column: 3 };
    const { content } = toReport({ status: 'error', error }, script({ addedColumns: 20 }));
    expect(content['error']).toMatchObject({ column: 1 });
  });
});

describe('valueText()', () => {
  it.each([
    ['a text as it is', 'two\nlines', 'two\nlines'],
    ['null', null, 'null'],
    ['a number', 4, '4'],
    ['an object as JSON in lines', { a: [1] }, '{\n  "a": [\n    1\n  ]\n}'],
  ])('gives %s', (_, result, text) => {
    expect(valueText(toReport({ result }, script()))).toBe(text);
  });

  it('gives nothing for no value', () => {
    expect(valueText(toReport({ stdout: ['x'] }, script()))).toBeUndefined();
  });
});

describe('problemLines()', () => {
  it('shows place, message, line with a caret, and the frames', () => {
    expect(problemLines(toReport(failed, script()), script())).toEqual([
      'dir/a.ts:2:7 Error: boom',
      '    throw new Error("boom");',
      '          ^',
      '    at total (dir/a.ts:2:7)',
      '    at dir/a.ts:1:30',
    ]);
  });

  it('shows the line of the file, not what was put in front of it', () => {
    const moved = script({ addedColumns: 10, code: `${'x'.repeat(10)}${TEXT}` });
    const error = { name: 'Error', message: 'x', line: 1, column: 17 };
    const lines = problemLines(toReport({ status: 'error', error }, moved), moved);
    expect(lines.slice(0, 3)).toEqual(['dir/a.ts:1:7 Error: x', '    const a = 1;', '          ^']);
  });

  it('adds the code of a refusal', () => {
    const error = { name: 'ToolError', message: 'no', code: 'DENIED' };
    expect(problemLines(toReport({ status: 'error', error }, script()), script())).toEqual([
      'ToolError: no [DENIED]',
    ]);
  });

  it('shows diagnostics as a compiler does, and the declarations', () => {
    const diagnostics = [
      {
        line: 1,
        column: 7,
        code: 2322,
        message: 'Wrong type',
        related: [
          { file: 'g.d.ts', line: 1, message: 'declared here' },
          { file: 'g.d.ts', line: 1, message: '' },
        ],
      },
    ];
    const content = {
      status: 'check_failed',
      summary: 'Check failed: 3 errors; nothing was run',
      diagnostics,
      moreDiagnostics: 2,
      declarations: ['github.x(): void;'],
    };
    expect(problemLines(toReport(content, script()), script())).toEqual([
      'Check failed: 3 errors; nothing was run',
      'dir/a.ts:1:7 error TS2322: Wrong type',
      '    const a = 1;',
      '          ^',
      '    declared here',
      'and 2 more',
      '',
      'declarations:',
      'github.x(): void;',
    ]);
  });

  it('tells why a script was stopped, and notes beside a success', () => {
    const stopped = toReport({ status: 'timeout', summary: 'Timeout: execution exceeded 3s.' }, script());
    expect(problemLines(stopped, script())).toEqual(['Timeout: execution exceeded 3s.']);
    const noted = toReport({ result: 1, notes: ['10 bytes of output were dropped'] }, script());
    expect(problemLines(noted, script())).toEqual(['note: 10 bytes of output were dropped']);
  });

  it('has nothing to say of a success', () => {
    expect(problemLines(toReport({ result: 1 }, script()), script())).toEqual([]);
  });
});

describe('planText()', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const call = { server: 'files', tool: 'write_file', args: { path: 'x' } };

  it('lists the calls and says how to have them made', () => {
    const text = planText(toReport({ plan: { digest, calls: [call], made: 2 } }, script()), script());
    expect(text?.split('\n')).toEqual([
      '1 call would be made, in this order (2 read-only calls made):',
      '1. files:write_file {"path":"x"}',
      `To do exactly this: smcp run dir/a.ts --apply ${digest}, with the same options`,
    ]);
  });

  it('says so when nothing would change', () => {
    const text = planText(toReport({ plan: { digest, calls: [], made: 0 } }, script()), script());
    expect(text).toBe('No call would change anything');
  });

  it('cuts long arguments', () => {
    const long = { ...call, args: { content: 'x'.repeat(2000) } };
    const text = planText(toReport({ plan: { digest, calls: [long], made: 0 } }, script()), script()) ?? '';
    expect(text.split('\n')[1]).toHaveLength('1. files:write_file '.length + 501);
  });

  it('gives nothing when nothing was planned', () => {
    expect(planText(toReport({ result: 1 }, script()), script())).toBeUndefined();
  });
});
