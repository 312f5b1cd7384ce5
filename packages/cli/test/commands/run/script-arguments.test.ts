import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Cli } from '../../../src/cli/cli.ts';
import { readScriptArguments, type ArgumentOptions } from '../../../src/commands/run/script-arguments.ts';
import { Collector, makePlace } from '../../run-cli.ts';

async function read(options: ArgumentOptions, { script = 'a.ts', input = '' } = {}) {
  const cli = new Cli({
    stdin: Readable.from([Buffer.from(input)]),
    stdout: new Collector(),
    stderr: new Collector(),
    env: {},
    now: () => 0,
  });
  return await readScriptArguments(cli, options, script);
}

describe('readScriptArguments()', () => {
  it('gives nothing when nothing was given', async () => {
    expect(await read({})).toBeUndefined();
  });

  it('gives pairs as texts, also such with "=" and line breaks in them', async () => {
    const text = (await read({ arg: ['limit=10', 'where=a=b', 'text=one\ntwo', 'empty='] })) ?? '';
    expect(JSON.parse(text)).toEqual({ limit: '10', where: 'a=b', text: 'one\ntwo', empty: '' });
  });

  it('keeps a name that objects have a meaning for', async () => {
    expect(await read({ arg: ['__proto__=x'] })).toBe('{"__proto__":"x"}');
  });

  it('gives a JSON object as it was written', async () => {
    expect(await read({ args: ' {"n": 1.50} ' })).toBe('{"n": 1.50}');
  });

  it('reads JSON from a file and from standard input', async () => {
    await using place = await makePlace();
    const file = await place.write('args.json', '{"a":1}');
    expect(await read({ args: `@${file}` })).toBe('{"a":1}');
    expect(await read({ args: '-' }, { input: '{"b":2}' })).toBe('{"b":2}');
  });

  it.each([
    ['a pair without "="', { arg: ['limit'] }, 'USAGE'],
    ['a pair without a name', { arg: ['=10'] }, 'USAGE'],
    ['a name that is given twice', { arg: ['a=1', 'a=2'] }, 'USAGE'],
    ['both forms', { arg: ['a=1'], args: '{}' }, 'USAGE'],
    ['a list', { args: '[1]' }, 'INPUT_INVALID'],
    ['what is no JSON', { args: '{a:1}' }, 'INPUT_INVALID'],
    ['a member twice', { args: '{"a":1,"a":2}' }, 'INPUT_INVALID'],
    ['a file that is not there', { args: '@/nowhere.json' }, 'FILE_UNREADABLE'],
  ])('refuses %s', async (_, options, code) => {
    await expect(read(options)).rejects.toMatchObject({ name: 'CliError', code });
  });

  it('refuses to read script and arguments from standard input', async () => {
    await expect(read({ args: '-' }, { script: '-' })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('not both'),
    });
  });

  it('never quotes a value in a message', async () => {
    await expect(read({ arg: ['key=hunter2', 'key=hunter2'] })).rejects.toMatchObject({
      message: expect.not.stringContaining('hunter2'),
    });
  });
});
