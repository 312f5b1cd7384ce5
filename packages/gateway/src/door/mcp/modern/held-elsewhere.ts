import { isJsonObject, type JsonObject } from '@smcp/protocol';
import type { Principal } from '@smcp/policy';
import type { Gate } from '../../../gate/index.ts';
import type { HandOver } from '../../../worker/hand-over/hand-over.ts';
import { isTaskId } from './tasks.ts';

/**
 * The other worker without which a request cannot be answered: it has the call open to which the client comes back, or it has reached the server in which the task
 * lives. Undefined when this process will do. A stream that follows several tasks goes to the worker of the first.
 */
export function heldElsewhere(
  gate: Pick<Gate, 'heldBy' | 'openTask'>,
  handOver: Pick<HandOver, 'ownerOf' | 'isOther'>,
  principal: Principal,
  { requestState, taskId, notifications }: JsonObject,
): number | undefined {
  const call = typeof requestState === 'string' ? gate.heldBy(requestState, principal) : undefined;
  if (call !== undefined) {
    return handOver.ownerOf(call);
  }
  const task = isTaskId(taskId) ? taskId : firstFollowed(notifications);
  const worker = task === undefined ? undefined : gate.openTask(task, principal)?.worker;
  return worker !== undefined && handOver.isOther(worker) ? worker : undefined;
}

function firstFollowed(notifications: unknown): string | undefined {
  const taskIds = isJsonObject(notifications) ? notifications['taskIds'] : undefined;
  const [first] = Array.isArray(taskIds) ? (taskIds as readonly unknown[]) : [];
  return isTaskId(first) ? first : undefined;
}
