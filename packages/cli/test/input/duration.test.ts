import { describe, expect, it } from 'vitest';
import { CliError } from '../../src/errors/cli-error.ts';
import { ifDuration, parseDurationSeconds, parseFuture, parsePast } from '../../src/input/duration.ts';

const NOW = Date.parse('2026-08-01T12:00:00Z');

describe('ifDuration()', () => {
  it.each([
    ['90s', 90_000],
    ['10m', 600_000],
    ['1h', 3_600_000],
    ['30d', 2_592_000_000],
    ['2w', 1_209_600_000],
  ])('reads %s', (text, ms) => {
    expect(ifDuration(text)).toBe(ms);
  });

  it.each(['', '0d', '-1d', '1', 'd', '1.5h', '1 d', '1D', '30dd', '9999999d', '1y', '１d', '1constructor'])(
    'refuses %j',
    (text) => {
      expect(ifDuration(text)).toBeUndefined();
    },
  );
});

describe('parsePast()', () => {
  it('counts a duration back from now', () => {
    expect(parsePast('1h', '--since', NOW)).toBe('2026-08-01T11:00:00.000Z');
  });

  it('takes a date as its midnight in UTC', () => {
    expect(parsePast('2026-07-01', '--since', NOW)).toBe('2026-07-01T00:00:00.000Z');
  });

  it('respects the zone of a time', () => {
    expect(parsePast('2026-07-01T02:00:00+02:00', '--since', NOW)).toBe('2026-07-01T00:00:00.000Z');
  });

  it.each(['yesterday', '2026-07-01T10:00:00', '2026-02-31x', '2026-13-01', '01/02/2026', '', '1h ago'])(
    'refuses %j and names the option',
    (text) => {
      expect(() => parsePast(text, '--since', NOW)).toThrow(
        expect.objectContaining({ code: 'USAGE', exit: 2, message: expect.stringContaining('--since') }),
      );
    },
  );
});

describe('parseFuture()', () => {
  it('counts a duration from now', () => {
    expect(parseFuture('30d', '--expires', NOW)).toBe('2026-08-31T12:00:00.000Z');
  });

  it('accepts the next millisecond and refuses this one', () => {
    expect(parseFuture('2026-08-01T12:00:00.001Z', '--expires', NOW)).toBe('2026-08-01T12:00:00.001Z');
    expect(() => parseFuture('2026-08-01T12:00:00.000Z', '--expires', NOW)).toThrow(
      '--expires must lie in the future',
    );
  });

  it.each(['tomorrow', '2027-01-31T10:00', '0d'])('refuses %j', (text) => {
    expect(() => parseFuture(text, '--expires', NOW)).toThrow(CliError);
  });
});

describe('parseDurationSeconds()', () => {
  it('gives whole seconds', () => {
    expect(parseDurationSeconds('10m', '--ttl')).toBe(600);
  });

  it('refuses a date, which is no duration', () => {
    expect(() => parseDurationSeconds('2027-01-31', '--ttl')).toThrow(
      '--ttl must be a duration such as 90s, 10m or 1h',
    );
  });
});
