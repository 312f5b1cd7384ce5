import { describe, expect, it } from 'vitest';
import * as config from '../../src/config/index.ts';
import { ProblemList } from '../../src/config/problems.ts';

describe('ConfigError', () => {
  it('renders its problems as a compiler would, and keeps them', () => {
    const problems = [
      {
        code: 'unknown-key',
        path: 'servers.slack.urll',
        file: 'smcp.yaml',
        line: 12,
        column: 5,
        message: 'Unknown key',
        hint: 'did you mean "url"?',
      },
      { code: 'syntax', path: '', file: 'smcp.yaml', line: 13, column: 1, message: 'Wrong indentation' },
    ] as const;
    const error = new config.ConfigError('CONFIG_INVALID', problems);
    expect(error.message).toBe(
      'smcp.yaml:12:5 servers.slack.urll: Unknown key; did you mean "url"?\nsmcp.yaml:13:1 Wrong indentation',
    );
    expect(error.problems).toEqual(problems);
    expect(error.name).toBe('ConfigError');
    expect(Object.isFrozen(error.problems)).toBe(true);
  });

  it('lists at most a hundred problems in its message', () => {
    const problem = { code: 'syntax', path: '', file: 'f', line: 1, column: 1, message: 'x' } as const;
    const lines = (count: number): readonly string[] =>
      new config.ConfigError(
        'CONFIG_SYNTAX',
        Array.from({ length: count }, () => problem),
      ).message.split('\n');
    expect(lines(100)).toHaveLength(100);
    expect(lines(102).slice(99)).toEqual(['f:1:1 x', 'and 2 more']);
  });
});

describe('ProblemList', () => {
  it('gives problems in the order of the file, errors and warnings apart', () => {
    const list = new ProblemList('f');
    const at = (line: number, column: number): { line: number; column: number } => ({ line, column });
    list.errorAt(at(2, 1), ['b'], 'syntax', 'second');
    list.errorAt(at(1, 9), ['a'], 'syntax', 'first');
    list.errorAt(at(1, 2), [], 'syntax', 'earliest', 'hint');
    list.warn(
      { kind: 'scalar', path: ['c', 0], at: at(3, 3), value: 1, origin: 'literal' },
      'no-effect',
      'doubtful',
    );
    expect(list.errors.map(({ message }) => message)).toEqual(['earliest', 'first', 'second']);
    expect(list.warnings).toEqual([
      { code: 'no-effect', path: 'c[0]', file: 'f', line: 3, column: 3, message: 'doubtful' },
    ]);
  });
});

describe('the public list of config/', () => {
  it('is this', () => {
    expect(Object.keys(config).toSorted()).toEqual([
      'CONFIG_SCHEMA_ID',
      'ConfigError',
      'configJsonSchema',
      'configSchema',
      'formatProblem',
      'isHeaderName',
      'isHeaderValue',
      'isLoopbackHost',
      'isMetadataAddress',
      'isReservedHeader',
      'listenAddress',
      'loadConfig',
      'watchConfig',
    ]);
  });
});
