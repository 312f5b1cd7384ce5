import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CodeModeError } from '../../code-mode-error.ts';

/**
 * Finds the native TypeScript compiler that was installed for this machine.
 *
 * @param from Module whose dependencies have it.
 * @returns Absolute path of the program.
 * @throws {CodeModeError} `CHECKER_FAILED` when the package or the part for this platform is not installed.
 */
export function findCompiler(from: string = import.meta.url): string {
  const platform = `@typescript/typescript-${process.platform}-${process.arch}`;
  let folder: string;
  try {
    // The part for the platform is a dependency of the package, and need not be visible from here.
    const packageFile = createRequire(from).resolve('typescript/package.json');
    folder = dirname(createRequire(packageFile).resolve(`${platform}/package.json`));
  } catch (cause) {
    throw new CodeModeError(
      'CHECKER_FAILED',
      `Cannot check scripts: the packages "typescript" and "${platform}" have to be installed`,
      { cause },
    );
  }
  const program = join(folder, 'lib', process.platform === 'win32' ? 'tsc.exe' : 'tsc');
  if (!existsSync(program)) {
    throw new CodeModeError(
      'CHECKER_FAILED',
      `Cannot check scripts: the package "${platform}" has no compiler in it`,
    );
  }
  return program;
}
