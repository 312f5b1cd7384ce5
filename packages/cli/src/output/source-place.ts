import { relative } from 'node:path';
import type { RuleSource } from '@smcp/policy';

/** `smcp.yaml:12`: the file as seen from the working directory when it lies below. */
export function sourcePlace({ file, line }: Pick<RuleSource, 'file' | 'line'>): string {
  return `${shortPath(file)}:${line}`;
}

export function shortPath(file: string): string {
  const below = relative(process.cwd(), file);
  return below === '' || below.startsWith('..') ? file : below;
}

/** Which version of the file: its git commit, and whether the file differs from it. */
export function sourceVersion({ commit, dirty }: Pick<RuleSource, 'commit' | 'dirty'>): string {
  if (commit === undefined) return 'not in git';
  return `commit ${commit.slice(0, 10)}${dirty === true ? ', changed since' : ''}`;
}
