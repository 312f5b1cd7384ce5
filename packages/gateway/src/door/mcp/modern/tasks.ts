import { isJsonObject, RPC_ERRORS, TASKS_EXTENSION, type JsonObject } from '@smcp/protocol';
import { clientOf, throughGate } from './modern-call.ts';
import type { ModernContext } from './modern-context.ts';
import { errorAnswer, modernReply, type ModernAnswer } from './modern-reply.ts';
import { ifResponses } from './resume.ts';

const MAX_TASK_ID_LENGTH = 8192;

/** Whether a client with these capabilities knows tasks. */
export function knowsTasks({ extensions }: JsonObject): boolean {
  return isJsonObject(extensions) && isJsonObject(extensions[TASKS_EXTENSION]);
}

export function isTaskId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_TASK_ID_LENGTH;
}

/** Answers `tasks/get`, `tasks/update` and `tasks/cancel`. A task of somebody else is answered like none. */
export async function askTask(context: ModernContext): Promise<ModernAnswer> {
  const { id, method, params, gate, caller, envelope, results, showReasons, stepUp } = context;
  if (!knowsTasks(envelope.capabilities)) {
    return errorAnswer(id, {
      code: RPC_ERRORS.missingClientCapability,
      message: `The client did not declare the extension ${TASKS_EXTENSION}`,
      data: { requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } } },
    });
  }
  const { taskId, inputResponses } = params;
  if (!isTaskId(taskId)) {
    return wrong(context, `Parameter "taskId" must be a string of 1 to ${MAX_TASK_ID_LENGTH} characters`);
  }
  if (method === 'tasks/update' && ifResponses(inputResponses) === undefined) {
    return wrong(context, 'Parameter "inputResponses" must be an object of objects');
  }
  const route = gate.openTask(taskId, caller.principal);
  if (route === undefined) {
    return wrong(context, 'Unknown task');
  }
  const reply = await throughGate(context, {
    action: { kind: 'tool', server: route.server, name: route.name },
    task: { id: route.task },
    client: clientOf(context),
  });
  if (!reply.ok && (reply.code === 'UNKNOWN' || reply.code === 'DENIED') && !showReasons) {
    return wrong(context, 'Unknown task');
  }
  const asked = { id, kind: 'tool', name: route.name } as const;
  return modernReply(asked, reply, { showReasons, results, cacheable: false, stepUp });
}

function wrong({ id }: ModernContext, message: string): ModernAnswer {
  return errorAnswer(id, { code: RPC_ERRORS.invalidParams, message });
}
