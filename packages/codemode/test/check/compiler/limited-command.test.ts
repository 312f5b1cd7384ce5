import { describe, expect, it } from 'vitest';
import { compilerEnvironment, limitedCommand } from '../../../src/check/compiler/limited-command.ts';

const LIMITS = { memoryBytes: 512 * 1024 * 1024, cpuSeconds: 11 };

describe('limitedCommand()', () => {
  it('sets limits and then becomes the command, whatever is in it', () => {
    const [shell, option, script, ...rest] = limitedCommand(['/a b', '$(evil)', ''], LIMITS, 'linux');
    expect([shell, option]).toEqual(['/bin/sh', '-c']);
    expect(script).toContain('ulimit -d 524288');
    expect(script).toContain('ulimit -t 11');
    expect(script).toMatch(/; exec "\$@"$/u);
    expect(rest).toEqual(['sh', '/a b', '$(evil)', '']);
  });

  it('leaves the command as it is where there is no such shell', () => {
    expect(limitedCommand(['a', 'b'], LIMITS, 'win32')).toEqual(['a', 'b']);
  });
});

describe('compilerEnvironment()', () => {
  it('keeps the garbage below the hard limit', () => {
    expect(Number(compilerEnvironment(LIMITS)['GOMEMLIMIT'])).toBe(384 * 1024 * 1024);
  });
});
