import { isJsonObject, META, type JsonObject, type RequestId } from '@smcp/protocol';
import type { Principal } from '@smcp/policy';
import type { ListKind } from '../../../../catalog/index.ts';
import type { EventSink } from '../../../http/event-sink.ts';
import { Attachments, type MayHear } from '../../hearing/attachments.ts';
import type { Hearer } from '../../hearing/hearer.ts';
import { filterText, type ListenFilter } from './listen-filter.ts';

/** What may wait until the client knows what it will be told. */
const MAX_EARLY = 1000;

export interface ListenOptions {
  /** Id of the request, which is also that of the subscription. */
  readonly id: RequestId;
  readonly endpoint: string;
  readonly principal: Principal;
  readonly mayHear: MayHear;
  /** Told what a server says of a task, as it says it. */
  readonly onTask: (server: string, params: JsonObject) => void;
}

const RESOURCE_UPDATED = 'notifications/resources/updated';
const TASK_CHANGED = 'notifications/tasks';

/**
 * One `subscriptions/listen` on its stream, from its request to its end. Says first what will be told, then nothing but that, each with the id of the
 * request.
 */
export class Listen implements Hearer {
  readonly endpoint: string;
  readonly principalNow: Principal;
  readonly attachments: Attachments;
  readonly #id: RequestId;
  readonly #sink: EventSink;
  #honoured: ListenFilter | undefined;
  #early: string[] = [];
  /** Messages of changed lists by capability; which of them count is not known yet. */
  readonly #earlyChanges = new Map<string, string>();
  #ended = false;

  constructor(sink: EventSink, { id, endpoint, principal, mayHear, onTask }: ListenOptions) {
    this.#id = id;
    this.#sink = sink;
    this.endpoint = endpoint;
    this.principalNow = principal;
    this.attachments = new Attachments({
      principal: () => principal,
      mayHear,
      hear: (method, params, server) => {
        if (method === RESOURCE_UPDATED) {
          this.tell(method, params);
        } else if (method === TASK_CHANGED) {
          onTask(server, params);
        }
      },
    });
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Who wants to hear of changes of a list has it, presumably; with which request it came is not known. */
  hasListed({ capability }: Pick<ListKind, 'capability'>): boolean {
    return this.#honoured?.lists.has(capability) !== false;
  }

  tellListChanged({ capability, changed }: Pick<ListKind, 'capability' | 'changed'>): void {
    if (this.#honoured === undefined) {
      this.#earlyChanges.set(capability, changed);
    } else if (this.#honoured.lists.has(capability)) {
      this.tell(changed, {});
    }
  }

  /** Says what will be told, and what has happened since it could be. */
  acknowledge(honoured: ListenFilter): void {
    this.#honoured = honoured;
    this.#send('notifications/subscriptions/acknowledged', { notifications: filterText(honoured) });
    for (const text of this.#early) {
      this.#sink.send(text);
    }
    for (const [capability, changed] of this.#earlyChanges) {
      this.tellListChanged({ capability, changed });
    }
    this.#early = [];
    this.#earlyChanges.clear();
  }

  tell(method: string, params: JsonObject): void {
    if (this.#honoured !== undefined) {
      this.#send(method, params);
    } else if (this.#early.length < MAX_EARLY) {
      this.#early.push(this.#text(method, params));
    }
  }

  /** @param result Final words, unless the client is gone. */
  end(result?: string): void {
    if (!this.#ended) {
      this.#ended = true;
      this.attachments.end();
      if (result !== undefined) {
        this.#sink.send(result);
      }
      this.#sink.end();
    }
  }

  #send(method: string, params: JsonObject): void {
    if (!this.#ended) {
      this.#sink.send(this.#text(method, params));
    }
  }

  #text(method: string, params: JsonObject): string {
    const { _meta: given } = params;
    const meta = { ...(isJsonObject(given) ? given : {}), [META.subscriptionId]: this.#id };
    return JSON.stringify({ jsonrpc: '2.0', method, params: { ...params, _meta: meta } });
  }
}
