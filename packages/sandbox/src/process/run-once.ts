import type { Command } from '../layers/program.ts';
import { BoundedTail } from './bounded-tail.ts';
import { killGroup, spawnCommand, type Spawned } from './spawn-command.ts';

const STDERR_BYTES = 4 * 1024;
const MAX_REPLY_BYTES = 256 * 1024;

export interface OnceResult {
  /** Whether it ended by itself, in time, with code 0. */
  readonly ok: boolean;
  /** What it wrote to descriptor 3. */
  readonly reply: string;
  /** Why it is not `ok`, in a few words. */
  readonly problem: string;
}

/** Runs a small program of ours to its end and takes what it says. Never throws. */
export async function runOnce(command: Command, timeoutMs: number): Promise<OnceResult> {
  let spawned: Spawned;
  try {
    spawned = spawnCommand(command);
  } catch (cause) {
    return { ok: false, reply: '', problem: String(cause) };
  }
  const { child, channel, stderr } = spawned;
  const tail = new BoundedTail(STDERR_BYTES);
  const reply: Buffer[] = [];
  let bytes = 0;
  channel.on('error', () => undefined);
  channel.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_REPLY_BYTES) {
      killGroup(child);
    } else {
      reply.push(chunk);
    }
  });
  // When it has said all, so that neither side waits for the other to hang up.
  channel.on('end', () => channel.destroy());
  stderr.on('data', (chunk: Buffer) => {
    tail.push(chunk);
  });
  const { promise, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => {
    resolve(`no end within ${timeoutMs} ms`);
    killGroup(child);
    channel.destroy();
    stderr.destroy();
  }, timeoutMs);
  child.once('error', (cause) => {
    resolve(cause.message);
  });
  child.once('close', (code, signal) => {
    resolve(code === 0 ? '' : `ended with ${signal ?? `code ${code}`}`);
  });
  const end = await promise;
  clearTimeout(timer);
  const ok = end === '' && bytes <= MAX_REPLY_BYTES;
  const said = tail.toString().trim().split('\n').at(-1) ?? '';
  return {
    ok,
    reply: Buffer.concat(reply).toString(),
    problem: ok ? '' : [end, said].filter((part) => part !== '').join(': '),
  };
}
