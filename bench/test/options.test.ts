import { describe, expect, it } from 'vitest';
import { parseOptions } from '../options.ts';

describe('parseOptions()', () => {
  it('measures fully and prints text by default', () => {
    expect(parseOptions([])).toMatchObject({ output: 'text', from: undefined });
    expect(parseOptions([]).settings).toMatchObject({
      rounds: 5,
      clients: [1, 16],
      openSessions: 1000,
      starts: 10,
    });
  });

  it('has a full run that ends before its own deadline', () => {
    const { rounds, roundMs, rampMs, warmUpMs, clients, deadlineMs } = parseOptions([]).settings;
    const cases = (4 + 4 + 2) * clients.length;
    expect(cases * (warmUpMs + rounds * (rampMs + roundMs))).toBeLessThan(deadlineMs * 0.75);
  });

  it('knows a quick run and the forms of output', () => {
    expect(parseOptions(['--quick']).settings).toMatchObject({ rounds: 1, deadlineMs: 60_000 });
    expect(parseOptions(['--json']).output).toBe('json');
    expect(parseOptions(['--markdown', '--from', 'x.json'])).toMatchObject({
      output: 'markdown',
      from: 'x.json',
    });
  });

  it.each([
    ['two forms of output', ['--json', '--markdown']],
    ['a quick run of an earlier one', ['--quick', '--from', 'x.json']],
    ['an unknown option', ['--fast']],
    ['a value without an option', ['x.json']],
    ['an option without its value', ['--from']],
  ])('refuses %s', (_what, args) => {
    expect(() => parseOptions(args)).toThrow(TypeError);
  });
});
