import type { Cli } from '../../cli/cli.ts';
import type { ExitCode } from '../../output/exit-codes.ts';
import { planText, problemLines, valueText } from './report-text.ts';
import type { RunReport } from './run-report.ts';
import type { ScriptFile } from './script-file.ts';

/** Prints what came of a script, but for what it printed itself: value and plan on standard output, everything else on standard error. */
export async function printReport({ out }: Cli, report: RunReport, script: ScriptFile): Promise<ExitCode> {
  if (out.json) {
    await out.document(report.content);
    return report.exit;
  }
  const [first, ...more] = problemLines(report, script);
  for (const text of [valueText(report), planText(report, script)]) {
    if (text !== undefined) await out.text(out.isTerminal ? out.printable(text) : text);
  }
  if (first !== undefined) {
    const mark = report.status === 'success' ? '' : `${out.styleError('red', 'smcp:')} `;
    out.warn(mark + out.printable(first));
    for (const line of more) out.warn(out.printable(line));
  }
  return report.exit;
}
