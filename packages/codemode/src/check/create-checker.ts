import { checkerFailed } from './checker-failed.ts';
import type { CheckReply, CheckRequest, ScriptChecker } from './check.ts';
import { asCheckLimits, type CheckLimits } from './check-limits.ts';
import { CodeModeError } from '../code-mode-error.ts';
import { Compiler, type Wrap } from './compiler/compiler.ts';
import { WorkFolder } from './compiler/work-folder.ts';
import { checkScript } from './check-script.ts';
import { findCompiler } from './compiler/find-compiler.ts';
import { Slots } from './slots.ts';
import { VerdictCache, verdictKey } from './verdict-cache.ts';

export interface CheckerOptions {
  readonly limits?: Partial<CheckLimits>;
  /** Path of the native TypeScript compiler. Default: that of the installed package `typescript`, looked up on first use. */
  readonly compiler?: string;
  /**
   * Puts the command of a compiler into a sandbox in which it reads and writes `folder` (absolute path) at the same place, and reads its own program.
   * Default: as it is, under limits of the operating system.
   */
  readonly wrap?: Wrap;
  /** Folder in which the checker makes its own. Default: that of the system for temporary files. */
  readonly parentFolder?: string;
}

/**
 * Makes a checker with a compiler process for each check: nothing of a script stays, and no script meets another.
 *
 * @throws {RangeError} when a limit makes no sense.
 */
export function createScriptChecker(options: CheckerOptions = {}): ScriptChecker {
  return new Checker(options);
}

class Checker implements ScriptChecker {
  readonly #options: CheckerOptions;
  readonly #limits: CheckLimits;
  readonly #slots: Slots;
  readonly #verdicts: VerdictCache;
  readonly #folder: WorkFolder;
  readonly #running = new Set<Promise<CheckReply>>();
  readonly #closing = new AbortController();

  constructor(options: CheckerOptions) {
    this.#options = options;
    this.#limits = asCheckLimits(options.limits ?? {});
    this.#slots = new Slots({ running: this.#limits.concurrency, waiting: this.#limits.maxWaiting });
    this.#verdicts = new VerdictCache(this.#limits.maxVerdicts, this.#limits.maxVerdictBytes);
    this.#folder = new WorkFolder(options.parentFolder);
  }

  async check(request: CheckRequest): Promise<CheckReply> {
    const run = this.#check(request);
    this.#running.add(run);
    try {
      return await run;
    } finally {
      this.#running.delete(run);
    }
  }

  /** Ends what runs, and leaves nothing behind. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#running);
    await this.#folder[Symbol.asyncDispose]();
  }

  async #check(request: CheckRequest): Promise<CheckReply> {
    const ended = AbortSignal.any([
      this.#closing.signal,
      ...(request.signal === undefined ? [] : [request.signal]),
    ]);
    if (ended.aborted) throw this.#stopped(request, ended.reason);
    this.#refuseHuge(request);
    const key = verdictKey(request);
    const known = this.#verdicts.get(key);
    if (known !== undefined) return known;
    let slot: Disposable | undefined;
    try {
      slot = await this.#slots.take(request.owner ?? '', ended);
    } catch (cause) {
      throw this.#stopped(request, cause);
    }
    if (slot === undefined) throw checkerFailed(request.name, 'too many scripts wait to be checked');
    using _held = slot;
    const reply = await this.#checkNow(request, ended);
    this.#verdicts.set(key, reply);
    return reply;
  }

  async #checkNow(request: CheckRequest, ended: AbortSignal): Promise<CheckReply> {
    const late = AbortSignal.timeout(this.#limits.timeoutMs);
    const limits = this.#limits;
    try {
      const compiler = new Compiler({
        program: this.#options.compiler ?? findCompiler(),
        wrap: this.#options.wrap,
        maxMemoryBytes: limits.maxMemoryBytes,
        timeoutMs: limits.timeoutMs,
        signal: AbortSignal.any([ended, late]),
      });
      return await checkScript(request, compiler, this.#folder, limits);
    } catch (cause) {
      if (ended.aborted) throw this.#stopped(request, cause);
      if (late.aborted) {
        throw checkerFailed(request.name, `it took more than ${limits.timeoutMs} ms`, { cause });
      }
      if (cause instanceof CodeModeError) throw cause;
      throw checkerFailed(request.name, 'the checker could not be run', { cause });
    }
  }

  #refuseHuge({ name, code, declarations, earlier = '' }: CheckRequest): void {
    const { maxSourceBytes, maxDeclarationBytes } = this.#limits;
    const sourceBytes = Buffer.byteLength(code);
    if (sourceBytes > maxSourceBytes) {
      throw checkerFailed(name, `it has ${sourceBytes} bytes, and may have ${maxSourceBytes}`);
    }
    const declared = declarations.reduce(
      (sum, { text }) => sum + Buffer.byteLength(text),
      Buffer.byteLength(earlier),
    );
    if (declared > maxDeclarationBytes) {
      throw checkerFailed(
        name,
        `the declarations that it may use have ${declared} bytes, and may have ${maxDeclarationBytes}`,
      );
    }
  }

  #stopped({ name }: CheckRequest, cause: unknown): Error {
    return checkerFailed(
      name,
      this.#closing.signal.aborted ? 'the checker is closed' : 'the check was cancelled',
      { cause },
    );
  }
}
