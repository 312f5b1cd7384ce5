import type { Principal } from '@smcp/policy';
import type { JsonObject } from '@smcp/protocol';
import { UpstreamError, type Upstream } from '../../../upstream/index.ts';
import { identityOf } from './identity-of.ts';
import { PublicListener } from './public-listener.ts';

/** Upstreams that one client listens to: a caller may change its own credential with every call, and each is an upstream of its own. */
const MAX_ATTACHED = 256;

/** Whether a principal may, by the policy of this moment, hear what a server says on its own, and of the resource `uri` of it. */
export type MayHear = (principal: Principal, server: string, uri: string | undefined) => boolean;

export interface AttachmentsOptions {
  readonly principal: () => Principal;
  readonly mayHear: MayHear;
  /** As in `ClientFacts`: what concerns this client alone is told to it alone. Absent: nothing does. */
  readonly asker?: (() => string) | undefined;
  /** Told what the client may hear, with URIs as it knows them. Must not throw. */
  readonly hear: (method: string, params: JsonObject, server: string) => void;
}

/** The upstreams that one client listens to, until it ends. */
export class Attachments {
  readonly #options: AttachmentsOptions;
  readonly #attached = new Map<
    Upstream,
    { readonly listener: PublicListener; readonly detach: () => void }
  >();
  #hasLost = false;
  #ended = false;

  constructor(options: AttachmentsOptions) {
    this.#options = options;
  }

  /** Whether an upstream that it listens to is no more, so that what was followed there is followed no longer. */
  get hasLost(): boolean {
    return this.#hasLost || this.#attached.keys().some(({ state }) => state === 'closed');
  }

  entries(): Iterable<readonly [Upstream, PublicListener]> {
    return this.#attached.entries().map(([upstream, { listener }]) => [upstream, listener] as const);
  }

  /** Joins the listeners of an upstream, once, and calls `onNew` when it was not among them. Undefined after the end. */
  attach(upstream: Upstream, onNew?: (listener: PublicListener) => void): PublicListener | undefined {
    const known = this.#attached.get(upstream);
    // A call that outlives its client must not leave a listener behind that keeps the server running.
    if (this.#ended || known !== undefined) {
      return known?.listener;
    }
    this.#makeRoom();
    const { principal, mayHear, hear, asker } = this.#options;
    const listener = new PublicListener({
      principal: () => identityOf(principal()),
      asker,
      hear: (method, params, uri) => {
        if (mayHear(principal(), upstream.server, uri)) {
          hear(method, params, upstream.server);
        }
      },
    });
    this.#attached.set(upstream, { listener, detach: upstream.attach(listener) });
    onNew?.(listener);
    return listener;
  }

  /**
   * Begins or ends following a resource, of which the client is told under its public URI.
   *
   * @throws {UpstreamError} `UPSTREAM_CANCELLED` after the end, and whatever the upstream throws.
   */
  async follow(
    upstream: Upstream,
    change: 'subscribe' | 'unsubscribe',
    uri: string,
    publicUri: string,
    onNew?: (listener: PublicListener) => void,
  ): Promise<void> {
    const listener = this.attach(upstream, onNew);
    if (listener === undefined) {
      throw new UpstreamError('UPSTREAM_CANCELLED', 'The client has gone');
    }
    listener.name(uri, change === 'subscribe' ? publicUri : uri);
    await upstream[change](listener, uri);
  }

  /**
   * Follows a task by the id that its server gave it.
   *
   * @throws {UpstreamError} `UPSTREAM_CANCELLED` after the end, and whatever the upstream throws.
   */
  async followTask(upstream: Upstream, taskId: string): Promise<void> {
    const listener = this.attach(upstream);
    if (listener === undefined) {
      throw new UpstreamError('UPSTREAM_CANCELLED', 'The client has gone');
    }
    await upstream.followTask(listener, taskId);
  }

  end(): void {
    this.#ended = true;
    for (const { detach } of this.#attached.values()) {
      detach();
    }
    this.#attached.clear();
  }

  /** Forgets upstreams that are no more, and the one attached longest ago when there are too many. */
  #makeRoom(): void {
    for (const known of this.#attached.keys()) {
      if (known.state === 'closed') {
        this.#attached.delete(known);
        this.#hasLost = true;
      }
    }
    const [oldest] = this.#attached;
    if (this.#attached.size >= MAX_ATTACHED && oldest !== undefined) {
      this.#attached.delete(oldest[0]);
      oldest[1].detach();
      this.#hasLost = true;
    }
  }
}
