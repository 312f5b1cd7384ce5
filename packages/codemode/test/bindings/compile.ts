import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

const COMPILER_OPTIONS = {
  target: 'es2024',
  lib: ['es2024'],
  types: [],
  module: 'esnext',
  moduleDetection: 'force',
  strict: true,
  noEmit: true,
};

/** One error of the compiler; lines from 1. */
export interface CompileError {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Runs the real compiler over files by name, as a script is checked. */
export async function compile(files: Readonly<Record<string, string>>): Promise<readonly CompileError[]> {
  const folder = await mkdtemp(join(tmpdir(), 'smcp-bindings-'));
  try {
    const config = { compilerOptions: COMPILER_OPTIONS, files: Object.keys(files) };
    const written = { ...files, 'tsconfig.json': JSON.stringify(config) };
    await Promise.all(
      Object.entries(written).map(([name, content]) => writeFile(join(folder, name), content)),
    );
    const child = spawn(process.execPath, [TSC, '-p', '.', '--pretty', 'false'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [output, problems] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    if (problems !== '') throw new Error(`The compiler failed: ${problems.slice(0, 1000)}`);
    return readErrors(output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function readErrors(output: string): readonly CompileError[] {
  const errors: CompileError[] = [];
  for (const line of output.split('\n')) {
    const [, file = '', number = '', message = ''] = /^(\S+?)\((\d+),\d+\): error (.*)$/.exec(line) ?? [];
    if (file !== '') errors.push({ file, line: Number(number), message });
    else if (line.startsWith('error')) errors.push({ file: '', line: 0, message: line });
  }
  return errors;
}
