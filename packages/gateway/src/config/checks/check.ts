import type { ConfigNode } from '../config-node.ts';
import type { ProblemList } from '../problems.ts';

interface CheckFacts {
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Finds what one key says wrongly about another. Checks run on the located nodes and next to the schema, not after it, so that all problems of a
 * file are told at once; a value of the wrong type is the schema's business and skipped here.
 */
export type Check = (root: ConfigNode, problems: ProblemList, facts: CheckFacts) => void;
