import { RPC_ERRORS } from '@smcp/protocol';
import { LIST_KINDS, type ListKind } from '../../../catalog/index.ts';
import { unknownMethod } from '../rpc-reply.ts';
import { discover } from './discover.ts';
import { callServer } from './modern-call.ts';
import type { ModernContext } from './modern-context.ts';
import { errorAnswer, type ModernAnswer } from './modern-reply.ts';
import { askTask } from './tasks.ts';

export const LISTEN = 'subscriptions/listen';

type Handler = (context: ModernContext) => Promise<ModernAnswer>;

/** Whether a client may send this; `subscriptions/listen` is answered elsewhere, for it goes on. */
export function isModernMethod(method: string): boolean {
  return method === LISTEN || HANDLERS.has(method);
}

/** Answers one request of a client. Rejects when a server that has to be asked cannot be, and for a failure of our own. */
export async function answerModern(context: ModernContext): Promise<ModernAnswer> {
  const { id, method } = context;
  return (await HANDLERS.get(method)?.(context)) ?? errorAnswer(id, unknownMethod(method));
}

const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  [
    'server/discover',
    async ({ id, exchange: { view }, caller, results }) => await discover(id, { view, caller, results }),
  ],
  ...LIST_KINDS.map(
    (kind) => [kind.method, async (context: ModernContext) => await list(context, kind)] as const,
  ),
  ['tools/call', callServer],
  ['prompts/get', callServer],
  ['resources/read', callServer],
  ['completion/complete', callServer],
  ['tasks/get', askTask],
  ['tasks/update', askTask],
  ['tasks/cancel', askTask],
]);

async function list(context: ModernContext, kind: ListKind): Promise<ModernAnswer> {
  const { id, params, caller, results, exchange } = context;
  if (params['cursor'] !== undefined) {
    const message = 'Unknown cursor: lists are given whole';
    return errorAnswer(id, { code: RPC_ERRORS.invalidParams, message });
  }
  const { items, ttlMs } = await exchange.view.list(kind, caller);
  if (items.length === 0 && !(await isOffered(context, kind))) {
    return errorAnswer(id, unknownMethod(context.method));
  }
  const result = { [kind.field]: items, ttlMs: Math.floor(ttlMs), cacheScope: 'private' };
  return { text: results.own(id, result), status: 200 };
}

async function isOffered({ exchange: { view }, caller }: ModernContext, kind: ListKind): Promise<boolean> {
  const { capabilities } = await view.describe(caller);
  return capabilities[kind.capability] !== undefined;
}
