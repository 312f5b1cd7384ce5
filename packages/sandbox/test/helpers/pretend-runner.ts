import type { PooledRunner } from '../../src/pool/pooled-runner.ts';

/** A runner without a process: it ends when it is told to. */
export class PretendRunner implements PooledRunner {
  readonly id: number;
  readonly exited: Promise<void>;
  readonly #exit = Promise.withResolvers<void>();
  alive = true;
  runs = 0;
  residentBytes = 1000;
  killedFor: string | undefined;
  /** Whose scripts it ran. */
  readonly owners = new Set<string>();

  constructor(id: number) {
    this.id = id;
    this.exited = this.#exit.promise;
  }

  run(owner: string): void {
    this.runs += 1;
    this.owners.add(owner);
  }

  die(): void {
    this.alive = false;
    this.#exit.resolve();
  }

  async kill(reason: string): Promise<void> {
    this.killedFor ??= reason;
    this.die();
    await this.exited;
  }

  async usage(): Promise<{ residentBytes: number }> {
    return { residentBytes: this.residentBytes };
  }
}
