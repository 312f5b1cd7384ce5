import { describe, expect, it } from 'vitest';
import {
  encodeFrame,
  FrameReader,
  MAX_FRAME_BYTES,
} from '../../../../../src/engines/javascript/runner/wire/frames.js';

const frame = (message: object) => encodeFrame(message) ?? Buffer.alloc(0);

describe('FrameReader', () => {
  it('reads what encodeFrame() wrote', () => {
    expect(new FrameReader().push(frame({ a: 'ä€😀' }))).toEqual([{ a: 'ä€😀' }]);
  });

  it('reads several frames of one chunk, and keeps the rest', () => {
    const reader = new FrameReader();
    const bytes = Buffer.concat([frame({ a: 1 }), frame({ b: 2 }), frame({ c: 3 })]);
    expect(reader.push(bytes.subarray(0, -1))).toEqual([{ a: 1 }, { b: 2 }]);
    expect(reader.push(bytes.subarray(-1))).toEqual([{ c: 3 }]);
  });

  it('reads a frame that comes byte by byte', () => {
    const reader = new FrameReader();
    const messages = [...frame({ a: 1 })].flatMap((byte) => reader.push(Buffer.of(byte)));
    expect(messages).toEqual([{ a: 1 }]);
  });

  it('refuses a length over the bound before it waits for it', () => {
    const header = Buffer.alloc(4);
    header.writeUInt32LE(MAX_FRAME_BYTES + 1);
    expect(() => new FrameReader().push(header)).toThrow(RangeError);
  });

  it('refuses what is not JSON', () => {
    expect(() => new FrameReader().push(Buffer.from([1, 0, 0, 0, 0x7b]))).toThrow(SyntaxError);
  });
});

describe('encodeFrame()', () => {
  it('gives nothing for a message that is too long', () => {
    expect(encodeFrame({ a: 'x'.repeat(MAX_FRAME_BYTES) })).toBeUndefined();
    expect(encodeFrame({ a: 'x'.repeat(MAX_FRAME_BYTES - 8) })).toHaveLength(MAX_FRAME_BYTES + 4);
  });
});
