import { describe, expect, it } from 'vitest';
import { parseFixtureOptions } from '../fixture/options.ts';
import { parseOptions } from '../options.ts';

describe('parseOptions()', () => {
  it('judges everything through the gateway by default', () => {
    expect(parseOptions([])).toEqual({
      ways: ['http-modern', 'http-legacy', 'stdio'],
      sets: ['2026-07-28', '2025-11-25', 'tasks'],
      scenario: undefined,
      direct: false,
      keep: false,
      mayAsk: true,
      json: undefined,
    });
  });

  it('takes several ways and sets, in the order of the house', () => {
    const args = ['--upstream', 'stdio', '--upstream', 'http-modern', '--requirements', 'tasks'];
    expect(parseOptions(args)).toMatchObject({ ways: ['http-modern', 'stdio'], sets: ['tasks'] });
  });

  it('leaves may_ask out of the configuration when told to', () => {
    expect(parseOptions(['--no-may-ask']).mayAsk).toBe(false);
  });

  it.each([
    ['an unknown way', ['--upstream', 'sse']],
    ['an unknown set', ['--requirements', '2024-11-05']],
    ['a known set beside an unknown one', ['--requirements', 'tasks', '--requirements', 'task']],
    ['an unknown option', ['--fast']],
    ['an option without its value', ['--json']],
    ['a value without an option', ['stdio']],
  ])('refuses %s', (_what, args) => {
    expect(() => parseOptions(args)).toThrow(TypeError);
  });
});

describe('parseFixtureOptions()', () => {
  it('takes a free port and either era by default', () => {
    expect(parseFixtureOptions(['--transport', 'stdio'])).toEqual({
      transport: 'stdio',
      era: 'dual',
      port: 0,
    });
  });

  it('takes the largest port there is', () => {
    expect(parseFixtureOptions(['--transport', 'http-modern', '--port', '65535']).port).toBe(65_535);
  });

  it.each([
    ['no transport', []],
    ['an unknown transport', ['--transport', 'http']],
    ['an unknown era', ['--transport', 'stdio', '--era', 'ancient']],
    ['an era over HTTP, where the transport says it', ['--transport', 'http-legacy', '--era', 'modern']],
    ['a port above the largest', ['--transport', 'http-legacy', '--port', '65536']],
    ['a port that is no whole number', ['--transport', 'http-legacy', '--port', '80.5']],
    ['an empty port', ['--transport', 'http-legacy', '--port', '']],
  ])('refuses %s', (_what, args) => {
    expect(() => parseFixtureOptions(args)).toThrow(TypeError);
  });
});
