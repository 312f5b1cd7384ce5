import { HANDSHAKE_VERSIONS, type JsonObject } from '@smcp/protocol';
import type { Channel } from '../channel.ts';
import type { Link, LinkEvents, RequestOptions, UpstreamReply } from '../link.ts';
import { ownRequest, type OutgoingRequest } from '../outgoing-request.ts';

import { quoted } from '../quoted.ts';
import { readDescription, type ServerDescription } from '../server-description.ts';
import { UpstreamError } from '../upstream-error.ts';
import type { MayAsk } from '../upstream-spec.ts';
import type { LogLevel } from '../upstream.ts';
import { clientCapabilities } from './client-capabilities.ts';
import { Elicitations } from './elicitations.ts';
import { Questions } from './questions.ts';

const EMPTY: JsonObject = Object.freeze({});
const SETTING: RequestOptions = { timeoutMs: 10_000, maxBytes: 1024 * 1024 };

export interface HandshakeLinkOptions {
  readonly clientInfo: { readonly name: string; readonly version: string };
  readonly mayAsk: readonly MayAsk[];
  readonly events: LinkEvents;
}

/**
 * A session with a server of MCP 2025-11-25 or older: one handshake, what the server asks of the clients behind calls, and what it tells of its own
 * accord.
 */
export class HandshakeLink implements Link {
  readonly #channel: Channel;
  readonly #options: HandshakeLinkOptions;
  readonly #elicitations = new Elicitations();
  readonly #questions: Questions;
  /** Askers whose calls went this way; two are enough to know that there were several. */
  readonly #askers = new Set<string>();
  #description: ServerDescription | undefined;

  constructor(channel: Channel, options: HandshakeLinkOptions) {
    const { events, mayAsk } = options;
    this.#channel = channel;
    this.#options = options;
    this.#questions = new Questions({
      channel,
      mayAsk,
      elicitations: this.#elicitations,
      onAmbiguous: () => {
        events.warning(
          `Server "${channel.name}" asked something while calls of several clients were under way; set scope: session`,
        );
      },
    });
    channel.attach({
      notification: (method, params) => {
        this.#onNotification(method, params);
      },
      request: (request, relatedId) => {
        this.#questions.hear(request, relatedId);
      },
      close: (error) => {
        events.close(error);
      },
    });
  }

  get description(): ServerDescription {
    if (this.#description === undefined) {
      throw new UpstreamError(
        'UPSTREAM_UNAVAILABLE',
        `Server "${this.#channel.name}" has not finished its handshake`,
      );
    }
    return this.#description;
  }

  get inFlight(): number {
    return this.#channel.inFlight;
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

  /** Shakes hands on a channel that is open. To be called once, before anything else. */
  async shakeHands(limits: RequestOptions): Promise<void> {
    const { clientInfo, mayAsk } = this.#options;
    const params = {
      protocolVersion: HANDSHAKE_VERSIONS[0],
      capabilities: clientCapabilities(mayAsk),
      clientInfo: { ...clientInfo },
    };
    const { message } = await this.#channel.request(ownRequest('initialize', params), EMPTY, limits);
    if ('error' in message) {
      throw new UpstreamError(
        'UPSTREAM_UNAVAILABLE',
        `Server "${this.#channel.name}" refused the handshake: ${quoted(message.error.message)}`,
        { rpcCode: message.error.code },
      );
    }
    this.#description = readDescription(this.#channel.name, message.result);
    this.#channel.transport.ready(this.#description.protocolVersion);
    await this.#channel.notify('notifications/initialized');
    if (this.#channel.closed !== undefined) {
      throw this.#channel.closed;
    }
    this.#channel.transport.listen();
  }

  async request(request: OutgoingRequest, options: RequestOptions): Promise<UpstreamReply> {
    const { client } = options;
    if (client === undefined) {
      return await this.#channel.request(request, EMPTY, options);
    }
    if (this.#askers.size < 2) {
      this.#askers.add(client.asker);
    }
    const reply = await this.#channel.request(request, EMPTY, options);
    if ('error' in reply.message) {
      this.#elicitations.rememberAll(reply.message.error, client.asker);
    }
    return reply;
  }

  async setLogLevel(level: LogLevel): Promise<void> {
    if (this.description.capabilities['logging'] !== undefined) {
      await this.#set('logging/setLevel', { level });
    }
  }

  async subscribe(uri: string): Promise<void> {
    await this.#set('resources/subscribe', { uri });
  }

  async unsubscribe(uri: string): Promise<void> {
    await this.#set('resources/unsubscribe', { uri });
  }

  async followTask(): Promise<void> {
    throw new UpstreamError('UPSTREAM_REFUSED', `Server "${this.#channel.name}" has no tasks to follow`);
  }

  async unfollowTask(): Promise<void> {}

  rootsChanged(asker: string): void {
    if (this.#options.mayAsk.includes('roots') && this.#askers.size === 1 && this.#askers.has(asker)) {
      // The server may be gone already, and then has no use for it.
      this.#channel.notify('notifications/roots/list_changed').catch(() => undefined);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#channel[Symbol.asyncDispose]();
  }

  #onNotification(method: string, params: JsonObject): void {
    const { events } = this.#options;
    if (method === 'notifications/cancelled') {
      const id = params['requestId'];
      if (typeof id === 'string' || typeof id === 'number') {
        this.#questions.withdraw(id);
      }
    } else if (method === 'notifications/elicitation/complete') {
      const told = this.#elicitations.ifConcerned(params);
      if (told?.to === 'call') {
        told.call.options.onNotification?.(method, params);
      } else if (told?.to === 'asker') {
        events.notification(method, params, told.asker);
      }
    } else {
      events.notification(method, params);
    }
  }

  async #set(method: string, params: JsonObject): Promise<void> {
    const { message } = await this.#channel.request(ownRequest(method, params), EMPTY, SETTING);
    if ('error' in message) {
      throw new UpstreamError(
        'UPSTREAM_REFUSED',
        `Server "${this.#channel.name}" refused ${method}: ${quoted(message.error.message)}`,
        { rpcCode: message.error.code },
      );
    }
  }
}
