import type { Dispatcher } from 'undici';
import type { JsonObject } from '@smcp/protocol';
import type { Logger } from '../telemetry/telemetry.ts';
import { createHttpPool } from './http/http-exchange.ts';
import { ManagedUpstream } from './managed-upstream.ts';
import { EraMemory } from './opening/era-memory.ts';
import type { UpstreamSpec } from './upstream-spec.ts';
import type { Upstream, UpstreamHealth } from './upstream.ts';

const SWEEP_MS = 1000;
const LOGGED_CHARS = 500;

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
  /** Whose it is, when it is not shared by all. */
  readonly owner?: string | undefined;
  /** Hears what the server says on its own, and that it started anew (`ready`). */
  readonly onNotification: (method: string, params: JsonObject) => void;
  readonly onReady: () => void;
}

/** All upstreams of a gateway: made on demand, stopped when idle, ended together. */
export class UpstreamPool implements AsyncDisposable {
  readonly #options: UpstreamPoolOptions;
  readonly #http: Dispatcher = createHttpPool();
  readonly #eras: EraMemory;
  readonly #upstreams = new Map<string, ManagedUpstream>();
  readonly #owners = new WeakMap<ManagedUpstream, string>();
  readonly #draining = new Set<ManagedUpstream>();
  readonly #ending = new Set<Promise<void>>();
  readonly #sweeper: NodeJS.Timeout;
  #disposed = false;

  constructor(options: UpstreamPoolOptions) {
    this.#options = options;
    this.#eras = new EraMemory(options.now);
    this.#sweeper = setInterval(() => {
      this.#sweep();
    }, SWEEP_MS).unref();
  }

  /** Finding one counts as using it, so that it is not swept before the call that it was looked up for. */
  find(key: string): Upstream | undefined {
    const found = this.#upstreams.get(key);
    found?.touch();
    return found;
  }

  /** How many upstreams there are that belong to `owner`. */
  countOf(owner: string): number {
    return [...this.#upstreams.values()].filter((upstream) => this.#owners.get(upstream) === owner).length;
  }

  /** Makes an upstream that is known by its key from now on. After the end of the pool it is closed from the start. */
  create(lease: UpstreamLease): Upstream {
    const { spec } = lease;
    const { logger } = this.#options;
    const made = new ManagedUpstream(spec, {
      clientInfo: this.#options.clientInfo,
      pool: this.#http,
      eras: this.#eras,
      now: this.#options.now,
      onNotification: lease.onNotification,
      onReady: () => {
        logger.debug('server ready', { server: spec.server });
        lease.onReady();
      },
      onFailure: (error) => {
        logger.warn('server could not be started', {
          server: spec.server,
          reason: error.message,
          said: lastWords(error.diagnosis),
        });
      },
      onWarning: (message) => {
        logger.warn('a server does not fit its settings', { server: spec.server, reason: message });
      },
      onEnd: (error, diagnosis) => {
        logger.warn('server connection ended', {
          server: spec.server,
          reason: error.message,
          said: lastWords(diagnosis),
        });
      },
    });
    if (lease.owner !== undefined) {
      this.#owners.set(made, lease.owner);
    }
    if (this.#disposed) {
      this.#end(made[Symbol.asyncDispose]());
    } else {
      this.#upstreams.set(lease.key, made);
    }
    return made;
  }

  /** Ends every upstream whose key `isKept` refuses, after its calls in flight have ended or `withinMs` has passed. */
  retain(isKept: (key: string) => boolean, withinMs: number): void {
    for (const [key, upstream] of this.#upstreams) {
      if (!isKept(key)) {
        this.#upstreams.delete(key);
        this.#draining.add(upstream);
        this.#end(upstream.drain(withinMs).finally(() => this.#draining.delete(upstream)));
      }
    }
  }

  health(): readonly UpstreamHealth[] {
    return [...this.#upstreams.values()].map((upstream) => upstream.health());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    clearInterval(this.#sweeper);
    for (const upstream of [...this.#upstreams.values(), ...this.#draining]) {
      this.#end(upstream[Symbol.asyncDispose]());
    }
    this.#upstreams.clear();
    await Promise.allSettled(this.#ending);
    // Every upstream has ended what it had open; what is left are idle sockets.
    await this.#http.destroy();
  }

  #end(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => {
        this.#options.logger.warn('ending a server failed', { reason: reasonOf(error) });
      })
      .finally(() => this.#ending.delete(tracked));
    this.#ending.add(tracked);
  }

  #sweep(): void {
    for (const [key, upstream] of this.#upstreams) {
      upstream.stopIfIdle().then(
        (empty) => {
          // Only the entry that was swept: the key may have been given to a newer one meanwhile.
          if (empty && this.#upstreams.get(key) === upstream) {
            this.#upstreams.delete(key);
            // Whoever still holds it must not start a server that nobody would stop.
            this.#end(upstream[Symbol.asyncDispose]());
          }
        },
        (error: unknown) => {
          this.#options.logger.warn('stopping an idle server failed', {
            server: upstream.server,
            reason: reasonOf(error),
          });
        },
      );
    }
  }
}

function lastWords(diagnosis: string): string {
  return diagnosis.trim().slice(-LOGGED_CHARS);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
