import { describe, expect, it } from 'vitest';
import { parseCodemodeOptions } from '../../codemode/options.ts';

describe('parseCodemodeOptions()', () => {
  it('measures everybody fully and prints text by default', () => {
    const { settings, ...rest } = parseCodemodeOptions([]);
    expect(rest).toEqual({ output: 'text', from: undefined, peers: true });
    expect(settings).toMatchObject({ rounds: 5, sessions: [8, 16], clients: 4 });
  });

  it('has full rounds that end well before the deadline', () => {
    const { rounds, freshMs, parallelMs, deadlineMs } = parseCodemodeOptions([]).settings;
    const contenders = 4;
    expect(rounds * contenders * (freshMs + parallelMs)).toBeLessThan(deadlineMs / 3);
  });

  it('knows a quick run, one without peers, and the forms of output', () => {
    expect(parseCodemodeOptions(['--quick']).settings).toMatchObject({ rounds: 1, starts: 1 });
    expect(parseCodemodeOptions(['--no-peers', '--json'])).toMatchObject({ peers: false, output: 'json' });
    expect(parseCodemodeOptions(['--markdown', '--from', 'x.json'])).toMatchObject({
      output: 'markdown',
      from: 'x.json',
    });
  });

  it.each([
    ['two forms of output', ['--json', '--markdown']],
    ['a quick run of an earlier one', ['--quick', '--from', 'x.json']],
    ['an earlier run without peers', ['--no-peers', '--from', 'x.json']],
    ['an unknown option', ['--fast']],
    ['a word', ['codemode']],
    ['an option without its value', ['--from']],
  ])('refuses %s', (_what, args) => {
    expect(() => parseCodemodeOptions(args)).toThrow(TypeError);
  });
});
