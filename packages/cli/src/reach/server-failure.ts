import { CliError } from '../errors/cli-error.ts';

const MAX_SAID_CHARS = 2000;

/** Why a server could not be reached, with the end of what it said on standard error. */
export function serverFailure(error: unknown, diagnosis: string): CliError {
  const reason = error instanceof Error ? error.message : 'it failed';
  const said = diagnosis === '' ? '' : `\nIt said:\n${diagnosis.slice(-MAX_SAID_CHARS)}`;
  return new CliError('SERVER_UNREACHABLE', reason + said, { cause: error });
}
