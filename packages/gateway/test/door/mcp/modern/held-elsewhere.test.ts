import { describe, expect, it } from 'vitest';
import { heldElsewhere } from '../../../../src/door/mcp/modern/held-elsewhere.ts';
import { workerOf } from '../../../../src/worker/worker-ids.ts';

const ALICE = { id: 'key:alice', kind: 'key', tenant: 'default', roles: [] } as const;
const ROUTE = { server: 'files', name: 'copy', task: 't-1' };

/** Worker 1 of three; states name their call, and tasks their worker, in clear. */
function where(params: Parameters<typeof heldElsewhere>[3]): number | undefined {
  return heldElsewhere(
    {
      heldBy: (state) => (state.startsWith('call-') ? state : undefined),
      openTask: (id) => {
        const worker = /^task-(\d)$/.exec(id)?.[1];
        if (id === 'task-alone') return ROUTE;
        return worker === undefined ? undefined : { ...ROUTE, worker: Number(worker) };
      },
    },
    {
      ownerOf: (id) => (workerOf(id) === 1 ? undefined : workerOf(id)),
      isOther: (worker) => worker === 2 || worker === 3,
    },
    ALICE,
    params,
  );
}

describe('heldElsewhere()', () => {
  it.each([
    ['a call of another worker', { requestState: 'call-2.AAAA' }, 2],
    ['a call of this one', { requestState: 'call-1.AAAA' }, undefined],
    ['a state that any worker can go on from', { requestState: 'sealed' }, undefined],
    ['a state that is no text', { requestState: { call: 'call-2.AAAA' } }, undefined],
    ['a task of another worker', { taskId: 'task-3' }, 3],
    ['a task of this one', { taskId: 'task-1' }, undefined],
    ['a task of a worker that there is not', { taskId: 'task-9' }, undefined],
    ['a task of a gateway that is one process', { taskId: 'task-alone' }, undefined],
    ['a task of somebody else', { taskId: 'unknown' }, undefined],
    ['a task that is no text', { taskId: ['task-3'] }, undefined],
    ['a stream that follows tasks', { notifications: { taskIds: ['task-2', 'task-3'] } }, 2],
    ['a stream that follows none', { notifications: { taskIds: [] } }, undefined],
    ['a stream with nonsense', { notifications: { taskIds: 'task-2' } }, undefined],
    ['nothing', {}, undefined],
  ])('finds the worker of %s', (_what, params, worker) => {
    expect(where(params)).toBe(worker);
  });

  it('looks at the call before the task', () => {
    expect(where({ requestState: 'call-2.AAAA', taskId: 'task-3' })).toBe(2);
  });
});
