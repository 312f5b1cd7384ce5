import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { LineWriter, type WriteOutcome } from '../../../src/upstream/stdio/line-writer.ts';

interface Stage {
  readonly writer: LineWriter;
  /** What the stream was given, piece by piece. */
  readonly pieces: string[];
  /** Ends the write that is under way. */
  readonly finish: (error?: Error) => Promise<void>;
  /** What became of each line, in the order in which that was known. */
  readonly outcomes: string[];
  readonly write: (text: string) => void;
}

const settle = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

function stage(): Stage {
  const pieces: string[] = [];
  const outcomes: string[] = [];
  let callback: ((error?: Error) => void) | undefined;
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      pieces.push(chunk);
      callback = done;
    },
  });
  stream.on('error', () => undefined);
  const writer = new LineWriter(stream);
  return {
    writer,
    pieces,
    outcomes,
    finish: async (error) => {
      callback?.(error);
      await settle();
    },
    write: (text) => {
      const note = (outcome: WriteOutcome): number => outcomes.push(`${text} ${outcome}`);
      void writer.write(text).then(note);
    },
  };
}

describe('LineWriter', () => {
  it('writes a line at once when the stream is free', async () => {
    const { pieces, outcomes, finish, write } = stage();
    write('a');
    expect(pieces).toEqual(['a\n']);
    expect(outcomes).toEqual([]);
    await finish();
    write('b');
    expect(pieces).toEqual(['a\n', 'b\n']);
    await finish();
    expect(outcomes).toEqual(['a written', 'b written']);
  });

  it('writes what came while the stream was busy in one piece, in order', async () => {
    const { pieces, outcomes, finish, write, writer } = stage();
    for (const text of ['a', 'bb', 'ccc']) write(text);
    expect(pieces).toEqual(['a\n']);
    expect(writer.waitingLength).toBe(6);
    await finish();
    expect(pieces).toEqual(['a\n', 'bb\nccc\n']);
    expect(writer.waitingLength).toBe(5);
    await finish();
    expect(outcomes).toEqual(['a written', 'bb written', 'ccc written']);
    expect(writer.waitingLength).toBe(0);
  });

  it('knows that a line did not get through that failed alone, and those that waited for it', async () => {
    const { outcomes, finish, write, pieces, writer } = stage();
    for (const text of ['a', 'b', 'c']) write(text);
    await finish(new Error('EPIPE'));
    expect(outcomes.toSorted()).toEqual(['a not-written', 'b not-written', 'c not-written']);
    expect(pieces).toEqual(['a\n']);
    expect(writer.waitingLength).toBe(0);
  });

  it('does not know it of lines that failed together', async () => {
    const { outcomes, finish, write } = stage();
    for (const text of ['a', 'b', 'c']) write(text);
    await finish();
    write('d');
    await finish(new Error('EPIPE'));
    expect(outcomes.toSorted()).toEqual(['a written', 'b unknown', 'c unknown', 'd not-written']);
  });

  it('gets nothing through once the stream is broken', async () => {
    const { outcomes, finish, write } = stage();
    write('a');
    await finish(new Error('EPIPE'));
    write('b');
    await settle();
    expect(outcomes).toEqual(['a not-written', 'b not-written']);
  });
});
