import { CALLS } from './calls.ts';
import { CHANGES } from './changes.ts';
import type { Feature } from './feature.ts';
import { PASSING_ON } from './passing-on.ts';
import { QUESTIONS } from './questions.ts';
import { STREAMING } from './streaming.ts';
import { TASKS } from './tasks.ts';

/** Every feature of MCP that has to work whichever eras meet. */
export const FEATURES: readonly Feature[] = [
  ...CALLS,
  ...QUESTIONS,
  ...STREAMING,
  ...CHANGES,
  ...TASKS,
  ...PASSING_ON,
];
