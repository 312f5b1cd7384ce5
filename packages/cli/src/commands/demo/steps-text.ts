import Table from 'cli-table3';
import type { Output } from '../../output/output.ts';
import { treeLines } from '../audit/execution-tree.ts';
import type { Execution } from './evidence.ts';
import type { Step } from './step.ts';

/** The walk as a table whose last column may wrap. */
export function stepsText(steps: readonly Step[], out: Output): string {
  const table = new Table({
    head: ['', 'Step', 'Who', 'Call', 'What happened'].map((text) => out.style('bold', text)),
    colWidths: [4, 21, 18, 32, 62],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { ok, title, who, call, result } of steps) {
    const mark = ok ? out.style('green', '✓') : out.style('red', '✗');
    table.push([
      mark,
      ...[title, who, call].map((text) => out.printable(text)),
      result
        .split('\n')
        .map((line) => out.printable(line))
        .join('\n'),
    ]);
  }
  return `\nA walk through the gateway, as its clients see it:\n${table.toString()}`;
}

/** What the log has of a script, as `smcp audit show` tells it. */
export function executionText({ call, made }: Execution, out: Output): string {
  return [
    '',
    `What the audit log has of the script, as smcp audit show ${call.call} tells it:`,
    '',
    out.style('bold', `${call.server}:${call.name}`),
    ...treeLines(made),
  ].join('\n');
}
