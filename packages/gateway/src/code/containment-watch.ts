import { SandboxError, type JavaScriptEngine } from '@smcp/sandbox';

/** What `/readyz` says; nothing of the inside. */
const PROBLEM = 'scripts cannot be contained, so none is run';

/** Knows whether scripts can be contained. While they cannot, each question has the engine try once more; how that went is in the next answer. */
export class ContainmentWatch {
  readonly #engine: Pick<JavaScriptEngine, 'ready'>;
  readonly #onFailure: (error: unknown) => void;
  #failed = false;
  #trying = false;

  /** @param onFailure Told why, once until they can be contained again. */
  constructor(engine: Pick<JavaScriptEngine, 'ready'>, onFailure: (error: unknown) => void) {
    this.#engine = engine;
    this.#onFailure = onFailure;
    void this.#try();
  }

  /** What keeps scripts from running; undefined when nothing is known to. */
  get problem(): string | undefined {
    if (!this.#failed) {
      return undefined;
    }
    void this.#try();
    return PROBLEM;
  }

  async #try(): Promise<void> {
    if (this.#trying) {
      return;
    }
    this.#trying = true;
    try {
      await this.#engine.ready();
      this.#failed = false;
    } catch (error) {
      if (error instanceof SandboxError && error.code === 'CLOSED') {
        return;
      }
      if (!this.#failed) {
        this.#onFailure(error);
      }
      this.#failed = true;
    } finally {
      this.#trying = false;
    }
  }
}
