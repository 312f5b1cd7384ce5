import { join } from 'node:path';
import type { Workspace } from '../../bench/lifetime/workspace.ts';
import type { ScenarioResult } from '../suite/read-checks.ts';
import {
  readRequirementSet,
  REVISIONS,
  type RequirementSet,
  type SetName,
} from '../suite/requirement-sets.ts';
import { runSuite } from '../suite/run-suite.ts';
import { startWay } from './start-way.ts';
import { ifNotApplicable, type Way } from './ways.ts';

export interface JudgeOptions {
  readonly ways: readonly Way[];
  readonly sets: readonly SetName[];
  /** Only this scenario of the sets; all of them when absent. */
  readonly scenario?: string | undefined;
  readonly direct: boolean;
  readonly mayAsk: boolean;
  readonly expectedFailures: string;
  /** Folder for what the runner writes, one folder in it for each run. */
  readonly folder: string;
}

/** One set judged in one way. */
export type Verdict = Judged | NotApplicable;

export interface Judged {
  readonly way: Way;
  readonly set: SetName;
  readonly direct: boolean;
  /** Of the run, which may be that of another set of the same revision too. */
  readonly seconds: number;
  readonly scenarios: readonly ScenarioResult[];
  /** Scenarios that nobody requires, for information. */
  readonly unscored: readonly ScenarioResult[];
}

export interface NotApplicable {
  readonly way: Way;
  readonly set: SetName;
  readonly direct: boolean;
  readonly notApplicable: string;
}

/** Judges the fixture in every way and by every set asked for, one after the other. */
export async function judge(
  workspace: Workspace,
  options: JudgeOptions,
  progress: (text: string) => void,
): Promise<readonly Verdict[]> {
  const sets = await Promise.all(
    options.sets.map(async (name) => cut(await readRequirementSet(name), options)),
  );
  const verdicts: Verdict[] = [];
  for (const way of options.ways) {
    verdicts.push(...(await judgeWay(workspace, way, sets, options, progress)));
  }
  return verdicts;
}

async function judgeWay(
  workspace: Workspace,
  way: Way,
  sets: readonly RequirementSet[],
  options: JudgeOptions,
  progress: (text: string) => void,
): Promise<readonly Verdict[]> {
  const { direct } = options;
  await using stack = new AsyncDisposableStack();
  let url: string | undefined;
  const judged: Judged[] = [];
  const applicable = sets.filter(({ name }) => ifNotApplicable(way, name, direct) === undefined);
  for (const [revision, together] of Map.groupBy(applicable, (set) => set.revision)) {
    if (together.some(({ scenarios, unscored }) => scenarios.length + unscored.length > 0)) {
      progress(`${direct ? '' : 'gateway in front of '}${way}: ${revision}`);
      url ??= await startWay(workspace, way, options, stack);
      judged.push(...(await judgeSets(workspace, way, together, url, options)));
    }
  }
  return sets.flatMap((set): readonly Verdict[] => {
    const notApplicable = ifNotApplicable(way, set.name, direct);
    return notApplicable === undefined
      ? judged.filter((verdict) => verdict.set === set.name)
      : [{ way, set: set.name, direct, notApplicable }];
  });
}

/** Judges sets of the same revision in one run. */
async function judgeSets(
  workspace: Workspace,
  way: Way,
  sets: readonly RequirementSet[],
  url: string,
  { direct, scenario, expectedFailures, folder }: JudgeOptions,
): Promise<readonly Judged[]> {
  const revision = sets[0]?.revision ?? REVISIONS[0];
  const began = performance.now();
  const results = await runSuite(workspace, {
    url,
    revision,
    scenarios: sets.flatMap(({ scenarios, unscored }) => [...scenarios, ...unscored]),
    all: scenario === undefined && sets.some(({ name }) => name === revision),
    expectedFailures,
    folder: join(folder, `${direct ? 'direct' : 'gateway'}-${way}-${revision}`),
  });
  const seconds = Math.round((performance.now() - began) / 1000);
  const of = (names: readonly string[]): readonly ScenarioResult[] =>
    results.filter((result) => names.includes(result.scenario));
  return sets
    .filter(({ scenarios, unscored }) => scenarios.length + unscored.length > 0)
    .map((set) => ({
      way,
      set: set.name,
      direct,
      seconds,
      scenarios: of(set.scenarios),
      unscored: of(set.unscored),
    }));
}

function cut(set: RequirementSet, { scenario }: JudgeOptions): RequirementSet {
  const wanted = (name: string): boolean => scenario === undefined || name === scenario;
  return { ...set, scenarios: set.scenarios.filter(wanted), unscored: set.unscored.filter(wanted) };
}
