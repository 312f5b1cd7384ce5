import type { ScriptLimits } from './limits.ts';
import type { Outcome, OutputStream } from './outcome.ts';

/** Languages that a script can be written in. */
export type Language = 'typescript' | 'javascript' | 'python';

/**
 * What runs scripts that nobody trusts.
 *
 * Promises: the script runs in another process than this one, with no environment, no file, no network and no way out but `ScriptHost.call`; what one owner
 * ran is never in a process that serves another; exceeding any limit ends that one script and nothing else; `run` never throws for what a script did.
 */
export interface ScriptEngine extends AsyncDisposable {
  readonly languages: readonly Language[];
  /** How scripts are contained on this machine, strongest layer first; for `doctor` and `/readyz`. */
  readonly containment: Containment;
  /**
   * Opens a place to run scripts in.
   *
   * @throws {SandboxError} `POOL_FULL`, `NOT_CONTAINED` (the machine cannot contain scripts as configured), `CLOSED`.
   */
  open(options: OpenOptions): Promise<EngineSession>;
}

export interface OpenOptions {
  /** Whose scripts these are; equal texts may share a process one after another, others never. */
  readonly owner: string;
  /** Whether variables and functions of one run are there in the next. Then the session has a process of its own. */
  readonly persistent: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface EngineSession extends AsyncDisposable {
  /** False once what a persistent session kept is gone: it was ended, hit a limit, or its process died. */
  readonly alive: boolean;
  /** Runs one script to its end; a session runs one at a time. Never throws for what the script did. */
  run(source: ScriptSource, host: ScriptHost, options: RunOptions): Promise<Outcome>;
}

export interface ScriptSource {
  readonly language: Language;
  readonly code: string;
  /** Name of the script in errors, such as `script.ts`. */
  readonly name: string;
  /**
   * Trusted text in the language of the engine, evaluated before the script at every run. JavaScript: an expression that gives a function
   * `(call, data) => void`, where `call(name, input)` takes and gives values that JSON can hold, and `data` is that of below; it makes the globals of the
   * script. In a persistent session it is evaluated again and must put up with its own globals.
   */
  readonly prelude: string;
  /** JSON text for the prelude. */
  readonly data: string;
}

/** The one thing of the host that a script reaches. */
export interface ScriptHost {
  /**
   * Answers a call of the script. All authority is here: `name` and `input` are an attacker's words.
   *
   * @param input JSON text, at most `ScriptLimits.callInputBytes`.
   * @returns JSON text. A longer one than `callOutputBytes` becomes an error of the script.
   * @throws {HostCallError} What the script is told; any other error is told as "failed" without its text.
   */
  call(name: string, input: string, context: HostCallContext): Promise<string>;
  /** Told of what the script prints, as it prints. Must not throw. */
  output?(stream: OutputStream, text: string): void;
}

export interface HostCallContext {
  /** Fires when the run has ended, for whatever reason. */
  readonly signal: AbortSignal;
  /** The clock of the run stands still until the returned value is disposed: a person is being asked. */
  hold(): Disposable;
}

export interface RunOptions {
  readonly limits: ScriptLimits;
  /** Ends the script at once; the outcome is `killed`. */
  readonly signal?: AbortSignal | undefined;
}

/** What a script learns of a call that failed. */
export class HostCallError extends Error {
  /** JSON value with more about it, or undefined. */
  readonly details: unknown;

  /** @param name Name of the error in the script, such as `ToolError`. */
  constructor(name: string, message: string, details?: unknown) {
    super(message);
    this.name = name;
    this.details = details;
  }
}

/** What stands between a script and the machine. */
export interface Containment {
  readonly level: 'pooled' | 'oneshot';
  readonly layers: readonly Layer[];
}

export interface Layer {
  readonly name: 'process' | 'isolate' | 'jitless' | 'memory-limit' | 'namespaces' | 'seccomp';
  readonly active: boolean;
  /** What it does, or why it is not active and what would make it so. */
  readonly note: string;
}
