/** What the pool knows of a runner. */
export interface PooledRunner {
  /** False once it has ended or is being killed. */
  readonly alive: boolean;
  /** Number of runs begun so far. */
  readonly runs: number;
  /** Settled once nothing of it is left. */
  readonly exited: Promise<unknown>;
  kill(reason: string): Promise<unknown>;
  /** What it uses now; undefined where the system does not tell. */
  usage(): Promise<{ readonly residentBytes: number } | undefined>;
}

/** A runner that belongs to whoever asked for it, until it is given back. */
export interface Lease<R extends PooledRunner> {
  readonly runner: R;
  /**
   * Gives it back; later calls do nothing.
   *
   * @param fit Whether it may run another script of the same owner. If not, it is killed.
   */
  giveBack(fit: boolean): void;
}

/** A runner of the pool with what it is at the moment. */
export interface PoolEntry<R extends PooledRunner> {
  readonly runner: R;
  /** Whose it is; undefined while it has run nothing. Never changes from one owner to another. */
  owner: string | undefined;
  state: 'warm' | 'busy' | 'idle' | 'ending';
  persistent: boolean;
  idleSince: number;
  /** Resident bytes after its first run. */
  firstBytes: number | undefined;
}
