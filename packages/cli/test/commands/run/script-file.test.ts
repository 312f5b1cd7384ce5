import { Readable } from 'node:stream';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Cli } from '../../../src/cli/cli.ts';
import { readScriptFile } from '../../../src/commands/run/script-file.ts';
import { Collector, makePlace } from '../../run-cli.ts';

function cliWith(input: string | Uint8Array = ''): Cli {
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  return new Cli({
    stdin: Readable.from([bytes]),
    stdout: new Collector(),
    stderr: new Collector(),
    env: {},
    now: () => 0,
  });
}

/** What `args` holds after `code`, as JSON text. */
const evaluated = (code: string): string => String(runInNewContext(`${code} JSON.stringify(args)`));

const fromStdin = async (text: string, args?: string) => await readScriptFile(cliWith(text), '-', args);

describe('readScriptFile()', () => {
  it('gives a script without a first line for the shell as it stands', async () => {
    const script = await fromStdin('const a = 1;\nreturn a;\n');
    expect(script).toEqual({
      name: '-',
      language: 'typescript',
      text: 'const a = 1;\nreturn a;\n',
      code: 'const a = 1;\nreturn a;\n',
      addedColumns: 0,
    });
  });

  it('leaves the line for the shell out and every other line where it was', async () => {
    const { code } = await fromStdin('#!/usr/bin/env -S smcp run\nreturn 1;');
    expect(code).toBe('\nreturn 1;');
  });

  it.each([
    ['in the middle', 'return 1;\n#! not a first line'],
    ['after a blank', ' #!/usr/bin/env smcp'],
  ])('takes "#!" %s for what it is', async (_, text) => {
    expect((await fromStdin(text)).code).toBe(text);
  });

  it('puts arguments in front and says how many columns they take', async () => {
    const { code, addedColumns } = await fromStdin('return args.n;', '{"n":"1"}');
    expect(code).toBe(`const args = JSON.parse("{\\"n\\":\\"1\\"}");return args.n;`);
    expect(code.slice(addedColumns)).toBe('return args.n;');
  });

  it('puts arguments in the place of the line for the shell, so that no column is another', async () => {
    const script = await fromStdin('#!/usr/bin/env -S smcp run\nreturn args.n;', '{"n":"1"}');
    expect(script.code.split('\n')[1]).toBe('return args.n;');
    expect(script.addedColumns).toBe(0);
  });

  it('gives arguments that look like code as data', async () => {
    const { code, addedColumns } = await fromStdin('', JSON.stringify({ a: '"); hostile(); ("\u2028' }));
    const read: unknown = JSON.parse(evaluated(code.slice(0, addedColumns)));
    expect(read).toEqual({ a: '"); hostile(); ("\u2028' });
  });

  it('keeps a member called __proto__ a member', async () => {
    const { code } = await fromStdin('', '{"__proto__":{"a":1}}');
    expect(evaluated(code)).toBe('{"__proto__":{"a":1}}');
  });

  it('drops the mark at the beginning of a file that some editors write', async () => {
    expect((await fromStdin('\uFEFF#!/usr/bin/env -S smcp run\n1')).code).toBe('\n1');
  });

  it.each([
    ['a.ts', 'typescript'],
    ['a.mts', 'typescript'],
    ['a', 'typescript'],
    ['a.js', 'javascript'],
    ['a.MJS', 'javascript'],
    ['a.cjs', 'javascript'],
  ])('takes %s for %s', async (name, language) => {
    await using place = await makePlace();
    const file = await place.write(name, 'return 1');
    expect((await readScriptFile(cliWith(), file, undefined)).language).toBe(language);
  });

  it('refuses a file that is not there', async () => {
    await expect(readScriptFile(cliWith(), '/nowhere/a.ts', undefined)).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringContaining('"/nowhere/a.ts"'),
    });
  });

  it('refuses standard input that is no text', async () => {
    const bytes = Uint8Array.of(0xff, 0xfe, 0x00);
    await expect(readScriptFile(cliWith(bytes), '-', undefined)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  it('refuses standard input that does not end', async () => {
    const huge = 'x'.repeat(4 * 1024 * 1024 + 1);
    await expect(fromStdin(huge)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
