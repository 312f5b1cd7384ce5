import { duplexPair, type Duplex } from 'node:stream';
import { Channel, type ChannelHandler } from '../../src/worker/channel/channel.ts';
import type { ChannelError } from '../../src/worker/channel/channel-error.ts';

export interface Linked extends Disposable {
  /** The end that asks. */
  readonly channel: Channel;
  /** The other end, which has the handlers. */
  readonly far: Channel;
  /** What is written here arrives at `far` as if its peer had sent it. */
  readonly wire: Duplex;
  readonly ends: (ChannelError | undefined)[];
  readonly farEnds: (ChannelError | undefined)[];
  /** Resolves when the end that asks has ended. */
  readonly over: Promise<void>;
}

/** Two ends of one channel in this process. */
export function linked(handlers: Readonly<Record<string, ChannelHandler>> = {}): Linked {
  const [near, distant] = duplexPair();
  const ends: (ChannelError | undefined)[] = [];
  const farEnds: (ChannelError | undefined)[] = [];
  const over = Promise.withResolvers<void>();
  const onEnd = (error: ChannelError | undefined): void => {
    ends.push(error);
    over.resolve();
  };
  const channel = new Channel({ stream: near, handlers: {}, onEnd });
  const far = new Channel({ stream: distant, handlers, onEnd: (error) => farEnds.push(error) });
  return {
    channel,
    far,
    wire: near,
    ends,
    farEnds,
    over: over.promise,
    [Symbol.dispose]: () => {
      channel[Symbol.dispose]();
      far[Symbol.dispose]();
    },
  };
}

/** A channel whose other end is a function. */
export function answering(answer: (name: string, body: unknown) => unknown): {
  readonly ask: (name: string, body: unknown) => Promise<unknown>;
  readonly tell: (name: string, body: unknown) => void;
  readonly said: (readonly [string, unknown])[];
  readonly isOpen: boolean;
} {
  const said: (readonly [string, unknown])[] = [];
  return {
    said,
    isOpen: true,
    ask: async (name, body) => {
      said.push([name, body]);
      return await Promise.resolve(answer(name, body));
    },
    tell: (name, body) => {
      said.push([name, body]);
    },
  };
}
