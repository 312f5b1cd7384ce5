import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { manifestOf } from '../../bench/targets/installed.ts';

/** Package of the official runner. */
export const RUNNER = '@modelcontextprotocol/conformance';

export const REVISIONS = ['2026-07-28', '2025-11-25'] as const;

export type Revision = (typeof REVISIONS)[number];

/** What can be judged: everything that a revision requires, and the tasks extension. */
export const SETS = [...REVISIONS, 'tasks'] as const;

export type SetName = (typeof SETS)[number];

/** The scenarios of one set, in the order of the suite. */
export interface RequirementSet {
  readonly name: SetName;
  /** The revision at which they are run. */
  readonly revision: Revision;
  readonly scenarios: readonly string[];
  /** Run together with them and shown, but required by nobody. */
  readonly unscored: readonly string[];
}

interface RequirementsFile {
  readonly server: readonly string[];
  readonly not_scored: readonly { readonly scenario: string; readonly leg: string }[];
}

const TASKS_REVISION: Revision = '2026-07-28';
const TASKS_PREFIX = 'tasks-';

/** Reads the sets that came with the runner. */
export async function readRequirementSet(name: SetName): Promise<RequirementSet> {
  const revision = name === 'tasks' ? TASKS_REVISION : name;
  const file = join(manifestOf(RUNNER), '..', 'requirements', `${revision}.yaml`);
  const { server, not_scored: notScored } = parse(await readFile(file, 'utf8')) as RequirementsFile;
  const others = notScored.filter(({ leg }) => leg === 'server').map(({ scenario }) => scenario);
  const isTasks = (scenario: string): boolean => scenario.startsWith(TASKS_PREFIX);
  return name === 'tasks'
    ? { name, revision, scenarios: others.filter((scenario) => isTasks(scenario)), unscored: [] }
    : { name, revision, scenarios: server, unscored: others.filter((scenario) => !isTasks(scenario)) };
}
