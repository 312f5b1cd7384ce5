import { RPC_ERRORS, type JsonObject, type RpcResponse } from '@smcp/protocol';
import type { Channel } from '../channel.ts';
import type { Link, LinkEvents, RequestOptions, UpstreamReply } from '../link.ts';
import type { OutgoingRequest } from '../outgoing-request.ts';
import type { ServerDescription } from '../server-description.ts';
import { UpstreamError } from '../upstream-error.ts';
import { hopMeta, type ClientInfo } from './hop-meta.ts';
import { announcedLists, ifSubscriptionId, mayFollowResources, mayFollowTasks } from './listen-filter.ts';
import { Listening } from './listening.ts';

export interface ModernLinkOptions {
  readonly description: ServerDescription;
  readonly clientInfo: ClientInfo;
  readonly events: LinkEvents;
}

/**
 * A server of MCP 2026-07-28: every request says what it needs, and what the server tells of its own accord comes by `subscriptions/listen`. Nobody
 * is asked anything here; a server that needs an answer says so in its result.
 */
export class ModernLink implements Link {
  readonly description: ServerDescription;
  readonly #channel: Channel;
  readonly #clientInfo: ClientInfo;
  readonly #ownHop: JsonObject;
  readonly #events: LinkEvents;
  readonly #listening: Listening;
  #inFlight = 0;

  constructor(channel: Channel, { description, clientInfo, events }: ModernLinkOptions) {
    this.description = description;
    this.#channel = channel;
    this.#clientInfo = clientInfo;
    this.#ownHop = hopMeta(description.protocolVersion, clientInfo, undefined);
    this.#events = events;
    this.#listening = new Listening({
      channel,
      hop: this.#ownHop,
      lists: announcedLists(description.capabilities),
      notification: (method, params) => {
        events.notification(method, params);
      },
    });
    channel.transport.ready(description.protocolVersion);
    channel.attach({
      notification: (method, params, relatedId) => {
        this.#onNotification(method, params, relatedId);
      },
      // This era has no such requests, and no way to answer one.
      request: () => undefined,
      close: (error) => {
        this.#listening[Symbol.dispose]();
        events.close(error);
      },
    });
    this.#listening.begin();
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get closed(): boolean {
    return this.#channel.closed !== undefined;
  }

  get pid(): number | undefined {
    return this.#channel.transport.pid;
  }

  diagnosis(): string {
    return this.#channel.transport.diagnosis();
  }

  async request(request: OutgoingRequest, options: RequestOptions): Promise<UpstreamReply> {
    const { client } = options;
    const hop =
      client === undefined
        ? this.#ownHop
        : hopMeta(this.description.protocolVersion, this.#clientInfo, client);
    this.#inFlight += 1;
    try {
      const reply = await this.#channel.request(request, hop, options);
      if (isOfOtherVersion(reply.message)) {
        throw new UpstreamError(
          'UPSTREAM_SESSION_LOST',
          `Server "${this.#channel.name}" no longer speaks version ${this.description.protocolVersion}`,
        );
      }
      return reply;
    } finally {
      this.#inFlight -= 1;
    }
  }

  // The level travels with each call.
  async setLogLevel(): Promise<void> {}

  async subscribe(uri: string): Promise<void> {
    if (!mayFollowResources(this.description.capabilities)) {
      throw this.#refusal('does not tell of changes of resources');
    }
    await this.#listening.follow('uris', uri);
  }

  async unsubscribe(uri: string): Promise<void> {
    this.#listening.unfollow('uris', uri);
  }

  async followTask(taskId: string): Promise<void> {
    if (!mayFollowTasks(this.description.capabilities)) {
      throw this.#refusal('has no tasks');
    }
    await this.#listening.follow('taskIds', taskId);
  }

  async unfollowTask(taskId: string): Promise<void> {
    this.#listening.unfollow('taskIds', taskId);
  }

  // This era has no such notification.
  rootsChanged(): void {}

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listening[Symbol.dispose]();
    await this.#channel[Symbol.asyncDispose]();
  }

  #onNotification(method: string, params: JsonObject, relatedId: number | undefined): void {
    const id = ifSubscriptionId(params);
    if (id === undefined) {
      this.#events.notification(method, params);
    } else if (relatedId === undefined || relatedId === id) {
      this.#listening.hear(id, method, params);
    }
  }

  #refusal(why: string): UpstreamError {
    return new UpstreamError('UPSTREAM_REFUSED', `Server "${this.#channel.name}" ${why}`);
  }
}

function isOfOtherVersion(message: RpcResponse): boolean {
  return 'error' in message && message.error.code === RPC_ERRORS.unsupportedVersion;
}
