import { describe, expect, it } from 'vitest';
import { describeExit, isOutOfMemory, toRunnerExit } from '../../src/process/runner-exit.ts';

const OOM = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory';

describe('toRunnerExit()', () => {
  it('reads the signal out of the exit code of a wrapper', () => {
    expect(toRunnerExit(undefined, 134, null, '')).toMatchObject({ signal: 'SIGABRT', code: undefined });
    expect(toRunnerExit(undefined, 137, null, '')).toMatchObject({ signal: 'SIGKILL' });
  });

  it('keeps other codes', () => {
    expect(toRunnerExit(undefined, 1, null, '')).toMatchObject({ signal: undefined, code: 1 });
    expect(toRunnerExit(undefined, 255, null, '')).toMatchObject({ signal: undefined, code: 255 });
  });
});

describe('isOutOfMemory()', () => {
  it.each([
    ['an abort', undefined, null, 'SIGABRT', '', true],
    ['an abort told by a wrapper', undefined, 134, null, '', true],
    ['a trap', undefined, null, 'SIGTRAP', '', true],
    ['a fault after a failed allocation', undefined, null, 'SIGSEGV', OOM, true],
    ['a fault without a word', undefined, null, 'SIGSEGV', '', false],
    ['a kill from outside', undefined, null, 'SIGKILL', '', false],
    ['a kill by us', 'the run was aborted', null, 'SIGKILL', OOM, false],
    ['an exit that says so', undefined, 1, null, OOM, false],
    ['a polite end', undefined, null, 'SIGTERM', OOM, false],
  ] as const)('judges %s', (_name, killedFor, code, signal, stderr, expected) => {
    expect(isOutOfMemory(toRunnerExit(killedFor, code, signal, stderr))).toBe(expected);
  });
});

describe('describeExit()', () => {
  it('says who ended it', () => {
    expect(describeExit(toRunnerExit('it was late', null, 'SIGKILL', ''))).toBe('was killed: it was late');
    expect(describeExit(toRunnerExit(undefined, null, 'SIGSEGV', ''))).toBe('was ended by SIGSEGV');
    expect(describeExit(toRunnerExit(undefined, 3, null, ''))).toBe('ended with code 3');
  });
});
