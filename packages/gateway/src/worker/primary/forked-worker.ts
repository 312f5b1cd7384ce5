import { fork, type ChildProcess } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import { killProcessGroup } from '../../upstream/stdio/process-group.ts';
import { ChannelError } from '../channel/channel-error.ts';
import { Channel, type ChannelHandler } from '../channel/channel.ts';
import { asFields, countOf, flagOf } from '../channel/fields.ts';
import type { ConnectionTaker } from './connection-dealer.ts';

const PIPE_AT = 4;
const KILL_AFTER_MS = 1000;

export interface ForkOptions {
  readonly entry: string;
  /** Its number, shown among the arguments of the process. */
  readonly worker: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the worker may ask and tell. */
  readonly handlers: Readonly<Record<string, ChannelHandler>>;
}

/**
 * A worker process as the primary sees it: the pipe to it, the way for connections, and the process groups of the servers that it started, which do not outlive it.
 */
export class ForkedWorker implements ConnectionTaker {
  readonly channel: Channel;
  /** Resolves with how it ended, once it has and all that it had said was heard. Its servers have ended, too. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #groups = new Set<number>();

  constructor({ entry, worker, env, handlers }: ForkOptions) {
    const child = fork(entry, [String(worker)], {
      env: { ...env, ...compileCache() },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe'],
    });
    const pipe = child.stdio[PIPE_AT];
    if (!(pipe instanceof Duplex)) {
      child.kill('SIGKILL');
      throw new TypeError('The worker has no pipe');
    }
    const said = Promise.withResolvers<ChannelError | undefined>();
    this.#child = child;
    this.channel = new Channel({
      stream: pipe,
      handlers: { ...handlers, group: this.#noteGroup },
      onEnd: (error) => {
        said.resolve(error);
        this.#leave();
      },
    });
    const exited = Promise.withResolvers<string>();
    child.once('exit', (code, signal) => {
      exited.resolve(signal === null ? `exit code ${code}` : `signal ${signal}`);
    });
    child.once('error', (error) => {
      exited.resolve(error.message);
    });
    this.ended = Promise.all([exited.promise, said.promise]).then(([how, error]) => {
      for (const leader of this.#groups) {
        killProcessGroup(leader);
      }
      return error === undefined ? how : `${how}: ${error.message}`;
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  connect(socket: Socket): void {
    this.#child.send('connection', socket, (error) => {
      if (error !== null) {
        socket.destroy();
      }
    });
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** A worker whose pipe has ended ends by itself, unless it has lost its senses. */
  #leave(): void {
    const timer = setTimeout(() => {
      this.kill();
    }, KILL_AFTER_MS);
    this.#child.once('exit', () => {
      clearTimeout(timer);
    });
    if (this.#child.connected) {
      this.#child.disconnect();
    }
  }

  readonly #noteGroup = (body: unknown): void => {
    const fields = asFields(body);
    const leader = countOf(fields, 'leader');
    // A group 0 would be our own, and 1 everybody's.
    if (leader < 2) {
      throw new ChannelError('CHANNEL_BROKEN', 'The other process told of a process that is none of its own');
    }
    if (flagOf(fields, 'alive')) {
      this.#groups.add(leader);
    } else {
      this.#groups.delete(leader);
    }
  };
}

/** Workers load what the primary has compiled. */
function compileCache(): Readonly<Record<string, string>> {
  const folder = getCompileCacheDir();
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}
