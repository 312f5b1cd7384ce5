import { describe, expect, it } from 'vitest';
import { commandOf, type Layering } from '../../src/layers/layering.ts';
import type { Program } from '../../src/layers/program.ts';

const PROGRAM: Program = {
  executable: '/opt/node',
  flags: ['--jitless'],
  entry: '/srv/lib/runner/main.js',
  args: ['a', 'b c'],
  mounts: [
    { from: '/srv/lib/runner', to: '/app/runner' },
    { from: '/srv/package.json', to: '/app/package.json' },
  ],
};

const PLAIN: Layering = { limits: undefined, bubblewrap: undefined, filter: undefined, identity: undefined };
const FILTER = Buffer.from('filter');
const CONTAINED: Layering = {
  ...PLAIN,
  bubblewrap: { file: '/usr/bin/bwrap', libraries: ['/lib/libc.so.6'], seccomp: true },
  filter: FILTER,
};

/** The values that follow an option each time it is there. */
function valuesOf(args: readonly string[], option: string, count: number): string[][] {
  return args.flatMap((arg, index) => (arg === option ? [args.slice(index + 1, index + 1 + count)] : []));
}

describe('commandOf()', () => {
  it('starts the program itself where there is no layer', () => {
    expect(commandOf(PROGRAM, PLAIN)).toEqual({
      file: '/opt/node',
      args: ['--jitless', '/srv/lib/runner/main.js', 'a', 'b c'],
      identity: undefined,
      filter: undefined,
    });
  });

  it('sets limits in a shell that becomes the program, with its arguments as they are', () => {
    const { file, args } = commandOf(PROGRAM, { ...PLAIN, limits: { memoryBytes: 256 * 1024 * 1024 } });
    expect(file).toBe('/bin/sh');
    expect(args[1]).toContain('ulimit -d 262144 || exit 126');
    expect(args[1]).toContain('ulimit -c 0');
    expect(args[1]).toMatch(/exec "\$@"$/u);
    expect(args.slice(2)).toEqual(['sh', '/opt/node', '--jitless', '/srv/lib/runner/main.js', 'a', 'b c']);
  });

  it('sets no limit on memory where the system counts none', () => {
    const { args } = commandOf(PROGRAM, { ...PLAIN, limits: { memoryBytes: undefined } });
    expect(args[1]).not.toContain('ulimit -d');
  });

  it('gives a contained program nothing but read-only files', () => {
    const { args } = commandOf(PROGRAM, CONTAINED);
    expect(valuesOf(args, '--ro-bind', 2)).toEqual([
      ['/lib/libc.so.6', '/lib/libc.so.6'],
      ['/opt/node', '/program'],
      ['/srv/lib/runner', '/app/runner'],
      ['/srv/package.json', '/app/package.json'],
    ]);
    for (const option of ['--bind', '--dev-bind', '--dev', '--proc', '--tmpfs', '--share-net', '--setenv']) {
      expect(args).not.toContain(option);
    }
  });

  it('leaves a contained program no network, environment, capability, terminal or life of its own', () => {
    const { file, args } = commandOf(PROGRAM, CONTAINED);
    expect(file).toBe('/usr/bin/bwrap');
    for (const option of ['--unshare-all', '--die-with-parent', '--new-session', '--clearenv']) {
      expect(args).toContain(option);
    }
    expect(valuesOf(args, '--cap-drop', 1)).toEqual([['ALL']]);
  });

  it('makes the root read-only after everything was mounted', () => {
    const { args } = commandOf(PROGRAM, CONTAINED);
    expect(args.lastIndexOf('--remount-ro')).toBeGreaterThan(args.lastIndexOf('--ro-bind'));
    expect(valuesOf(args, '--remount-ro', 1)).toEqual([['/']]);
  });

  it('starts a contained program by the paths that it sees', () => {
    const { args } = commandOf(PROGRAM, CONTAINED);
    expect(args.slice(args.indexOf('--seccomp'))).toEqual([
      '--seccomp',
      '4',
      '/program',
      '--jitless',
      '/app/runner/main.js',
      'a',
      'b c',
    ]);
  });

  it('hands the filter over only where bubblewrap loads it', () => {
    expect(commandOf(PROGRAM, CONTAINED).filter).toBe(FILTER);
    const { bubblewrap } = CONTAINED;
    const without = commandOf(PROGRAM, { ...CONTAINED, bubblewrap: { ...bubblewrap!, seccomp: false } });
    expect(without.filter).toBeUndefined();
    expect(without.args).not.toContain('--seccomp');
    expect(commandOf(PROGRAM, { ...PLAIN, filter: FILTER }).filter).toBeUndefined();
  });

  it('sets limits outside of bubblewrap, so that they hold for it too', () => {
    const { file, args } = commandOf(PROGRAM, { ...CONTAINED, limits: { memoryBytes: 1024 } });
    expect(file).toBe('/bin/sh');
    expect(args.slice(2, 4)).toEqual(['sh', '/usr/bin/bwrap']);
  });

  it.each(['/srv/other/main.js', '/srv/lib/runner-too/main.js', '/srv/lib/main.js', '/etc/passwd'])(
    'refuses to contain a program whose entry %s is in no mount',
    (entry) => {
      expect(() => commandOf({ ...PROGRAM, entry }, CONTAINED)).toThrow(TypeError);
    },
  );
});
