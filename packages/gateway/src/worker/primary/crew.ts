import { randomBytes } from 'node:crypto';
import type { LoadedConfig } from '../../config/index.ts';
import { reasonOf } from '../../lib/reason-of.ts';
import type { Problem } from '../../run/readiness.ts';
import type { Logger } from '../../telemetry/index.ts';
import { asFields, ifTextOf } from '../channel/fields.ts';
import { packConfig } from '../config-parcel.ts';
import { asProblems, joinProblems } from '../metrics/join-problems.ts';
import { mergeMetrics } from '../metrics/merge-metrics.ts';
import { ownMetrics } from '../metrics/own-metrics.ts';
import type { ConnectionDealer } from './connection-dealer.ts';
import { createDesks, type DesksOptions } from './desks.ts';
import { ForkedWorker } from './forked-worker.ts';
import { Post } from './post.ts';

const TOKEN_BYTES = 32;
const STATUS_MS = 2000;
/** For ending the servers of a worker, after its calls have ended. */
const END_MS = 8000;

export interface CrewOptions {
  readonly workers: number;
  /** The program of a worker. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** State folder. */
  readonly home: string;
  /** Takes the place of `listen` in the file. */
  readonly listen: string | undefined;
  /** The configuration in force. */
  readonly loaded: () => LoadedConfig;
  readonly dealer: ConnectionDealer;
  /** Folder of the private sockets. */
  readonly sockets: string;
  /** What the workers share. */
  readonly shared: Omit<DesksOptions, 'problems' | 'metrics'>;
  readonly logger: Logger;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** The workers of a gateway. Disposing it ends them, after the calls in flight have had their time. */
export class Crew implements AsyncDisposable {
  readonly #options: CrewOptions;
  readonly #token = randomBytes(TOKEN_BYTES).toString('base64url');
  readonly #posts: readonly Post[];

  /** Starts the processes, which serve once `open` has resolved. */
  constructor(options: CrewOptions) {
    this.#options = options;
    this.#posts = Array.from({ length: options.workers }, (_, at) => this.#createPost(at + 1));
  }

  /** @throws {Error} When a worker does not start, with the reason. */
  async open(): Promise<void> {
    const opened = await Promise.allSettled(this.#posts.map(async (post) => await post.open()));
    for (const result of opened) {
      if (result.status === 'rejected') {
        throw result.reason;
      }
    }
    for (const post of this.#posts) {
      post.keep();
    }
  }

  /** Ids of the worker processes that serve. */
  get pids(): readonly number[] {
    return this.#posts.flatMap(({ serving }) => serving?.pid ?? []);
  }

  /**
   * Puts another configuration in force in all workers, or in none: the first one tries, and when it refuses, nothing has changed. Of the others, who
   * refuses all the same is replaced, and begins with it.
   *
   * @param commit Called when the first has taken over. Must not throw.
   * @throws {Error} When the first refuses.
   */
  async reload(next: LoadedConfig, commit: () => void): Promise<void> {
    const [first, ...others] = this.#posts.filter(({ serving }) => serving !== undefined);
    await first?.reload(next);
    commit();
    await Promise.all(
      others.map(async (post) => {
        try {
          await post.reload(next);
        } catch (error) {
          const { logger } = this.#options;
          logger.error('a worker did not take a configuration over and is replaced', {
            worker: post.worker,
            reason: reasonOf(error),
          });
          await post.replace(this.#endMs);
        }
      }),
    );
  }

  /** What is wrong with any worker. */
  async problems(): Promise<readonly Problem[]> {
    const lists = await Promise.all(
      this.#posts.map(async (post) => [post.worker, await problemsOf(post)] as const),
    );
    return joinProblems(new Map(lists));
  }

  /** Metrics of all workers that answer; undefined when they are switched off. */
  async metrics(): Promise<string | undefined> {
    const texts = await Promise.all(this.#posts.map(metricsOf));
    const parts = texts.flatMap((text, at) => (text === undefined ? [] : [{ worker: at + 1, text }]));
    if (parts.length === 0) {
      return undefined;
    }
    const restarts = this.#posts.reduce((sum, post) => sum + post.restarts, 0);
    return mergeMetrics(parts) + ownMetrics({ workers: this.pids.length, restarts });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#posts.map(async (post) => await post.giveUp(this.#endMs)));
  }

  get #endMs(): number {
    return this.#options.loaded().config.http.shutdown_seconds * 1000 + END_MS;
  }

  #createPost(worker: number): Post {
    const { dealer, entry, env, shared, loaded, logger, now } = this.#options;
    return new Post({
      worker,
      loaded,
      logger,
      now,
      hire: () => {
        const desks = createDesks({
          ...shared,
          problems: async () => await this.problems(),
          metrics: async () => await this.metrics(),
        });
        return { desks, process: new ForkedWorker({ entry, worker, env, handlers: desks.handlers }) };
      },
      order: (given) => {
        const { workers, home, listen, sockets } = this.#options;
        const { address, family, port } = dealer.address;
        const where = { home, sockets, address, family, port, ...(listen === undefined ? {} : { listen }) };
        return { worker, workers, token: this.#token, config: packConfig(given), ...where };
      },
      onReady: (process) => {
        dealer.add(process);
      },
      onGone: (process) => {
        dealer.remove(process);
      },
    });
  }
}

async function problemsOf({ serving }: Post): Promise<readonly Problem[]> {
  if (serving === undefined) {
    return [{ part: 'process', problem: 'does not run' }];
  }
  try {
    return asProblems(await serving.channel.askWithin(STATUS_MS, 'problems', null));
  } catch {
    return [{ part: 'process', problem: 'does not answer' }];
  }
}

async function metricsOf({ serving }: Post): Promise<string | undefined> {
  try {
    return ifTextOf(asFields(await serving?.channel.askWithin(STATUS_MS, 'metrics', null)), 'text');
  } catch {
    // The others are worth showing without it; that it is missing shows in the number of workers.
    return undefined;
  }
}
