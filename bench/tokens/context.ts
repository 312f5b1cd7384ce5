import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Measured } from './measure.ts';
import { tokensOf } from './transcript.ts';

const FOLDER = join(import.meta.dirname, '..', 'catalogues');

/** What stands in the context of a model over a whole session, however the work is done. */
export interface ContextFigures {
  readonly servers: number;
  readonly tools: number;
  /** Definitions of all tools. */
  readonly definitionTokens: number;
  /** The one tool of code mode. */
  readonly entryTokens: number;
  /** Definitions, calls and results of all workflows in one session. */
  readonly plainTokens: number;
  /** The entry, the declarations read, scripts and their results, in one session. */
  readonly scriptTokens: number;
  /** The same for as many sessions as there are pieces of work: each begins with the definitions, or with the entry and reading the declarations. */
  readonly plainSessionsTokens: number;
  readonly scriptSessionsTokens: number;
}

interface Captured {
  readonly tools: readonly unknown[];
}

/** Counts a session with every captured catalogue connected, in which all workflows are done. */
export async function measureContext(
  measured: readonly Measured[],
  entry: readonly unknown[],
): Promise<ContextFigures> {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.json'));
  const catalogues = await Promise.all(
    files.map(async (name) => JSON.parse(await readFile(join(FOLDER, name), 'utf8')) as Captured),
  );
  const tools = catalogues.flatMap((catalogue) => catalogue.tools);
  const definitionTokens = tokensOf(JSON.stringify(tools));
  const entryTokens = tokensOf(JSON.stringify(entry));
  const work = (of: (one: Measured) => Measured['plain']): number =>
    measured.reduce((sum, one) => sum + addedBy(of(one)), 0);
  const [first] = measured;
  const docs =
    first === undefined
      ? 0
      : (first.script[0]?.promptTokens ?? 0) - (first.discovering[0]?.promptTokens ?? 0);
  return {
    servers: files.length,
    tools: tools.length,
    definitionTokens,
    entryTokens,
    plainTokens: definitionTokens + work(({ plain }) => plain),
    scriptTokens: entryTokens + docs + work(({ script }) => script),
    plainSessionsTokens: measured.length * definitionTokens + work(({ plain }) => plain),
    scriptSessionsTokens: measured.length * entryTokens + work(({ discovering }) => discovering),
  };
}

/** What a piece of work adds to a context: from its first prompt to the end of its answer. */
function addedBy(requests: Measured['plain']): number {
  const last = requests.at(-1);
  return last === undefined
    ? 0
    : last.promptTokens + last.completionTokens - (requests[0]?.promptTokens ?? 0);
}
