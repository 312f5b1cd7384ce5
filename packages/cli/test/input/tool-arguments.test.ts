import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Cli } from '../../src/cli/cli.ts';
import { readToolArguments } from '../../src/input/tool-arguments.ts';
import { Collector, makePlace } from '../run-cli.ts';

function makeCli(input: string | Buffer = ''): Cli {
  const streams = { stdout: new Collector(), stderr: new Collector() };
  return new Cli({ ...streams, stdin: Readable.from([Buffer.from(input)]), env: {}, now: () => 0 });
}

describe('readToolArguments()', () => {
  it('reads a JSON object and keeps its numbers as written', async () => {
    const document = await readToolArguments('{"n": 12345678901234567890}', makeCli());
    expect(document.text).toBe('{"n": 12345678901234567890}');
    expect(document.exactNumbers).toBe(false);
  });

  it('reads a file', async () => {
    await using place = await makePlace();
    const file = await place.write('args.json', '{"path":"x"}\n');
    expect((await readToolArguments(`@${file}`, makeCli())).value).toEqual({ path: 'x' });
  });

  it('reads standard input', async () => {
    expect((await readToolArguments('-', makeCli('{"a":1}'))).value).toEqual({ a: 1 });
  });

  it.each([
    ['no JSON', '{oops'],
    ['an array', '[1]'],
    ['a string', '"x"'],
    ['null', 'null'],
    ['nothing', ''],
    ['a key twice', '{"a":1,"a":2}'],
    ['two documents', '{} {}'],
    ['what would end the message around it', '{}},"x":{"a":{}'],
    ['a comment', '{} // x'],
    ['too deep nesting', `{"a":${'['.repeat(100)}${']'.repeat(100)}}`],
  ])('refuses %s', async (_what, text) => {
    await expect(readToolArguments(text, makeCli())).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      exit: 2,
    });
  });

  it('does not quote what it refuses', async () => {
    await expect(readToolArguments('{"token": "hunter2-hunter2', makeCli())).rejects.toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });

  it('refuses standard input that is not UTF-8', async () => {
    await expect(readToolArguments('-', makeCli(Buffer.from([0x7b, 0xff, 0x7d])))).rejects.toThrow(
      'not UTF-8',
    );
  });

  it('refuses standard input beyond 4 MiB', async () => {
    await expect(readToolArguments('-', makeCli(`{"a":"${'x'.repeat(4 * 1024 * 1024)}"}`))).rejects.toThrow(
      'more than',
    );
  });

  it('refuses a file that is not there', async () => {
    await expect(readToolArguments('@/nowhere/args.json', makeCli())).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: 'The file "/nowhere/args.json" does not exist',
    });
  });
});
