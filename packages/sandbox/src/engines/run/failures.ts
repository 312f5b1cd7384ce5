import type { LimitName, ScriptLimits } from '../../limits.ts';
import type { ScriptFailure } from '../../outcome.ts';
import type { DoneMessage } from '../../wire/messages.ts';

type Words = readonly [name: string, words: (bound: number) => string];

const WORDS: Readonly<Record<LimitName, Words>> = {
  wallMs: ['TimeoutError', (bound) => `The script took longer than ${bound} ms`],
  cpuMs: ['TimeoutError', (bound) => `The script used more than ${bound} ms of processor time`],
  heapBytes: ['MemoryError', () => 'The script used more memory than it may'],
  sourceBytes: ['LimitError', (bound) => `The script is longer than ${bound} bytes`],
  outputBytes: ['LimitError', (bound) => `The script printed far more than ${bound} bytes`],
  resultBytes: ['LimitError', (bound) => `The script returned more than ${bound} bytes`],
  calls: ['LimitError', (bound) => `The script made more than ${bound} calls`],
  parallelCalls: ['LimitError', (bound) => `The script had more than ${bound} calls under way`],
  callInputBytes: ['LimitError', (bound) => `The script gave a call more than ${bound} bytes`],
  callOutputBytes: ['LimitError', (bound) => `A call gave the script more than ${bound} bytes`],
};

/** What the author of a script is told about a limit that ended it. */
export function failureOfLimit(limit: LimitName, limits: ScriptLimits): ScriptFailure {
  const [name, words] = WORDS[limit];
  return { name, message: words(limits[limit]) };
}

/** The same for an end that a runner gave no words for. */
export const FAILURE_OF_STATUS: Readonly<Record<DoneMessage['status'], ScriptFailure>> = {
  ok: { name: 'Error', message: 'The script failed' },
  error: { name: 'Error', message: 'The script failed' },
  timeout: { name: 'TimeoutError', message: 'The script took too long' },
  memory: { name: 'MemoryError', message: 'The script used more memory than it may' },
  limit: { name: 'LimitError', message: 'The script exceeded a limit' },
};

/** @throws {RangeError} When a limit is not a whole number from 1. */
export function checkLimits(limits: ScriptLimits): void {
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`Limit "${name}" is ${value}, expected a whole number from 1`);
    }
  }
}
