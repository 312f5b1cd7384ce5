import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { LineSplitter } from '../../../src/upstream/stdio/line-splitter.ts';

function split(
  maxBytes: number,
  chunks: readonly (string | Buffer)[],
): { lines: string[]; dropped: [string, string][] } {
  const lines: string[] = [];
  const dropped: [string, string][] = [];
  const splitter = new LineSplitter(maxBytes, {
    onLine: (line) => lines.push(line),
    onTooLong: (head, tail) => dropped.push([head, tail]),
  });
  for (const chunk of chunks) {
    splitter.push(Buffer.from(chunk));
  }
  return { lines, dropped };
}

describe('LineSplitter', () => {
  it('gives whole lines, wherever the chunks end', () => {
    expect(split(100, ['{"a"', ':1}\n{"b":2}\n{', '"c":3}', '\n']).lines).toEqual([
      '{"a":1}',
      '{"b":2}',
      '{"c":3}',
    ]);
  });

  it('gives nothing before the line has ended', () => {
    expect(split(100, ['{"a":1}']).lines).toEqual([]);
  });

  it('leaves out empty lines, carriage returns, outer blanks and a byte order mark', () => {
    expect(split(100, ['\uFEFF{"a":1}\r\n\r\n   \n\t{"b":2} \n']).lines).toEqual(['{"a":1}', '{"b":2}']);
  });

  it('keeps characters that are cut by a chunk', () => {
    const bytes = Buffer.from('"💥é"\n');
    expect(split(100, [bytes.subarray(0, 3), bytes.subarray(3, 6), bytes.subarray(6)]).lines).toEqual([
      '"💥é"',
    ]);
  });

  it.each([
    ['in one chunk', ['0123456789\n']],
    ['in pieces', ['01234', '56789', '\n']],
  ])('accepts a line of exactly the limit, %s', (_how, chunks) => {
    expect(split(10, chunks)).toEqual({ lines: ['0123456789'], dropped: [] });
  });

  it.each([
    ['in one chunk', ['0123456789a\nnext\n']],
    ['in pieces', ['01234', '56789', 'a', '\nnext\n']],
    ['byte by byte', '0123456789a\nnext\n'.split('')],
  ])('drops a line of one byte more and goes on with the next, %s [A87]', (_how, chunks) => {
    expect(split(10, chunks)).toEqual({ lines: ['next'], dropped: [['0123456789a', '0123456789a']] });
  });

  it('tells both ends of a dropped line, 256 characters each', () => {
    const line = `HEAD${'h'.repeat(300)}${'.'.repeat(5000)}${'t'.repeat(300)}TAIL`;
    const { dropped } = split(100, [line.slice(0, 90), line.slice(90, 3000), line.slice(3000), '\n']);
    expect(dropped).toEqual([[line.slice(0, 256), line.slice(-256)]]);
  });

  it('reports a dropped line once, when it has ended', () => {
    expect(split(10, ['x'.repeat(50), 'x'.repeat(50)]).dropped).toHaveLength(0);
    expect(split(10, ['x'.repeat(50), 'x'.repeat(50), '\n', 'ok\n']).dropped).toHaveLength(1);
  });

  it('holds no more than the limit of a line that never ends [A87]', () => {
    const splitter = new LineSplitter(64 * 1024, { onLine: () => undefined, onTooLong: () => undefined });
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const before = process.memoryUsage().arrayBuffers;
    for (let n = 0; n < 2000; n += 1) {
      splitter.push(chunk);
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
  });

  it('takes a long line in single bytes without holding a piece for each', () => {
    const byte = Buffer.from('x');
    const lines: string[] = [];
    const splitter = new LineSplitter(1024 * 1024, {
      onLine: (line) => lines.push(line),
      onTooLong: () => undefined,
    });
    const before = process.memoryUsage();
    for (let n = 0; n < 1024 * 1024; n += 1) {
      splitter.push(byte);
    }
    expect(process.memoryUsage().arrayBuffers - before.arrayBuffers).toBeLessThan(8 * 1024 * 1024);
    splitter.push(Buffer.from('\n'));
    expect(lines.map(({ length }) => length)).toEqual([1024 * 1024]);
  });

  it('does not depend on how the bytes are cut', () => {
    const text = fc.array(
      fc.string({ unit: 'grapheme', maxLength: 30 }).map((line) => line.replaceAll('\n', '')),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(
        text,
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 40 }),
        (lines, cuts, max) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
          const chunks: Buffer[] = [];
          for (let at = 0, n = 0; at < bytes.length; n += 1) {
            const size = cuts[n % cuts.length] ?? 1;
            chunks.push(bytes.subarray(at, at + size));
            at += size;
          }
          const wanted = lines.filter((line) => Buffer.byteLength(line) <= max).map((line) => line.trim());
          const found = split(max, chunks);
          expect(found.lines).toEqual(wanted.filter((line) => line !== ''));
          expect(found.dropped).toHaveLength(lines.filter((line) => Buffer.byteLength(line) > max).length);
        },
      ),
    );
  });
});
