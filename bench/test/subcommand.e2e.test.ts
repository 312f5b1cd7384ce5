import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { benchProgram } from '../targets/installed.ts';

function run(...args: readonly string[]): { readonly status: number | null; readonly stderr: string } {
  const { status, stderr } = spawnSync(process.execPath, [benchProgram('run.ts'), ...args], {
    encoding: 'utf8',
  });
  return { status, stderr };
}

it('the benchmark refuses a word that names nothing, and says what there is', () => {
  const { status, stderr } = run('codemod');
  expect(status).toBe(2);
  expect(stderr).toContain('There is codemode, tokens, discovery, got "codemod"');
});

it('a benchmark with a program of its own gets the other arguments, and its exit code is ours', () => {
  const { status, stderr } = run('codemode', '--fast');
  expect(status).toBe(2);
  expect(stderr).toContain('bench/codemode/run.ts');
});
