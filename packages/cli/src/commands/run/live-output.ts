import type { Cli } from '../../cli/cli.ts';
import type { OutStream } from '../../cli/io.ts';

type Stream = 'stdout' | 'stderr';

/** Where what a script prints goes while it runs. */
export interface LiveOutput {
  write(this: void, stream: Stream, text: string): void;
  /** Drops what is printed, until disposed. */
  mute(): Disposable;
  /** Ends lines that the script left open. Settled when everything has been taken. */
  ended(): Promise<void>;
}

/**
 * Prints what a script prints, at once and on the same stream; nothing for machines, which find it in the result. A terminal is spared characters that deceive or
 * command it; a file or pipe gets every byte.
 */
export function createLiveOutput({ io, out }: Cli): LiveOutput {
  let isMuted = out.json;
  const open = new Map<Stream, boolean>();
  const streams: Readonly<Record<Stream, OutStream>> = { stdout: io.stdout, stderr: io.stderr };
  return {
    write: (stream, text) => {
      if (isMuted || text === '') return;
      const to = streams[stream];
      to.write(to.isTTY === true ? out.printable(text) : text);
      open.set(stream, !text.endsWith('\n'));
    },
    mute: () => {
      const before = isMuted;
      isMuted = true;
      return {
        [Symbol.dispose]: () => {
          isMuted = before;
        },
      };
    },
    ended: async () => {
      for (const [stream, isOpen] of open) {
        if (isOpen) await new Promise((resolve) => streams[stream].write('\n', resolve));
      }
      open.clear();
    },
  };
}
