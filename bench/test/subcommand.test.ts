import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ifSubcommand, SUBCOMMANDS } from '../subcommand.ts';
import { benchProgram } from '../targets/installed.ts';

describe('ifSubcommand()', () => {
  it.each([[[]], [['--quick']], [['--from', 'codemode']]])('finds none in %j', (args) => {
    expect(ifSubcommand(args)).toBeUndefined();
  });

  it('gives the program, and the arguments behind the word', () => {
    expect(ifSubcommand(['codemode', '--quick', '--json'])).toEqual({
      program: benchProgram('codemode', 'run.ts'),
      args: ['--quick', '--json'],
    });
  });

  it.each(['x.json', 'Codemode', 'constructor', '__proto__', ''])('refuses the word "%s"', (word) => {
    expect(() => ifSubcommand([word])).toThrow(TypeError);
  });

  it.each(Object.keys(SUBCOMMANDS))('names a program that there is: %s', (word) => {
    expect(existsSync(ifSubcommand([word])?.program ?? '')).toBe(true);
  });
});
