import { META, RPC_ERRORS } from '@smcp/protocol';
import { EventSink } from '../../../http/event-sink.ts';
import type { MayHear } from '../../hearing/attachments.ts';
import type { ModernContext } from '../modern-context.ts';
import { errorAnswer, type ModernAnswer } from '../modern-reply.ts';
import { followResources } from './follow-resources.ts';
import { FollowedTasks } from './followed-tasks.ts';
import { isEmptyFilter, readListenFilter, type ListenFilter } from './listen-filter.ts';
import { Listen } from './listen.ts';
import type { ListenStore } from './listen-store.ts';

export interface ListenDeps {
  readonly listens: ListenStore;
  readonly mayHear: MayHear;
  readonly keepAliveMs: number;
}

/**
 * Answers `subscriptions/listen`: with a stream that goes on until one side ends it, or with an error when there can be none. Settles once the client knows
 * what it will be told; undefined then.
 */
export async function runListen(
  context: ModernContext,
  { listens, mayHear, keepAliveMs }: ListenDeps,
): Promise<ModernAnswer | undefined> {
  const { id, params: asked, exchange, caller, answer } = context;
  const { response, principal, endpoint, view } = exchange;
  const read = readListenFilter(asked);
  if (!read.ok) {
    return errorAnswer(id, { code: RPC_ERRORS.invalidParams, message: read.fault });
  }
  if (!answer.canNotify) {
    const message = 'Accept must name text/event-stream';
    return errorAnswer(id, { code: RPC_ERRORS.invalidRequest, message }, 406);
  }
  const { capabilities } = await view.describe(caller);
  const place = listens.take(principal);
  if (place === undefined) {
    const message = 'Too many open subscriptions; end one or try later';
    return errorAnswer(id, { code: RPC_ERRORS.rateLimited, message });
  }
  if (response.destroyed) {
    place.leave();
    return undefined;
  }
  const tasks = new FollowedTasks(context);
  const sink = new EventSink(response, {}, keepAliveMs);
  const listen = new Listen(sink, {
    id,
    endpoint,
    principal,
    mayHear,
    onTask: (server, params) => {
      tasks.changed(server, params, listen);
    },
  });
  response.once('close', () => {
    place.leave();
    listen.end();
  });
  const finalText = context.results.own(id, {}, { [META.subscriptionId]: id });
  place.begin(listen, finalText);
  const honoured: ListenFilter = {
    lists: new Set([...read.filter.lists].filter((name) => capabilities[name] !== undefined)),
    resources: await followResources(context, listen, read.filter.resources),
    tasks: await tasks.follow(listen, read.filter.tasks),
  };
  listen.acknowledge(honoured);
  if (isEmptyFilter(honoured)) {
    // Nothing can ever be told.
    listen.end(finalText);
  }
  return undefined;
}
