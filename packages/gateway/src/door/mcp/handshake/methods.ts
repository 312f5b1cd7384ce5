import {
  isJsonObject,
  RPC_ERRORS,
  type JsonDocument,
  type JsonObject,
  type JsonValue,
  type RequestId,
} from '@smcp/protocol';
import { LIST_KINDS, TOOLS, type ListKind } from '../../../catalog/index.ts';
import type { Caller, Gate, GateRequest } from '../../../gate/index.ts';
import { isLogLevel, LOG_LEVELS, UpstreamError, type Upstream } from '../../../upstream/index.ts';
import { actionKind, type View } from '../../../view/index.ts';
import type { Answer } from '../answer.ts';
import { ifCallPlan, planResource, type CallPlan } from '../call-plan.ts';
import { errorText, gateReplyText, resultText, unknownMethod } from '../rpc-reply.ts';
import { askingClient } from './asking-client.ts';
import type { McpSession } from './mcp-session.ts';
import { withoutTaskSupport } from './without-task-support.ts';

/** One request of a client in its session. */
export interface MethodContext {
  readonly gate: Gate;
  readonly view: View;
  readonly session: McpSession;
  readonly caller: Caller;
  /** What is recorded as the way in. */
  readonly door: string;
  readonly id: RequestId;
  readonly method: string;
  readonly params: JsonObject;
  readonly document: JsonDocument;
  readonly answer: Answer;
  readonly signal: AbortSignal;
  readonly showReasons: boolean;
  /** `WWW-Authenticate` for a call that lacks scopes. */
  readonly stepUp: (scopes: readonly string[]) => string;
}

export interface MethodAnswer {
  readonly text: string;
  readonly status: number;
}

type Handler = (context: MethodContext) => Promise<MethodAnswer> | MethodAnswer;

/** Every method a client may send after the handshake. Rejects only for a failure of our own. */
export async function answerMethod(context: MethodContext): Promise<MethodAnswer> {
  const { id, method, params } = context;
  const handler = HANDLERS.get(method);
  if (handler === undefined) {
    return unknown(id, method);
  }
  const fault = metaFault(params['_meta']);
  if (fault !== undefined) {
    return wrongParams(id, fault);
  }
  try {
    return await handler(context);
  } catch (error) {
    if (error instanceof UpstreamError) {
      return said(errorText(id, RPC_ERRORS.upstreamUnavailable, error.message));
    }
    throw error;
  }
}

const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['ping', ({ id }) => said(resultText(id, {}))],
  ...LIST_KINDS.map(
    (kind) => [kind.method, async (context: MethodContext) => await list(context, kind)] as const,
  ),
  ['tools/call', callServer],
  ['prompts/get', callServer],
  ['resources/read', callServer],
  ['completion/complete', callServer],
  ['resources/subscribe', async (context) => await follow(context, 'subscribe')],
  ['resources/unsubscribe', async (context) => await follow(context, 'unsubscribe')],
  ['logging/setLevel', setLevel],
]);

function metaFault(meta: JsonValue | undefined): string | undefined {
  if (meta === undefined) {
    return undefined;
  }
  if (!isJsonObject(meta)) {
    return 'Parameter "_meta" must be an object';
  }
  const token = meta['progressToken'];
  const isToken = token === undefined || typeof token === 'string' || Number.isSafeInteger(token);
  return isToken ? undefined : 'Parameter "_meta.progressToken" must be a string or an integer';
}

async function list(context: MethodContext, kind: ListKind): Promise<MethodAnswer> {
  const { id, params, view, caller, session } = context;
  if (params['cursor'] !== undefined) {
    return wrongParams(id, 'Unknown cursor: lists are given whole');
  }
  const { items } = await view.list(kind, caller);
  session.noteListed(kind);
  const shown = kind === TOOLS ? items.map(withoutTaskSupport) : items;
  return said(resultText(id, { [kind.field]: shown }));
}

async function setLevel({ id, params, session }: MethodContext): Promise<MethodAnswer> {
  const { level } = params;
  if (!isLogLevel(level)) {
    return wrongParams(id, `Parameter "level" must be one of ${LOG_LEVELS.join(', ')}`);
  }
  await session.setLogLevel(level);
  return said(resultText(id, {}));
}

async function callServer(context: MethodContext): Promise<MethodAnswer> {
  const found = await ifCallPlan(context.method, context);
  if (found === undefined) {
    return unknown(context.id, context.method);
  }
  return found.ok ? await send(context, found.plan) : wrongParams(context.id, found.fault);
}

async function follow(context: MethodContext, change: 'subscribe' | 'unsubscribe'): Promise<MethodAnswer> {
  const found = await planResource(context);
  if (!found.ok) {
    return wrongParams(context.id, found.fault);
  }
  const { target, publicName } = found.plan;
  const perform =
    target === undefined
      ? undefined
      : async (upstream: Upstream): Promise<void> => {
          await context.session.follow(upstream, change, target.name, publicName);
        };
  return await send(context, found.plan, perform);
}

/** Puts a call through the gate and writes down its reply. */
async function send(
  context: MethodContext,
  { kind, publicName, target, replace }: CallPlan,
  perform?: GateRequest['perform'],
): Promise<MethodAnswer> {
  const { gate, view, session, caller, answer, document, method, signal, id, showReasons } = context;
  const asked = { id, kind: actionKind(kind), name: publicName };
  answer.expectLong();
  const reply = await gate.call({
    caller,
    door: context.door,
    // A name that leads nowhere takes the same road, so that it is recorded.
    action: { kind: asked.kind, ...(target ?? { server: '', name: publicName }) },
    method,
    document,
    replace,
    signal,
    perform,
    client: askingClient(session, answer),
    labelQuestions: view.joinsServers,
    onRoute: (upstream) => {
      session.attach(upstream);
    },
    onNotification: answer.canNotify
      ? (notification, params) => {
          if (notification !== 'notifications/message' || session.wantsLog(params['level'])) {
            answer.notify(notification, params);
          }
        }
      : undefined,
  });
  const text = gateReplyText(asked, reply, showReasons);
  if (!reply.ok && reply.retryAfterMs !== undefined) {
    answer.setHeader('retry-after', String(Math.ceil(reply.retryAfterMs / 1000)));
  }
  if (!reply.ok && reply.code === 'INSUFFICIENT_SCOPE') {
    answer.setHeader('www-authenticate', context.stepUp(reply.scopes ?? []));
    return { text, status: 403 };
  }
  return said(text);
}

function unknown(id: RequestId, method: string): MethodAnswer {
  const { code, message } = unknownMethod(method);
  return said(errorText(id, code, message));
}

function said(text: string): MethodAnswer {
  return { text, status: 200 };
}

function wrongParams(id: RequestId, fault: string): MethodAnswer {
  return said(errorText(id, RPC_ERRORS.invalidParams, fault));
}
