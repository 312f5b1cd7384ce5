import type { Dispatcher } from 'undici';
import type { JsonObject } from '@smcp/protocol';
import type { Logger } from '../telemetry/telemetry.ts';
import { createHttpPool } from './http/http-exchange.ts';
import { ManagedUpstream } from './managed-upstream.ts';
import type { UpstreamSpec } from './upstream-spec.ts';
import type { Upstream, UpstreamHealth } from './upstream.ts';

const SWEEP_MS = 1000;

export interface UpstreamPoolOptions {
  readonly clientInfo: { readonly name: string; readonly version: string };
  readonly logger: Logger;
  readonly now: () => number;
}

/** Which upstream a caller gets. Equal keys share it. */
export interface UpstreamLease {
  /** Server, configuration revision, partition of callers and credential, in one string that holds no secret. */
  readonly key: string;
  readonly spec: UpstreamSpec;
  /** Hears what the server says on its own, and that it started anew (`ready`). */
  readonly onNotification: (method: string, params: JsonObject) => void;
  readonly onReady: () => void;
}

/** All upstreams of a gateway: made on demand, stopped when idle, ended together. */
export class UpstreamPool implements AsyncDisposable {
  readonly #options: UpstreamPoolOptions;
  readonly #http: Dispatcher = createHttpPool();
  readonly #upstreams = new Map<string, ManagedUpstream>();
  readonly #ending = new Set<Promise<void>>();
  readonly #sweeper: NodeJS.Timeout;

  constructor(options: UpstreamPoolOptions) {
    this.#options = options;
    this.#sweeper = setInterval(() => {
      this.#sweep();
    }, SWEEP_MS).unref();
  }

  find(key: string): Upstream | undefined {
    return this.#upstreams.get(key);
  }

  create(lease: UpstreamLease): Upstream {
    const { spec } = lease;
    const { logger } = this.#options;
    const made = new ManagedUpstream(spec, {
      clientInfo: this.#options.clientInfo,
      pool: this.#http,
      now: this.#options.now,
      onNotification: lease.onNotification,
      onReady: () => {
        logger.debug('server ready', { server: spec.server });
        lease.onReady();
      },
      onEnd: (error, diagnosis) => {
        logger.warn('server connection ended', { server: spec.server, reason: error.message, said: diagnosis.trim().slice(-500) });
      },
    });
    this.#upstreams.set(lease.key, made);
    return made;
  }

  /** Ends every upstream whose key `isKept` refuses, after its calls in flight have ended or `withinMs` has passed. */
  retain(isKept: (key: string) => boolean, withinMs: number): void {
    for (const [key, upstream] of this.#upstreams) {
      if (!isKept(key)) {
        this.#upstreams.delete(key);
        this.#end(upstream.drain(withinMs));
      }
    }
  }

  health(): readonly UpstreamHealth[] {
    return [...this.#upstreams.values()].map((upstream) => upstream.health());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#sweeper);
    for (const upstream of this.#upstreams.values()) {
      this.#end(upstream[Symbol.asyncDispose]());
    }
    this.#upstreams.clear();
    await Promise.allSettled(this.#ending);
    await this.#http.close();
  }

  #end(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => {
        this.#options.logger.warn('ending a server failed', { reason: (error as Error).message });
      })
      .finally(() => this.#ending.delete(tracked));
    this.#ending.add(tracked);
  }

  #sweep(): void {
    for (const [key, upstream] of this.#upstreams) {
      upstream.stopIfIdle().then(
        (empty) => {
          // Only the entry that was swept: the key may have been given to a newer one meanwhile.
          if (empty && this.#upstreams.get(key) === upstream && upstream.state !== 'starting') {
            this.#upstreams.delete(key);
          }
        },
        (error: unknown) => {
          this.#options.logger.warn('stopping an idle server failed', { server: upstream.server, reason: (error as Error).message });
        },
      );
    }
  }
}
