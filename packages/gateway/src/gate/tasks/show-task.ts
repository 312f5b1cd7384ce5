import { isJsonObject, type JsonObject } from '@smcp/protocol';
import { ownRequest, type UpstreamReply } from '../../upstream/index.ts';
import { ownReply } from '../conversation/reply.ts';
import type { Exchange } from '../exchange.ts';
import type { Questions } from '../questions/questions.ts';

const UPDATE_TIMEOUT_MS = 30_000;

export interface ShownTask {
  readonly details: JsonObject;
  /** Ids of questions that nobody should be asked. */
  readonly declined: readonly string[];
}

/**
 * What a server says of a task, for the client: under the id that the client knows, and only with questions that it may be asked.
 *
 * @param clientId The id as the client was given it.
 */
export function showTask(details: JsonObject, clientId: string, questions: Questions): ShownTask {
  const named: JsonObject = details['taskId'] === undefined ? details : { ...details, taskId: clientId };
  const { inputRequests } = details;
  if (!isJsonObject(inputRequests)) {
    return { details: named, declined: [] };
  }
  const requests: [string, JsonObject][] = [];
  const declined: string[] = [];
  for (const [id, question] of Object.entries(inputRequests)) {
    const checked = questions.check(question);
    if (checked.ok) {
      questions.tally.count(checked.request.method, 'asked');
      requests.push([id, { ...checked.request }]);
    } else if (checked.why === 'decline') {
      declined.push(id);
    }
  }
  return { details: { ...named, inputRequests: Object.fromEntries(requests) }, declined };
}

/** The answer to a request about a task. Questions that nobody should be asked are declined on the spot. */
export function showTaskReply(exchange: Exchange, answer: UpstreamReply): UpstreamReply {
  const { message } = answer;
  const { task } = exchange.call.request;
  const clientId = exchange.call.params?.['taskId'];
  if ('error' in message || task === undefined || typeof clientId !== 'string') {
    return answer;
  }
  const { taskId, inputRequests } = message.result;
  if (taskId === undefined && inputRequests === undefined) {
    return answer;
  }
  const { details, declined } = showTask(message.result, clientId, exchange.questions);
  if (declined.length > 0) {
    const inputResponses = Object.fromEntries(declined.map((id) => [id, { action: 'decline' }]));
    exchange.tell(
      ownRequest('tasks/update', { taskId: task.id, inputResponses }, task.id),
      UPDATE_TIMEOUT_MS,
    );
  }
  return ownReply(details);
}
