import { duplexPair } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Channel } from '../../../src/worker/channel/channel.ts';
import { ChannelError } from '../../../src/worker/channel/channel-error.ts';
import { AuditError } from '../../../src/audit/index.ts';
import { linked } from '../linked.ts';

const CLOSED = expect.objectContaining({ code: 'CHANNEL_CLOSED' });

describe('Channel.ask()', () => {
  it('gives the answer of the other side', async () => {
    using pair = linked({ double: (body) => Number(body) * 2 });
    expect(await pair.channel.ask('double', 21)).toBe(42);
  });

  it('waits for an answer that takes its time, and keeps answers apart', async () => {
    const later = Promise.withResolvers<unknown>();
    using pair = linked({ slow: () => later.promise, fast: () => 'fast' });
    const slow = pair.channel.ask('slow', null);
    expect(await pair.channel.ask('fast', null)).toBe('fast');
    later.resolve('slow');
    expect(await slow).toBe('slow');
  });

  it('gives null for an answer that is nothing', async () => {
    using pair = linked({ nothing: () => undefined });
    expect(await pair.channel.ask('nothing', null)).toBeNull();
  });

  it('rejects with the code of what the other side throws', async () => {
    using pair = linked({
      broken: () => {
        throw new AuditError('AUDIT_UNWRITABLE', 'The disk is full');
      },
      failed: async () => await Promise.reject(new Error('no code')),
    });
    await expect(pair.channel.ask('broken', null)).rejects.toMatchObject({
      code: 'CHANNEL_REFUSED',
      remoteCode: 'AUDIT_UNWRITABLE',
      message: 'The disk is full',
    });
    await expect(pair.channel.ask('failed', null)).rejects.toMatchObject({ remoteCode: 'FAILED' });
    expect(pair.channel.isOpen).toBe(true);
  });

  it('sends what is asked in one turn in one write, in order', async () => {
    const [near, distant] = duplexPair();
    const writes: string[] = [];
    distant.on('data', (chunk: Buffer) => writes.push(chunk.toString()));
    using channel = new Channel({ stream: near, handlers: {}, onEnd: () => undefined });
    const asked = [channel.ask('a', 1), channel.ask('b', 2)];
    channel.tell('c', 3);
    await turn();
    await turn();
    expect(writes).toEqual(['["ask",1,"a",1]\n["ask",2,"b",2]\n["tell","c",3]\n']);
    channel[Symbol.dispose]();
    await Promise.allSettled(asked);
  });

  it('rejects what is open, and what comes after, when the other side ends', async () => {
    using pair = linked({ never: async () => await new Promise(() => undefined) });
    const open = pair.channel.ask('never', null);
    await turn();
    pair.far[Symbol.dispose]();
    await expect(open).rejects.toThrow(CLOSED);
    await expect(pair.channel.ask('never', null)).rejects.toThrow(CLOSED);
    expect(pair.ends).toEqual([undefined]);
  });

  it('rejects when the other side does not read', async () => {
    const [near] = duplexPair();
    using channel = new Channel({ stream: near, handlers: {}, onEnd: () => undefined });
    const asked: Promise<unknown>[] = [];
    const part = 'x'.repeat(8 * 1024 * 1024);
    for (let n = 0; n < 9; n += 1) {
      asked.push(channel.ask('append', part));
    }
    await expect(channel.ask('append', part)).rejects.toMatchObject({ code: 'CHANNEL_FULL' });
    channel[Symbol.dispose]();
    await Promise.allSettled(asked);
  });

  it('answers after its own end are not sent', async () => {
    const later = Promise.withResolvers<unknown>();
    using pair = linked({ slow: () => later.promise });
    const asked = pair.channel.ask('slow', null);
    await turn();
    await turn();
    pair.far[Symbol.dispose]();
    later.resolve(1);
    await expect(asked).rejects.toThrow(CLOSED);
  });
});

describe('Channel.askWithin()', () => {
  it('gives an answer in time', async () => {
    using pair = linked({ fast: () => 1 });
    expect(await pair.channel.askWithin(10_000, 'fast', null)).toBe(1);
  });

  it('rejects without one, and survives one that comes later', async () => {
    const later = Promise.withResolvers<unknown>();
    using pair = linked({ slow: () => later.promise, fast: () => 'still here' });
    await expect(pair.channel.askWithin(1, 'slow', null)).rejects.toMatchObject({ code: 'CHANNEL_TIMEOUT' });
    later.resolve(1);
    expect(await pair.channel.ask('fast', null)).toBe('still here');
  });
});

describe('Channel, towards a side that has lost its senses,', () => {
  it.each([
    ['text that is no JSON', 'hello'],
    ['JSON that is no message', '{"ask":1}'],
    ['a name without a handler', '["ask",1,"unlock",{}]'],
    ['a name of every object', '["tell","constructor",{}]'],
    ['an answer to nothing', '["value",7,true]'],
    ['an error to nothing', '["error",7,"A","b"]'],
  ])('ends on %s', async (_what, line) => {
    using pair = linked({ known: () => 1 });
    pair.wire.write(`${line}\n`);
    await expect.poll(() => pair.farEnds.length).toBe(1);
    expect(pair.farEnds[0]).toMatchObject({ code: 'CHANNEL_BROKEN' });
    await expect(pair.far.ask('anything', null)).rejects.toThrow(CLOSED);
  });

  it('ends when the same question is answered twice', async () => {
    using pair = linked();
    const asked = pair.far.ask('x', null).catch(() => 'rejected');
    pair.channel[Symbol.dispose]();
    expect(await asked).toBe('rejected');

    const [near, distant] = duplexPair();
    const ends: unknown[] = [];
    using channel = new Channel({ stream: near, handlers: {}, onEnd: (error) => ends.push(error) });
    const first = channel.ask('x', null);
    distant.write('["value",1,"a"]\n["value",1,"b"]\n');
    expect(await first).toBe('a');
    expect(ends).toEqual([expect.objectContaining({ code: 'CHANNEL_BROKEN' })]);
  });

  it('ends when a handler finds the body senseless', async () => {
    using pair = linked({
      strict: () => {
        throw new ChannelError('CHANNEL_BROKEN', 'no number in "n"');
      },
    });
    await expect(pair.channel.ask('strict', null)).rejects.toThrow(CLOSED);
    expect(pair.farEnds).toEqual([expect.objectContaining({ message: 'no number in "n"' })]);
  });

  it('ends on a line that is too long, in bounded memory', async () => {
    const [near, distant] = duplexPair();
    const ends: unknown[] = [];
    using _channel = new Channel({
      stream: near,
      handlers: {},
      onEnd: (error) => ends.push(error),
      maxLineBytes: 100,
    });
    distant.write(`["tell","x","${'y'.repeat(200)}"]\n`);
    await expect.poll(() => ends.length).toBe(1);
    expect(ends[0]).toMatchObject({ code: 'CHANNEL_BROKEN' });
  });

  it('takes nothing more of what came in the same piece', async () => {
    const heard: unknown[] = [];
    using pair = linked({ note: (body) => heard.push(body) });
    pair.wire.write('["tell","note",1]\nnonsense\n["tell","note",2]\n');
    await expect.poll(() => pair.farEnds.length).toBe(1);
    expect(heard).toEqual([1]);
  });

  it('ends when the stream fails', async () => {
    using pair = linked();
    const asked = pair.channel.ask('x', null);
    pair.wire.destroy(new Error('EPIPE'));
    await expect(asked).rejects.toThrow(CLOSED);
    expect(pair.ends).toEqual([expect.objectContaining({ code: 'CHANNEL_CLOSED' })]);
  });
});

describe('Channel.tell()', () => {
  it('is heard, in order with what is asked', async () => {
    const heard: unknown[] = [];
    using pair = linked({
      note: (body) => {
        heard.push(body);
      },
      heard: () => heard.length,
    });
    pair.channel.tell('note', 'a');
    pair.channel.tell('note', 'b');
    expect(await pair.channel.ask('heard', null)).toBe(2);
  });

  it('does nothing after the end', () => {
    using pair = linked();
    pair.channel[Symbol.dispose]();
    expect(() => {
      pair.channel.tell('note', 1);
    }).not.toThrow();
  });
});

describe('Channel[Symbol.dispose]()', () => {
  it('sends what waits first', async () => {
    const heard: unknown[] = [];
    using pair = linked({
      note: (body) => {
        heard.push(body);
      },
    });
    pair.channel.tell('note', 'last words');
    pair.channel[Symbol.dispose]();
    await expect.poll(() => heard).toEqual(['last words']);
  });

  it('tells of the end once', () => {
    using pair = linked();
    pair.channel[Symbol.dispose]();
    pair.channel[Symbol.dispose]();
    expect(pair.ends).toEqual([undefined]);
  });
});
