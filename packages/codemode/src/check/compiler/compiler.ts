import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CompilerSettings } from './compiler-settings.ts';
import { compilerEnvironment, limitedCommand } from './limited-command.ts';
import { runProcess } from './run-process.ts';

/** Puts a command into a sandbox that reads and writes `folder`, an absolute path. */
export type Wrap = (command: readonly string[], folder: string) => readonly string[];

export interface CompilerOptions {
  /** Absolute path. */
  readonly program: string;
  readonly wrap?: Wrap | undefined;
  readonly maxMemoryBytes: number;
  readonly timeoutMs: number;
  /** Ends the compiler. */
  readonly signal: AbortSignal;
}

/** How a compiler came to its end. */
export type CompilerEnd =
  /** Without an error. */
  | { readonly state: 'clean' }
  /** It found errors; `isCut` when the report was longer than is read. */
  | { readonly state: 'errors'; readonly report: string; readonly isCut: boolean }
  /** It ran out of memory, or failed in another way. */
  | { readonly state: 'crashed'; readonly why: string };

const MAX_REPORT_BYTES = 1024 * 1024;
const SETTINGS_FILE = 'tsconfig.json';

/** Runs a new process of the compiler for each question. */
export class Compiler {
  readonly #options: CompilerOptions;

  constructor(options: CompilerOptions) {
    this.#options = options;
  }

  /**
   * @param root Folder that the compiler may see.
   * @param path Folder in it in which it works, and where its settings go.
   * @throws The reason of the signal, or an error of the system when the process cannot be started.
   */
  async run(root: string, path: string, settings: CompilerSettings): Promise<CompilerEnd> {
    const { program, wrap, maxMemoryBytes, timeoutMs, signal } = this.#options;
    await writeFile(join(path, SETTINGS_FILE), JSON.stringify(settings), { mode: 0o600 });
    const compile = [program, '--project', SETTINGS_FILE, '--pretty', '--singleThreaded'];
    const limits = { memoryBytes: maxMemoryBytes, cpuSeconds: Math.ceil(timeoutMs / 1000) + 1 };
    const end = await runProcess(limitedCommand(wrap?.(compile, root) ?? compile, limits), {
      cwd: path,
      env: compilerEnvironment(limits),
      maxOutputBytes: MAX_REPORT_BYTES,
      signal,
    });
    if (end.exitCode === 0 && end.stdout.trim() === '') return { state: 'clean' };
    // The exit code of a report is 1, and 2 when files were written all the same; the compiler's runtime ends with 2 as well, but says so.
    const isReport = end.isCut || ((end.exitCode === 1 || end.exitCode === 2) && end.stderr === '');
    if (isReport) return { state: 'errors', report: end.stdout, isCut: end.isCut };
    return {
      state: 'crashed',
      why: isOutOfMemory(end.stderr) ? 'it needs too much memory' : 'the compiler failed',
    };
  }
}

function isOutOfMemory(stderr: string): boolean {
  return /out of memory|cannot allocate memory|stack exceeds|failed to reserve/u.test(stderr);
}
