import { isJsonObject, type JsonObject } from '@smcp/protocol';
import type { UpstreamReply } from '../../upstream/index.ts';
import { askAll } from '../conversation/ask-all.ts';
import { readAsked } from '../conversation/asked-by-server.ts';
import { ConversationError } from '../conversation/conversation-error.ts';
import { ownError, ownReply } from '../conversation/reply.ts';
import type { Exchange } from '../exchange.ts';
import { TaskWatch } from './task-watch.ts';

const UPDATE_TIMEOUT_MS = 30_000;

/**
 * Sees to a task of the tasks extension for a client that does not know it: asks until it has ended, puts its questions to the client, and gives what the call
 * would have given without a task.
 *
 * @throws {ConversationError} When it was cancelled, or cannot be brought to an end.
 */
export async function completeModernTask(exchange: Exchange, created: JsonObject): Promise<UpstreamReply> {
  const watch = new TaskWatch(exchange, created['taskId']);
  return await watch.orCancel(async () => {
    const answered = new Set<string>();
    let task = created;
    for (;;) {
      const ended = endOf(exchange, task);
      if (ended !== undefined) {
        return ended;
      }
      if (task['status'] === 'input_required') {
        await answerQuestions(exchange, watch, task, answered);
      }
      task = await watch.poll(task['pollIntervalMs']);
    }
  });
}

function endOf(exchange: Exchange, { status, result, error }: JsonObject): UpstreamReply | undefined {
  const { name } = exchange.server;
  if (status === 'completed' && isJsonObject(result)) {
    return ownReply(result['resultType'] === undefined ? { ...result, resultType: 'complete' } : result);
  }
  if (status === 'failed') {
    const { code, message } = isJsonObject(error) ? error : {};
    return ownError({
      code: typeof code === 'number' && Number.isSafeInteger(code) ? code : -32603,
      message: typeof message === 'string' ? message : `The task of server "${name}" failed`,
    });
  }
  if (status === 'cancelled') {
    throw new ConversationError('CANCELLED', `Server "${name}" has cancelled the task of the call`, {
      outcome: 'cancelled',
    });
  }
  if (status === 'working' || status === 'input_required') {
    return undefined;
  }
  throw new ConversationError('RESULT_INVALID', `Server "${name}" gave a task in a form that is not known`);
}

/** @param answered Ids of questions that were answered before; a server may still show them. */
async function answerQuestions(
  exchange: Exchange,
  watch: TaskWatch,
  { inputRequests }: JsonObject,
  answered: Set<string>,
): Promise<void> {
  const fresh = Object.entries(isJsonObject(inputRequests) ? inputRequests : {}).filter(
    ([id]) => !answered.has(id),
  );
  if (fresh.length === 0) {
    return;
  }
  const asked = readAsked(exchange, Object.fromEntries(fresh));
  const answers = await askAll(exchange, asked.requests);
  for (const [id] of fresh) {
    answered.add(id);
  }
  await watch.send('tasks/update', { inputResponses: { ...asked.answered, ...answers } }, UPDATE_TIMEOUT_MS);
}
