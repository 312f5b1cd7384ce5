import {
  isJsonObject,
  type InputRequest,
  type JsonObject,
  type JsonValue,
  type RpcErrorBody,
} from '@smcp/protocol';
import type { Sealer } from '../../seal/index.ts';
import type { UpstreamReply } from '../../upstream/index.ts';
import type { Exchange } from '../exchange.ts';
import type { AddedParams } from '../outgoing-call.ts';
import { declaresTasks, lackingIn, withTasks } from '../questions/capabilities.ts';
import type { Outcome } from '../records.ts';
import { completeModernTask } from '../tasks/complete-modern-task.ts';
import { sealTask } from '../tasks/task-id.ts';
import { workerOf } from '../../worker/worker-ids.ts';
import { askAll } from './ask-all.ts';
import { readAsked, type AskedByServer } from './asked-by-server.ts';
import { sealState } from './call-state.ts';
import { ConversationError } from './conversation-error.ts';
import { inputRequired, ownReply } from './reply.ts';
import { ASKING_METHODS, isPlain, SERVER_ERRORS } from './result-kind.ts';

/** How often one call is sent before the gateway gives up on a server that goes on asking. */
export const MAX_ROUNDS = 8;

const FORBIDDEN = 'a server was refused what it needs: setting may_ask does not name it';

/** What a call ended with. */
export interface Ended {
  readonly answer: UpstreamReply;
  /** Set when the record is to say something else than the answer shows. */
  readonly outcome?: Outcome['outcome'];
}

type Step = { readonly ended: Ended } | { readonly again: AddedParams | undefined };

/**
 * Brings a call to an end whose first answer is not plain: passes questions on, or asks them and sends the call again, sees to tasks, and translates errors that
 * speak of our hop.
 *
 * @throws {ConversationError} When the client cannot be given the outcome.
 * @throws {UpstreamError} As sending does.
 */
export async function converse(exchange: Exchange, first: UpstreamReply, sealer: Sealer): Promise<Ended> {
  let answer = first;
  for (;;) {
    const step = await react(exchange, answer, sealer);
    if ('ended' in step) {
      return step.ended;
    }
    if (exchange.sent >= MAX_ROUNDS) {
      throw new ConversationError(
        'RESULT_INVALID',
        `Server "${exchange.server.name}" goes on asking without end`,
      );
    }
    answer = await exchange.send(step.again);
    if (isPlain(answer.message)) {
      return { answer };
    }
  }
}

async function react(exchange: Exchange, answer: UpstreamReply, sealer: Sealer): Promise<Step> {
  const { message } = answer;
  if ('error' in message) {
    return await reactToError(exchange, answer, message.error, sealer);
  }
  const { result } = message;
  const { method } = exchange.call.request;
  if (result['resultType'] === 'input_required' && ASKING_METHODS.has(method)) {
    return await reactToQuestions(exchange, result, sealer);
  }
  if (result['resultType'] === 'task' && method === 'tools/call') {
    return { ended: await endWithTask(exchange, result, sealer) };
  }
  throw new ConversationError(
    'RESULT_INVALID',
    `Server "${exchange.server.name}" gave a kind of result that was not asked for`,
  );
}

async function reactToError(
  exchange: Exchange,
  answer: UpstreamReply,
  error: RpcErrorBody,
  sealer: Sealer,
): Promise<Step> {
  const { name } = exchange.server;
  switch (error.code) {
    case SERVER_ERRORS.headerMismatch:
      // It was refused before it ran, most likely because the marks of the tool have changed.
      if (exchange.sent === 1 && (await exchange.refreshDefinition())) {
        return { again: exchange.added };
      }
      throw new ConversationError(
        'UNAVAILABLE',
        `Server "${name}" refuses the headers of the call; it did not run`,
        {
          outcome: 'rpc_error',
        },
      );
    case SERVER_ERRORS.missingClientCapability:
      return reactToMissing(exchange, error);
    case SERVER_ERRORS.urlElicitationRequired:
      return reactToPages(exchange, answer, error, sealer);
    default:
      return { ended: { answer } };
  }
}

function reactToMissing(exchange: Exchange, { data }: RpcErrorBody): Step {
  const { name } = exchange.server;
  const wanted = isJsonObject(data) ? data['requiredCapabilities'] : undefined;
  const required = isJsonObject(wanted) ? wanted : {};
  const { capabilities, declared } = exchange;
  const { method, client } = exchange.call.request;
  // A client of an era that knows tasks has to be told, so that it can declare them.
  const canSeeToTasks = method === 'tools/call' && client?.style !== 'retry';
  const lacksOnlyTasks =
    lackingIn(capabilities, required) !== undefined &&
    lackingIn(withTasks(capabilities), required) === undefined;
  if (canSeeToTasks && lacksOnlyTasks && !exchange.seesToTasks) {
    exchange.seeToTasks();
    return { again: exchange.added };
  }
  const lacking = lackingIn(canSeeToTasks ? withTasks(declared) : declared, required);
  if (lacking !== undefined) {
    throw new ConversationError(
      'CAPABILITY_MISSING',
      `Server "${name}" needs a capability that the client did not declare`,
      {
        required: lacking,
        outcome: 'rpc_error',
      },
    );
  }
  if (lackingIn(capabilities, required) !== undefined) {
    exchange.warn(FORBIDDEN, method);
  }
  throw new ConversationError(
    'RESULT_INVALID',
    `Server "${name}" asks for something that it may not ask for`,
    {
      outcome: 'rpc_error',
    },
  );
}

/** A handshake-era server wants pages visited first. A client that comes back by itself is asked in its own way; another gets the error, if all pages are good. */
function reactToPages(
  exchange: Exchange,
  answer: UpstreamReply,
  { data }: RpcErrorBody,
  sealer: Sealer,
): Step {
  const pages =
    isJsonObject(data) && Array.isArray(data['elicitations'])
      ? (data['elicitations'] as readonly JsonValue[])
      : [];
  const questions = pages.map((page, at): [string, JsonObject] => [
    `page${at + 1}`,
    { method: 'elicitation/create', params: { ...(isJsonObject(page) ? page : {}), mode: 'url' } },
  ]);
  const asked = readAsked(exchange, Object.fromEntries(questions));
  if (questions.length === 0 || Object.keys(asked.answered).length > 0) {
    throw new ConversationError(
      'RESULT_INVALID',
      `Server "${exchange.server.name}" sends its users to a page where they must not go`,
      { outcome: 'rpc_error' },
    );
  }
  return exchange.call.request.client?.style === 'retry'
    ? { ended: pass(exchange, asked, undefined, sealer) }
    : { ended: { answer } };
}

async function reactToQuestions(
  exchange: Exchange,
  { inputRequests, requestState }: JsonObject,
  sealer: Sealer,
): Promise<Step> {
  const isReadable =
    (requestState === undefined || typeof requestState === 'string') &&
    (inputRequests !== undefined || requestState !== undefined);
  if (!isReadable) {
    throw new ConversationError(
      'RESULT_INVALID',
      `Server "${exchange.server.name}" asks in a form that MCP does not know`,
    );
  }
  const asked = readAsked(exchange, inputRequests);
  const nobodyIsAsked = Object.keys(asked.requests).length === 0;
  const isAnswered = Object.keys(asked.answered).length > 0;
  const { client } = exchange.call.request;
  if (client?.style === 'retry' && !(nobodyIsAsked && isAnswered)) {
    return { ended: pass(exchange, asked, requestState, sealer) };
  }
  const answers = await askAll(exchange, asked.requests);
  return { again: retryMembers({ ...asked.answered, ...answers }, requestState) };
}

/** Gives the questions to a client that comes back with the answers. */
function pass(
  exchange: Exchange,
  { requests, methods, answered }: AskedByServer,
  state: string | undefined,
  sealer: Sealer,
): Ended {
  const { call } = exchange;
  for (const { method } of Object.values(requests)) {
    exchange.questions.tally.count(method, 'asked');
  }
  try {
    const sealed = sealState(
      sealer,
      call,
      {
        kind: 'upstream',
        asked: methods,
        ...(state === undefined ? {} : { state }),
        ...(Object.keys(answered).length === 0 ? {} : { answered }),
        ...(call.usedApproval === undefined ? {} : { approval: call.usedApproval }),
      },
      exchange.askTimeoutMs,
    );
    return { answer: inputRequired(toJson(requests), sealed), outcome: 'input_required' };
  } catch (cause) {
    if (!(cause instanceof RangeError)) {
      throw cause;
    }
    throw new ConversationError(
      'RESULT_INVALID',
      `Server "${exchange.server.name}" wants too much kept for it`,
      { cause },
    );
  }
}

/** What a call carries when it is sent again with answers. */
export function retryMembers(
  responses: Readonly<Record<string, JsonObject>>,
  state: string | undefined,
): AddedParams {
  const members = new Map([['inputResponses', JSON.stringify(responses)]]);
  if (state !== undefined) {
    members.set('requestState', JSON.stringify(state));
  }
  return { era: 'modern', members };
}

async function endWithTask(exchange: Exchange, created: JsonObject, sealer: Sealer): Promise<Ended> {
  if (declaresTasks(exchange.declared)) {
    const { id, owner, request } = exchange.call;
    const made = { ...request.action, task: created['taskId'], worker: workerOf(id) };
    const taskId = sealTask(sealer, owner, made);
    return { answer: ownReply({ ...created, taskId }) };
  }
  if (exchange.seesToTasks) {
    return { answer: await completeModernTask(exchange, created) };
  }
  throw new ConversationError(
    'RESULT_INVALID',
    `Server "${exchange.server.name}" gave a kind of result that was not asked for`,
  );
}

function toJson(requests: Readonly<Record<string, InputRequest>>): JsonObject {
  return Object.fromEntries(Object.entries(requests).map(([id, request]) => [id, { ...request }]));
}
