import type {
  EngineSession,
  OpenOptions,
  Outcome,
  RunOptions,
  ScriptEngine,
  ScriptHost,
  ScriptSource,
} from '@smcp/sandbox';
import { callContext } from './fake-host.ts';

/** What a script does, in the words of a test: asks the host by operation and input. */
export type Script = (ask: (name: string, input?: unknown) => Promise<unknown>, run: Run) => unknown;

export interface Run {
  readonly opened: OpenOptions;
  readonly source: ScriptSource;
  readonly host: ScriptHost;
  readonly options: RunOptions;
}

/** Runs scripts of tests in place of the code that it is given. */
export class RunEngine implements Pick<ScriptEngine, 'open' | 'languages'> {
  readonly languages = ['typescript', 'javascript'] as const;
  readonly runs: Run[] = [];
  disposals = 0;
  /** Merged over the outcome. */
  outcome: Partial<Outcome> = {};
  readonly #script: Script;

  constructor(script: Script = () => undefined) {
    this.#script = script;
  }

  async open(opened: OpenOptions): Promise<EngineSession> {
    return {
      alive: true,
      run: (source, host, options) => this.#run({ opened, source, host, options }),
      [Symbol.asyncDispose]: async () => {
        this.disposals += 1;
      },
    };
  }

  get last(): Run {
    const run = this.runs.at(-1);
    if (run === undefined) throw new TypeError('Nothing was run');
    return run;
  }

  async #run(run: Run): Promise<Outcome> {
    this.runs.push(run);
    const ended = new AbortController();
    const ask = async (name: string, input: unknown = {}): Promise<unknown> =>
      JSON.parse(await run.host.call(name, JSON.stringify(input), callContext(ended.signal)));
    const base = { output: [], droppedOutputBytes: 0, calls: [], usage: { wallMs: 1 } };
    try {
      const value = JSON.stringify(await this.#script(ask, run));
      return { ...base, status: 'ok', value, ...this.outcome };
    } catch (error) {
      const { name, message } = error as Error;
      return { ...base, status: 'error', error: { name, message }, ...this.outcome };
    } finally {
      ended.abort();
    }
  }
}
