import { userInfo } from 'node:os';
import { CliError } from '../../errors/cli-error.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

/** Name of the user of the operating system who runs this, or its number when it has none that can be printed. */
export function systemUser(): string {
  const number = `uid-${process.getuid?.() ?? 'unknown'}`;
  try {
    const { username } = userInfo();
    return NAME.test(username) ? username : number;
  } catch {
    // In containers the user often has a number only.
    return number;
  }
}

/**
 * The name under which an answer is recorded.
 *
 * @throws {CliError} `USAGE` when it could not be told from other text in a record.
 */
export function operatorName(given: string | undefined): string {
  if (given === undefined) return systemUser();
  if (NAME.test(given)) return given;
  throw new CliError('USAGE', '--by must be 1 to 64 letters, digits, ".", "_", "@" or "-"');
}
