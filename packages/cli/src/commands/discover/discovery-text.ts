import { originText, problemText, type Discovery, type Places } from '@smcp/gateway';
import { counted } from '../../output/count.ts';
import { firstLines } from '../../output/first-lines.ts';
import type { Output } from '../../output/output.ts';
import { oneLine } from '../../output/printable.ts';

interface Row {
  readonly name: string;
  readonly from: string;
  readonly how: string;
  readonly status: string;
  readonly isTaken: boolean;
}

/** A discovery for people. */
export function discoveryText(out: Output, discovery: Discovery, places: Places): string {
  const rows = rowsOf(discovery, places);
  const table =
    rows.length === 0
      ? 'No servers are configured in other clients'
      : out.table(rows, [
          { head: 'SERVER', cell: ({ name }) => oneLine(name, 40) },
          { head: 'FROM', cell: ({ from }) => oneLine(from, 80) },
          { head: 'HOW', cell: ({ how }) => oneLine(how, 80) },
          {
            head: 'STATUS',
            cell: ({ status, isTaken }) => out.style(isTaken ? 'green' : 'yellow', oneLine(status, 120)),
          },
        ]);
  const problems = discovery.problems.map((problem) => oneLine(problemText(problem, places), 300));
  const untrusted = discovery.skipped.some(({ code }) => code === 'untrusted-folder');
  const { length } = discovery.found;
  return [
    table,
    ...(problems.length === 0 ? [] : [`Problems:\n${firstLines(problems, 'problem').join('\n')}`]),
    `${counted(length, 'server')} taken, ${discovery.skipped.length} not`,
    ...(untrusted ? ['To take those that come with this folder, look at them and say --trust-project'] : []),
  ].join('\n\n');
}

function rowsOf({ found, skipped }: Discovery, places: Places): readonly Row[] {
  return [
    ...found.map(({ name, origins, shown, notes }) => ({
      name,
      from: origins.map((origin) => originText(origin, places)).join('; '),
      how: shown,
      status: ['taken', ...notes].join('; '),
      isTaken: true,
    })),
    ...skipped.map(({ name, origin, shown = '', reason }) => ({
      name,
      from: originText(origin, places),
      how: shown,
      status: `not taken: ${reason}`,
      isTaken: false,
    })),
  ];
}
