import { expect } from 'vitest';
import { textOf, type Feature } from './feature.ts';

/** Calls that go on after their answer. */
export const TASKS: readonly Feature[] = [
  {
    name: 'tasks: a tool that may be one',
    joined: true,
    show: async ({ client, named }) => {
      const { result } = await client.callAsTask(named('may_be_task'));
      expect(textOf(result)).toBe('ran');
    },
  },
  {
    name: 'tasks: a tool that only is one',
    show: async ({ client, named }) => {
      const { result } = await client.callAsTask(named('only_as_task'));
      expect(textOf(result)).toBe('ran');
    },
  },
];
