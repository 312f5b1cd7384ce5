/**
 * One implementation of code mode in this process, with the tools of the benchmark as functions beside it, so that what is measured is its own cost.
 *
 * A module of a contender exports `openContender`.
 */
export interface Contender extends AsyncDisposable {
  /**
   * Runs a script, the body of an async function, in a sandbox that no script used before.
   *
   * @throws {Error} When the script failed.
   */
  run(body: string): Promise<unknown>;
  /** Goes the way to the place where scripts are started and runs none; absent when that is this process. */
  reach?(): Promise<void>;
  /** Opens so many more sessions that keep variables, and leaves them open; absent when it has none. */
  hold?(sessions: number): Promise<void>;
}

export interface ContenderModule {
  /** @param folder Temporary folder of the run, with whatever was made for the contender before. */
  openContender(folder: string): Promise<Contender>;
}
