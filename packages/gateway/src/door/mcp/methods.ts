import {
  isJsonObject,
  RPC_ERRORS,
  type JsonDocument,
  type JsonObject,
  type JsonValue,
  type RequestId,
} from '@smcp/protocol';
import { PROMPTS, RESOURCES, TEMPLATES, TOOLS, type ListKind } from '../../catalog/index.ts';
import type { Caller, Gate, GateRequest } from '../../gate/index.ts';
import { isLogLevel, LOG_LEVELS, UpstreamError } from '../../upstream/index.ts';
import { actionKind, type Target, type View } from '../../view/index.ts';
import type { Answer } from './answer.ts';
import type { McpSession } from './mcp-session.ts';
import { errorText, gateReplyText, resultText } from './rpc-reply.ts';

/** One request of a client in its session. */
export interface MethodContext {
  readonly gate: Gate;
  readonly view: View;
  readonly session: McpSession;
  readonly caller: Caller;
  readonly id: RequestId;
  readonly method: string;
  readonly params: JsonObject;
  readonly document: JsonDocument;
  readonly answer: Answer;
  readonly signal: AbortSignal;
  readonly showReasons: boolean;
}

type Handler = (context: MethodContext) => Promise<string> | string;

// What a caller asks for is recorded whole, so it must fit into a record.
const MAX_NAME_LENGTH = 1024;
const MAX_URI_LENGTH = 8192;
const MAX_SHOWN = 128;

/** Every method a client may send after the handshake. Gives the answer as JSON text; never rejects. */
export async function answerMethod(context: MethodContext): Promise<string> {
  const handler = HANDLERS.get(context.method);
  if (handler === undefined) {
    return errorText(
      context.id,
      RPC_ERRORS.methodNotFound,
      `Method not found: ${JSON.stringify(context.method.slice(0, MAX_SHOWN)).slice(1, -1)}`,
    );
  }
  const fault = metaFault(context.params['_meta']);
  if (fault !== undefined) {
    return errorText(context.id, RPC_ERRORS.invalidParams, fault);
  }
  try {
    return await handler(context);
  } catch (error) {
    if (error instanceof UpstreamError) {
      return errorText(context.id, RPC_ERRORS.upstreamUnavailable, error.message);
    }
    throw error;
  }
}

const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['ping', ({ id }) => resultText(id, {})],
  ['tools/list', async (context) => await list(context, TOOLS)],
  ['prompts/list', async (context) => await list(context, PROMPTS)],
  ['resources/list', async (context) => await list(context, RESOURCES)],
  ['resources/templates/list', async (context) => await list(context, TEMPLATES)],
  ['tools/call', async (context) => await named(context, TOOLS)],
  ['prompts/get', async (context) => await named(context, PROMPTS)],
  ['resources/read', async (context) => await readResource(context)],
  ['resources/subscribe', async (context) => await readResource(context, 'subscribe')],
  ['resources/unsubscribe', async (context) => await readResource(context, 'unsubscribe')],
  ['completion/complete', async (context) => await complete(context)],
  ['logging/setLevel', async (context) => await setLevel(context)],
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

async function list(context: MethodContext, kind: ListKind): Promise<string> {
  const { id, params, view, caller } = context;
  if (params['cursor'] !== undefined) {
    return errorText(id, RPC_ERRORS.invalidParams, 'Unknown cursor: lists are given whole');
  }
  return resultText(id, { [kind.field]: await view.list(kind, caller) });
}

async function named(context: MethodContext, kind: ListKind): Promise<string> {
  const { id, params, view, caller } = context;
  const { name } = params;
  if (typeof name !== 'string' || name === '') {
    return errorText(id, RPC_ERRORS.invalidParams, 'Parameter "name" must be a non-empty string');
  }
  if (params['arguments'] !== undefined && !isJsonObject(params['arguments'])) {
    return errorText(id, RPC_ERRORS.invalidParams, 'Parameter "arguments" must be an object');
  }
  const target = await view.resolve(kind, name, caller);
  const renamed = target !== undefined && target.name !== name;
  return await send(context, kind, name, target, {
    replace: renamed ? new Map([['name', JSON.stringify(target.name)]]) : undefined,
  });
}

async function readResource(context: MethodContext, change?: 'subscribe' | 'unsubscribe'): Promise<string> {
  const { id, params, view, caller, session } = context;
  const { uri } = params;
  if (typeof uri !== 'string' || uri === '') {
    return errorText(id, RPC_ERRORS.invalidParams, 'Parameter "uri" must be a non-empty string');
  }
  const target = await view.resolve(RESOURCES, uri, caller);
  return await send(context, RESOURCES, uri, target, {
    replace:
      target === undefined || target.name === uri
        ? undefined
        : new Map([['uri', JSON.stringify(target.name)]]),
    perform:
      change === undefined || target === undefined
        ? undefined
        : async (upstream) => await session.follow(upstream, change, target.name, uri),
  });
}

async function complete(context: MethodContext): Promise<string> {
  const { id, params, view, caller } = context;
  const ref = isJsonObject(params['ref']) ? params['ref'] : {};
  const isPrompt = ref['type'] === 'ref/prompt';
  const key = isPrompt ? 'name' : 'uri';
  const asked = ref[key];
  if ((!isPrompt && ref['type'] !== 'ref/resource') || typeof asked !== 'string') {
    return errorText(id, RPC_ERRORS.invalidParams, 'Parameter "ref" must name a prompt or a resource');
  }
  const kind = isPrompt ? PROMPTS : TEMPLATES;
  const target = await view.resolve(kind, asked, caller);
  const renamed = target !== undefined && target.name !== asked;
  return await send(context, kind, asked, target, {
    replace: renamed ? new Map([['ref', JSON.stringify({ ...ref, [key]: target.name })]]) : undefined,
  });
}

async function setLevel({ id, params, session }: MethodContext): Promise<string> {
  const { level } = params;
  if (!isLogLevel(level)) {
    return errorText(
      id,
      RPC_ERRORS.invalidParams,
      `Parameter "level" must be one of ${LOG_LEVELS.join(', ')}`,
    );
  }
  await session.setLogLevel(level);
  return resultText(id, {});
}

/** Puts a call through the gate and writes down its reply; `publicName` is what the caller called it. */
async function send(
  context: MethodContext,
  kind: ListKind,
  publicName: string,
  target: Target | undefined,
  extra: Pick<GateRequest, 'replace' | 'perform'>,
): Promise<string> {
  const { gate, session, caller, answer, document, method, signal, id, showReasons } = context;
  const asked = { id, kind: actionKind(kind), name: publicName };
  const maxLength = asked.kind === 'resource' ? MAX_URI_LENGTH : MAX_NAME_LENGTH;
  if (publicName.length > maxLength) {
    const what = asked.kind === 'resource' ? 'address of a resource' : `name of a ${asked.kind}`;
    return errorText(id, RPC_ERRORS.invalidParams, `The ${what} has more than ${maxLength} characters`);
  }
  answer.expectLong();
  const reply = await gate.call({
    caller,
    door: 'mcp',
    // A name that leads nowhere takes the same road, so that it is recorded.
    action: { kind: asked.kind, ...(target ?? { server: '', name: publicName }) },
    method,
    document,
    signal,
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
    ...extra,
  });
  if (!reply.ok && reply.retryAfterMs !== undefined) {
    answer.setHeader('retry-after', String(Math.ceil(reply.retryAfterMs / 1000)));
  }
  return gateReplyText(asked, reply, showReasons);
}
