import { callTree, joinCalls, readAudit, type CallSummary, type CallTree } from '@smcp/gateway';
import { printableJson } from '../../output/printable.ts';

/** The calls that were made in the course of a call, in order; each with those made in its own. */
export async function madeBy(directory: string, root: CallSummary): Promise<readonly CallTree[]> {
  const filter = { fromScripts: true, since: root.time };
  const calls: CallSummary[] = [];
  for await (const call of joinCalls(readAudit({ directory, filter }))) calls.push(call);
  return callTree(root, calls).children;
}

/** The same for people: a line for each call, with when it began, how long it took upstream and what came of it. */
export function treeLines(trees: readonly CallTree[], indent = ''): readonly string[] {
  return trees.flatMap(({ call, afterMs, children }, index) => {
    const isLast = index === trees.length - 1;
    const took = call.upstreamMicros === undefined ? '' : `${(call.upstreamMicros / 1000).toFixed(1)} ms`;
    const came = call.outcome === 'refused' ? `refused ${call.code ?? ''}` : call.outcome;
    const line = [
      `${indent}${isLast ? '└─' : '├─'} ${shown(`${call.server}:${call.name}`)}`.padEnd(48),
      `+${afterMs} ms`.padStart(9),
      took.padStart(11),
      ` ${came}`,
      ` ${call.call}`,
    ].join(' ');
    return [line, ...treeLines(children, `${indent}${isLast ? '   ' : '│  '}`)];
  });
}

function shown(text: string): string {
  return printableJson(text).slice(1, -1);
}
