import { describe, expect, it } from 'vitest';
import { DEFAULT_MAX_FRAME_BYTES, encodeFrame, FrameDecoder } from '../../src/wire/frame.ts';
import { ProtocolError } from '../../src/wire/protocol-error.ts';

const MESSAGES = [{ type: 'a' }, { type: 'b', text: 'grüße 🦊' }, { type: 'c', long: 'x'.repeat(5000) }];

function texts(frames: readonly Buffer[]): unknown[] {
  return frames.map((frame) => JSON.parse(frame.toString()));
}

describe('encodeFrame()', () => {
  it('puts the length in bytes first, little end first', () => {
    const frame = encodeFrame({ text: 'é' });
    expect(frame.readUInt32LE()).toBe(frame.length - 4);
    expect(frame.subarray(4).toString()).toBe('{"text":"é"}');
  });
});

describe('FrameDecoder', () => {
  const stream = Buffer.concat(MESSAGES.map(encodeFrame));

  it('gives all frames of one chunk', () => {
    expect(texts(new FrameDecoder().push(stream))).toEqual(MESSAGES);
  });

  it.each([1, 2, 3, 5, 7, 1000, 4096])(
    'gives the same frames when they come in pieces of %i bytes',
    (size) => {
      const decoder = new FrameDecoder();
      const frames: Buffer[] = [];
      for (let at = 0; at < stream.length; at += size) {
        frames.push(...decoder.push(stream.subarray(at, at + size)));
      }
      expect(texts(frames)).toEqual(MESSAGES);
    },
  );

  it('gives the same frames at every place where one chunk ends and the next begins', () => {
    for (let cut = 0; cut <= 60; cut += 1) {
      const decoder = new FrameDecoder();
      const frames = [...decoder.push(stream.subarray(0, cut)), ...decoder.push(stream.subarray(cut))];
      expect(texts(frames)).toEqual(MESSAGES);
    }
  });

  it('keeps a frame whole when the chunks it came in are overwritten', () => {
    const decoder = new FrameDecoder();
    const frame = encodeFrame({ text: 'x'.repeat(200) });
    const first = Buffer.from(frame.subarray(0, 100));
    decoder.push(first);
    first.fill(0);
    expect(texts(decoder.push(frame.subarray(100)))).toEqual([{ text: 'x'.repeat(200) }]);
  });

  it('takes a frame of exactly the largest size', () => {
    const frame = encodeFrame({ text: 'x'.repeat(100) });
    expect(new FrameDecoder(frame.length - 4).push(frame)).toHaveLength(1);
  });

  it('refuses a frame one byte larger than that', () => {
    const frame = encodeFrame({ text: 'x'.repeat(100) });
    expect(() => new FrameDecoder(frame.length - 5).push(frame)).toThrow(ProtocolError);
  });

  it('refuses a length of 0', () => {
    expect(() => new FrameDecoder().push(Buffer.alloc(4))).toThrow(ProtocolError);
  });

  it.each([0xff_ff_ff_ff, 0x80_00_00_00, DEFAULT_MAX_FRAME_BYTES + 1])(
    'refuses an announced length of %i before a byte of it has come',
    (length) => {
      const header = Buffer.alloc(4);
      header.writeUInt32LE(length);
      const decoder = new FrameDecoder();
      decoder.push(header.subarray(0, 3));
      expect(() => decoder.push(header.subarray(3))).toThrow(ProtocolError);
    },
  );

  it('takes text that is no frame for a bad length', () => {
    expect(() => new FrameDecoder().push(Buffer.from('Hello, world'))).toThrow(ProtocolError);
  });

  it('sets no more room aside than twice of what has come', () => {
    const header = Buffer.alloc(4);
    header.writeUInt32LE(DEFAULT_MAX_FRAME_BYTES);
    const before = process.memoryUsage().arrayBuffers;
    const decoders = Array.from({ length: 50 }, () => new FrameDecoder());
    for (const decoder of decoders) {
      decoder.push(header);
      decoder.push(Buffer.from('{'));
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(DEFAULT_MAX_FRAME_BYTES);
    expect(decoders).toHaveLength(50);
  });

  it('takes a long frame that comes byte by byte without copying it again and again', () => {
    const frame = encodeFrame({ text: 'x'.repeat(400_000) });
    const decoder = new FrameDecoder();
    const frames: Buffer[] = [];
    // Quadratic copying would move 80 GB here.
    for (let at = 0; at < frame.length; at += 1) {
      frames.push(...decoder.push(frame.subarray(at, at + 1)));
    }
    expect(frames).toHaveLength(1);
  });
});
