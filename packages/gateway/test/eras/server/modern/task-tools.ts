import { randomUUID } from 'node:crypto';
import { ProtocolError, type CallToolResult, type McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { text } from '../texts.ts';
import { knowsTasks, refuseWithoutTasks } from './refuse-without-tasks.ts';

/** When the tasks of a server are done, by their ids. */
export type ModernTasks = Map<string, { readonly createdAt: number; cancelled: boolean }>;

const WORK_MS = 100;
const named = z.object({ taskId: z.string() });

/** A tool that answers with a task where the client takes one, one that only answers so, and the methods of tasks. */
export function addTaskTools(mcp: McpServer, tasks: ModernTasks): void {
  const create = (): CallToolResult => {
    const taskId = randomUUID();
    tasks.set(taskId, { createdAt: Date.now(), cancelled: false });
    return { content: [], resultType: 'task', ...describe(tasks, taskId) };
  };
  mcp.registerTool('may_be_task', {}, ({ mcpReq }) =>
    knowsTasks({ ...mcpReq.envelope }) ? create() : text('ran'),
  );
  mcp.registerTool('only_as_task', {}, create);
  refuseWithoutTasks(mcp, ['only_as_task']);

  mcp.server.setRequestHandler('tasks/get', { params: named }, ({ taskId }) => {
    const task = describe(tasks, taskId);
    return task.status === 'completed'
      ? { ...task, result: { ...text('ran'), resultType: 'complete' } }
      : task;
  });
  mcp.server.setRequestHandler('tasks/cancel', { params: named }, ({ taskId }) => {
    describe(tasks, taskId);
    const task = tasks.get(taskId);
    if (task !== undefined) task.cancelled = true;
    return {};
  });
}

function describe(tasks: ModernTasks, taskId: string) {
  const task = tasks.get(taskId);
  if (task === undefined) throw new ProtocolError(-32602, `There is no task ${taskId}`);
  const done = Date.now() - task.createdAt >= WORK_MS;
  const status = task.cancelled ? 'cancelled' : done ? 'completed' : 'working';
  const createdAt = new Date(task.createdAt).toISOString();
  return { taskId, status, createdAt, lastUpdatedAt: createdAt, ttlMs: 60_000, pollIntervalMs: 50 };
}
