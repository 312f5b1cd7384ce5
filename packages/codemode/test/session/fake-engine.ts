import type { EngineSession, OpenOptions, Outcome, ScriptEngine } from '@smcp/sandbox';

export interface FakeSession extends EngineSession {
  alive: boolean;
  disposals: number;
  readonly opened: OpenOptions;
}

/** Opens sessions that run nothing and can be made to die. */
export class FakeEngine implements Pick<ScriptEngine, 'open'> {
  readonly sessions: FakeSession[] = [];
  /** What `open` waits for. */
  gate: Promise<void> = Promise.resolve();
  failure: Error | undefined;

  async open(opened: OpenOptions): Promise<EngineSession> {
    await this.gate;
    if (this.failure !== undefined) throw this.failure;
    const session: FakeSession = {
      alive: true,
      disposals: 0,
      opened,
      run: async () => OUTCOME,
      [Symbol.asyncDispose]: async () => {
        session.disposals += 1;
        session.alive = false;
      },
    };
    this.sessions.push(session);
    return session;
  }

  get last(): FakeSession {
    const session = this.sessions.at(-1);
    if (session === undefined) throw new TypeError('No session was opened');
    return session;
  }
}

const OUTCOME: Outcome = {
  status: 'ok',
  output: [],
  droppedOutputBytes: 0,
  calls: [],
  usage: { wallMs: 0 },
};
