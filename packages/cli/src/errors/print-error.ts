import type { ExitCode } from '../output/exit-codes.ts';
import { OutputClosedError, type Output } from '../output/output.ts';
import type { ErrorReport } from './error-report.ts';

/** Tells a failure: to machines as one document on standard output, to people on standard error. Gives the exit code. */
export async function printError(out: Output, report: ErrorReport): Promise<ExitCode> {
  const { exit, code, message, remedy, details, lines } = report;
  if (out.json) {
    try {
      await out.document({
        error: { code, message, ...(remedy === undefined ? {} : { remedy }), ...details },
      });
    } catch (error) {
      // Nobody listens; the exit code still tells.
      if (!(error instanceof OutputClosedError)) throw error;
    }
    return exit;
  }
  if (lines === undefined) {
    const [first = '', ...more] = out.printable(message).split('\n');
    out.warn(`${out.styleError('red', 'smcp:')} ${first}`);
    for (const line of more) out.warn(`  ${line}`);
  } else {
    for (const line of lines) out.warn(out.printable(line));
  }
  if (remedy !== undefined) out.warn(`  ${out.printable(remedy)}`);
  return exit;
}
