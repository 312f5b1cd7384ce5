import type { ToolTaskHandler } from '@modelcontextprotocol/sdk/experimental/tasks';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { text } from '../texts.ts';

const handler: ToolTaskHandler = {
  createTask: async ({ taskStore }) => {
    const task = await taskStore.createTask({ ttl: 60_000, pollInterval: 50 });
    setTimeout(() => void taskStore.storeTaskResult(task.taskId, 'completed', text('ran')), 100);
    return { task };
  },
  getTask: async ({ taskId, taskStore }) => await taskStore.getTask(taskId),
  getTaskResult: async ({ taskId, taskStore }) =>
    CallToolResultSchema.parse(await taskStore.getTaskResult(taskId)),
};

/** A tool that may run as a task of 2025-11-25, and one that only runs so. */
export function addTaskTools(server: McpServer): void {
  const { tasks } = server.experimental;
  tasks.registerToolTask('may_be_task', { execution: { taskSupport: 'optional' } }, handler);
  tasks.registerToolTask('only_as_task', { execution: { taskSupport: 'required' } }, handler);
}
