import type { Containment, EngineSession, Language, Layer, OpenOptions, ScriptEngine } from '../../engine.ts';
import type { PoolCounts } from '../../pool/runner-pool.ts';
import { SandboxError } from '../../sandbox-error.ts';
import { JavaScriptSession, type RunnerLease } from './javascript-session.ts';
import { checkedOptions, type CheckedOptions, type JavaScriptEngineOptions } from './options.ts';
import { prepare, type Prepared } from './prepare.ts';

/** A machine that was too busy to prove itself is asked again, but not at each call. */
const RETRY_AFTER_MS = 5000;

const UNTESTED: readonly Layer[] = (
  ['namespaces', 'seccomp', 'isolate', 'jitless', 'memory-limit', 'process'] as const
).map((name) => ({ name, active: false, note: 'not tested yet' }));

export interface JavaScriptEngine extends ScriptEngine {
  /**
   * Settled once the engine has proven on this machine that scripts are contained; `containment` tells the truth from then on.
   *
   * @throws {SandboxError} `NOT_CONTAINED`, `RUNNER_FAILED`, `CLOSED`. Asked again some seconds later it tries again.
   */
  ready(): Promise<void>;
  /** How many runners are what at the moment; undefined until it is ready. */
  readonly runners: PoolCounts | undefined;
}

/**
 * Creates the engine for TypeScript and JavaScript: V8 isolates in pooled runner processes, behind all layers that this machine has.
 *
 * Finds the layers, proves them and warms the pool in the background at once; `open` waits for that.
 *
 * @throws {RangeError} When an option is out of bounds.
 */
export function createJavaScriptEngine(options: JavaScriptEngineOptions = {}): JavaScriptEngine {
  const engine = new PooledJavaScriptEngine(checkedOptions(options));
  // Whoever opens a session learns of it.
  engine.ready().catch(() => undefined);
  return engine;
}

class PooledJavaScriptEngine implements JavaScriptEngine {
  readonly languages: readonly Language[] = ['typescript', 'javascript'];
  readonly #options: CheckedOptions;
  readonly #closing = new AbortController();
  readonly #sessions = new Set<EngineSession>();
  #preparing: Promise<Prepared> | undefined;
  #prepared: Prepared | undefined;
  #failedAt = -Infinity;

  constructor(options: CheckedOptions) {
    this.#options = options;
  }

  get containment(): Containment {
    return { level: this.#options.level, layers: this.#prepared?.layers ?? UNTESTED };
  }

  get runners(): PoolCounts | undefined {
    return this.#prepared?.pool.counts;
  }

  async ready(): Promise<void> {
    await this.#prepare();
  }

  async open({ owner, persistent, signal }: OpenOptions): Promise<EngineSession> {
    signal?.throwIfAborted();
    const { pool } = await this.#prepare();
    const acquire = async (signal: AbortSignal | undefined): Promise<RunnerLease> =>
      await pool.acquire(owner, { persistent, signal });
    const lease = await acquire(signal);
    const session = new JavaScriptSession({
      persistent,
      lease,
      acquire,
      clock: this.#options.clock,
      onClosed: () => {
        this.#sessions.delete(session);
      },
    });
    this.#sessions.add(session);
    return session;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(closed());
    await Promise.all([...this.#sessions].map(async (session) => session[Symbol.asyncDispose]()));
    const prepared = await this.#preparing?.catch(() => undefined);
    await prepared?.pool[Symbol.asyncDispose]();
  }

  async #prepare(): Promise<Prepared> {
    if (this.#closing.signal.aborted) {
      throw closed();
    }
    const now = this.#options.clock.now();
    if (this.#failedAt + RETRY_AFTER_MS < now && this.#failedAt !== -Infinity) {
      this.#preparing = undefined;
      this.#failedAt = -Infinity;
    }
    this.#preparing ??= this.#prepareOnce();
    return await this.#preparing;
  }

  async #prepareOnce(): Promise<Prepared> {
    try {
      this.#prepared = await prepare(this.#options, this.#closing.signal);
      return this.#prepared;
    } catch (cause) {
      this.#failedAt = this.#options.clock.now();
      throw this.#closing.signal.aborted ? closed() : cause;
    }
  }
}

function closed(): SandboxError {
  return new SandboxError('CLOSED', 'The engine has been ended');
}
