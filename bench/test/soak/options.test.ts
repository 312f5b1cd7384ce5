import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../soak/options.ts';

describe('parseOptions() of the soak', () => {
  it('takes ten minutes, everything, and the random seed it is handed', () => {
    expect(parseOptions([], 42)).toEqual({
      minutes: 10,
      seed: 42,
      clients: ['v1', 'v2', 'raw'],
      upstreams: ['stdio', 'http-legacy', 'http-modern'],
      json: undefined,
    });
  });

  it('takes parts of a minute, a seed, and some clients and upstreams', () => {
    const args = [
      '--minutes',
      '0.5',
      '--seed',
      '0',
      '--clients',
      'raw',
      '--clients',
      'v1',
      '--upstreams',
      'stdio',
    ];
    expect(parseOptions(args, 42)).toMatchObject({
      minutes: 0.5,
      seed: 0,
      clients: ['v1', 'raw'],
      upstreams: ['stdio'],
    });
  });

  it.each([
    ['no time at all', ['--minutes', '0']],
    ['time before now', ['--minutes=-1']],
    ['more than a day', ['--minutes', '1441']],
    ['time that is no number', ['--minutes', 'ten']],
    ['time without end', ['--minutes', 'Infinity']],
    ['an empty time', ['--minutes', '']],
    ['a seed that is not whole', ['--seed', '1.5']],
    ['a seed of more than 32 bits', ['--seed', '4294967296']],
    ['an unknown client', ['--clients', 'v3']],
    ['an unknown upstream', ['--upstreams', 'sse']],
    ['an unknown option', ['--fast']],
  ])('refuses %s', (_what, args) => {
    expect(() => parseOptions(args, 1)).toThrow(TypeError);
  });
});
