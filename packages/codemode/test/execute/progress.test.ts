import { expect, it } from 'vitest';
import type { ProgressNote } from '../../src/execute/execution.ts';
import { Progress } from '../../src/execute/progress.ts';

function start() {
  const notes: ProgressNote[] = [];
  const clock = { ms: 0 };
  const progress = new Progress(
    (note) => notes.push(note),
    () => clock.ms,
  );
  return { notes, clock, progress };
}

it('Progress tells of a call by name, outcome and time', () => {
  const { notes, progress } = start();
  progress.called();
  progress.ended('github.listIssues', '✓', 119.6);
  expect(notes).toEqual([{ calls: 1, message: 'github.listIssues ✓ 120 ms' }]);
});

it('Progress tells at most five times a second and counts all calls', () => {
  const { notes, clock, progress } = start();
  for (let i = 0; i < 100; i += 1) {
    clock.ms = i * 20;
    progress.called();
    progress.ended('a.b', '✓', 1);
  }
  expect(notes).toHaveLength(10);
  expect(notes.at(-1)).toEqual({ calls: 91, message: 'a.b ✓ 1 ms' });
});

it('Progress tells the first line of what is printed, cut', () => {
  const { notes, clock, progress } = start();
  progress.printed('\n  \n step 1 \nstep 2\n');
  clock.ms = 200;
  progress.printed('x'.repeat(1000));
  clock.ms = 400;
  progress.printed(' \n');
  expect(notes.map(({ message }) => message)).toEqual(['step 1', 'x'.repeat(200)]);
});

it('Progress is quiet when nobody listens', () => {
  const progress = new Progress(undefined, () => 0);
  progress.called();
  expect(() => progress.ended('a', '✓', 1)).not.toThrow();
});
