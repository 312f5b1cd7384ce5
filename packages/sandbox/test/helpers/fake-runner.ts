import path from 'node:path';
import type { Command } from '../../src/layers/program.ts';
import { RunnerProcess, type RunnerOptions } from '../../src/process/runner-process.ts';

const FILE = path.join(import.meta.dirname, '../fixtures/fake-runner.js');

export type FakeMode = 'ready' | 'silent' | 'exit' | 'complain' | 'garbage' | 'twice' | 'eager';

export function fakeCommand(mode: FakeMode = 'ready'): Command {
  return { file: process.execPath, args: [FILE, mode], identity: undefined, filter: undefined };
}

export async function startFake(
  mode: FakeMode = 'ready',
  options: RunnerOptions = {},
): Promise<RunnerProcess> {
  return await RunnerProcess.start(fakeCommand(mode), options);
}
