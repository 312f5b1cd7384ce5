import { setImmediate as turn } from 'node:timers/promises';
import { ProtocolError } from '@modelcontextprotocol/server';
import { describe, expect, it } from 'vitest';
import { TaskStore } from '../fixture/tasks/task-store.ts';
import { text } from '../fixture/tool.ts';

const question = { method: 'roots/list', params: {} } as const;

describe('TaskStore', () => {
  it('knows a task as soon as it has begun', () => {
    using store = new TaskStore();
    const created = store.begin(async () => await new Promise(() => undefined));
    expect(created).toMatchObject({ resultType: 'task', status: 'working' });
    expect(created).not.toHaveProperty('result');
    expect(store.get(created.taskId).detail()).toMatchObject({ taskId: created.taskId, status: 'working' });
  });

  it('keeps the result of a task', async () => {
    using store = new TaskStore();
    const { taskId } = store.begin(async () => await Promise.resolve(text('done')));
    await turn();
    expect(store.get(taskId).detail()).toMatchObject({ status: 'completed', result: text('done') });
  });

  it('takes an error of the tool for a result, and an error of the protocol for a failure', async () => {
    using store = new TaskStore();
    const tool = store.begin(async () => await Promise.reject(new Error('broken')));
    const protocol = store.begin(async () => await Promise.reject(new ProtocolError(-32_603, 'wrong')));
    await turn();
    expect(store.get(tool.taskId).detail()).toMatchObject({
      status: 'completed',
      result: { isError: true },
    });
    const detail = store.get(protocol.taskId).detail();
    expect(detail).toMatchObject({ status: 'failed', error: { code: -32_603, message: 'wrong' } });
    expect(detail).not.toHaveProperty('result');
  });

  it('goes on when every question is answered, and not before', async () => {
    using store = new TaskStore();
    const { taskId } = store.begin(async ({ ask }) =>
      text(JSON.stringify(await ask({ a: question, b: question }))),
    );
    const task = store.get(taskId);
    task.answer({ b: { roots: [] }, stranger: { roots: [] } });
    expect(task.detail()).toMatchObject({ status: 'input_required', inputRequests: { a: question } });
    expect(Object.keys(task.detail().inputRequests ?? {})).toEqual(['a']);
    task.answer({ a: { roots: [] } });
    await turn();
    expect(task.detail()).toMatchObject({
      status: 'completed',
      result: text('{"b":{"roots":[]},"a":{"roots":[]}}'),
    });
    expect(task.detail()).not.toHaveProperty('inputRequests');
  });

  it('stays cancelled, whatever the work does afterwards', async () => {
    using store = new TaskStore();
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof text>>();
    const { taskId } = store.begin(async () => await promise);
    store.get(taskId).cancel();
    resolve(text('late'));
    await turn();
    expect(store.get(taskId).detail()).toMatchObject({ status: 'cancelled' });
    expect(store.get(taskId).detail()).not.toHaveProperty('result');
  });

  it('tells the work that it is cancelled, but leaves a finished task as it is', async () => {
    using store = new TaskStore();
    let signal: AbortSignal | undefined;
    const running = store.begin(async (control) => {
      ({ signal } = control);
      return await new Promise(() => undefined);
    });
    store.get(running.taskId).cancel();
    expect(signal?.aborted).toBe(true);
    const finished = store.begin(async () => await Promise.resolve(text('done')));
    await turn();
    store.get(finished.taskId).cancel();
    expect(store.get(finished.taskId).detail().status).toBe('completed');
  });

  it('refuses an unknown task with -32602', () => {
    using store = new TaskStore();
    expect(() => store.get('nobody')).toThrow(expect.objectContaining({ code: -32_602 }));
  });
});
