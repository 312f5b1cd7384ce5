import { isJsonObject, type JsonObject } from '@smcp/protocol';
import type { UpstreamReply } from '../../upstream/index.ts';
import type { Exchange } from '../exchange.ts';
import type { AddedParams } from '../outgoing-call.ts';
import { TaskWatch } from './task-watch.ts';

const AS_TASK: AddedParams = { era: 'handshake', members: new Map([['task', '{}']]) };

/** Whether a tool of MCP 2025-11-25 runs as a task and in no other way. */
export function runsOnlyAsTask(definition: JsonObject | undefined): boolean {
  const execution = definition?.['execution'];
  return isJsonObject(execution) && execution['taskSupport'] === 'required';
}

/**
 * Calls such a tool as a task and gives what it ends with, so that clients need not know of tasks. What it asks in the meantime comes as any question of a
 * handshake-era server does, while its result is waited for.
 */
export async function completeHandshakeTask(exchange: Exchange): Promise<UpstreamReply> {
  const created = await exchange.send(AS_TASK);
  const { message } = created;
  const made = 'error' in message ? undefined : message.result['task'];
  if (!isJsonObject(made)) {
    // It refused, or did not need a task after all.
    return created;
  }
  const watch = new TaskWatch(exchange, made['taskId']);
  return await watch.orCancel(async () => {
    let task = made;
    // A result is waited for on the server's side; asking before it is there, or something is asked, would keep a connection busy.
    while (task['status'] === 'working') {
      task = await watch.poll(task['pollInterval']);
    }
    return await watch.send('tasks/result', {}, watch.restMs);
  });
}
