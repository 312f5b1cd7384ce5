import { describe, expect, it } from 'vitest';
import { makePlace, type Place, type Ran } from '../../run-cli.ts';
import { sampleConfig, SERVER_SECRET } from '../../sample-config.ts';
import { recorded, versions } from './scripts-place.ts';

const ABOUT = ['--name', 'count_letters', '--description', 'Counts letters'] as const;

async function save(place: Place, code: string, ...more: readonly string[]): Promise<Ran> {
  const config = await place.write('smcp.yaml', sampleConfig());
  const file = await place.write('count.ts', code);
  return await place.smcp(['scripts', 'save', file, ...ABOUT, '--config', config, '--by', 'dana', ...more]);
}

describe('smcp scripts save', () => {
  it('puts a file forward, which waits then, and records it', async () => {
    await using place = await makePlace();
    const { code, stdout } = await save(place, '#!/usr/bin/env -S smcp run\nreturn 1;');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Saved count_letters@1; it waits for approval\n' });
    expect(await versions(place, 'count_letters')).toEqual(['1 waiting -']);
    expect(await recorded(place)).toMatchObject([
      { event: 'script.saved', detail: { name: 'count_letters', version: 1, by: 'dana' } },
    ]);
    const shown = JSON.parse((await place.smcp(['scripts', 'show', 'count_letters', '--json'])).stdout);
    expect(shown).toMatchObject({ code: '\nreturn 1;', savedBy: 'operator:dana', servers: [] });
  });

  it('takes schemas and servers, these by the names that scripts use as well', async () => {
    await using place = await makePlace();
    const input = await place.write('input.json', '{"type":"object","properties":{"n":{"type":"integer"}}}');
    const more = ['--input', `@${input}`, '--output', '{"type":"object"}', '--servers', 'everything, broken'];
    const { code, stdout } = await save(place, 'return { n: args.n }', ...more, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      servers: ['broken', 'everything'],
      inputSchema: { properties: { n: { type: 'integer' } } },
      outputSchema: { type: 'object' },
    });
  });

  it('tells what deserves a second look', async () => {
    await using place = await makePlace();
    const { stdout } = await save(place, 'return eval("1")');
    expect(stdout).toContain('worth a second look: code: "eval" at 1:8');
  });

  it('saves the same script once', async () => {
    await using place = await makePlace();
    await save(place, 'return 1;');
    await save(place, 'return 1;');
    expect(await versions(place, 'count_letters')).toHaveLength(1);
  });

  it('refuses a script with a secret of the configuration, and does not tell it', async () => {
    await using place = await makePlace();
    const { code, stderr } = await save(place, `return '${SERVER_SECRET}'`);
    expect(code).toBe(1);
    expect(stderr).toContain('holds credentials');
    expect(stderr).not.toContain(SERVER_SECRET);
    expect(await versions(place, 'count_letters')).toEqual([]);
    expect(await recorded(place)).toEqual([]);
  });

  it.each([
    ['a server that is not configured', ['--servers', 'nope'], 'SCRIPT_INVALID'],
    ['a name that is none', ['--name', 'Count'], 'SCRIPT_INVALID'],
    ['a schema that is none', ['--input', '{"type":"wrong"}'], 'SCRIPT_INVALID'],
    ['a schema that is no JSON', ['--input', '{'], 'INPUT_INVALID'],
    ['a name for the record that could be anything', ['--by', 'a b'], 'USAGE'],
  ])('refuses %s', async (_, more, expected) => {
    await using place = await makePlace();
    const { code, stdout } = await save(place, 'return 1', ...more, '--json');
    expect(code).not.toBe(0);
    expect(JSON.parse(stdout).error.code).toBe(expected);
    expect(await versions(place, 'count_letters')).toEqual([]);
  });

  it.each([
    ['--name', ['--description', 'x']],
    ['--description', ['--name', 'x']],
  ])('wants %s', async (option, more) => {
    await using place = await makePlace();
    const file = await place.write('count.ts', 'return 1');
    const { code, stderr } = await place.smcp(['scripts', 'save', file, ...more]);
    expect(code).toBe(2);
    expect(stderr).toContain(`Required option '${option}`);
  });
});
