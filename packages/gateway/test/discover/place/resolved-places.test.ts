import { describe, expect, it } from 'vitest';
import { realDisk } from '../../../src/discover/place/disk.ts';
import { resolvePlaces, shortPlace } from '../../../src/discover/place/resolved-places.ts';
import { withHome } from '../../../src/discover/place/with-home.ts';
import { makeStage } from '../stage.ts';

describe('resolvePlaces()', () => {
  it('goes up to the root of the repository', async () => {
    await using stage = await makeStage();
    const cwd = `${stage.project}/a/b`;
    const places = await resolvePlaces(stage.places({ cwd }), realDisk);
    expect(places.projectFolders).toEqual([cwd, `${stage.project}/a`, stage.project]);
    expect(places.workspace).toBe(stage.project);
    expect(places.ancestors.at(-1)).toBe('/');
  });

  it('asks for no folder above the home folder', async () => {
    const asked: string[] = [];
    const disk = {
      ...realDisk,
      exists: async (path: string) => {
        asked.push(path);
        return false;
      },
    };
    const places = { home: '/home/ann', cwd: '/home/ann/x/y', env: {}, platform: 'linux' } as const;
    expect((await resolvePlaces(places, disk)).projectFolders).toEqual(['/home/ann/x/y']);
    expect(asked).toEqual(['/home/ann/x/y/.git', '/home/ann/x/.git']);
  });

  it('ends in a folder outside the home folder', async () => {
    const disk = { ...realDisk, exists: async () => false };
    const places = { home: '/home/ann', cwd: '/srv/a/b', env: {}, platform: 'linux' } as const;
    expect(await resolvePlaces(places, disk)).toMatchObject({
      projectFolders: ['/srv/a/b'],
      workspace: '/srv/a/b',
      projectIsTrusted: false,
    });
  });

  it.each([
    ['linux', {}, '/h/.config'],
    ['linux', { XDG_CONFIG_HOME: '/x' }, '/x'],
    ['darwin', {}, '/h/Library/Application Support'],
    ['darwin', { XDG_CONFIG_HOME: '/x' }, '/h/Library/Application Support'],
    ['win32', {}, '/h/AppData/Roaming'],
    ['win32', { APPDATA: '/roaming' }, '/roaming'],
    ['win32', { APPDATA: '' }, '/h/AppData/Roaming'],
  ] as const)('knows where programs keep settings on %s with %j', async (platform, env, folder) => {
    const disk = { ...realDisk, exists: async () => false };
    const places = await resolvePlaces({ home: '/h', cwd: '/h/p', env, platform }, disk);
    expect(places.applicationData).toBe(folder);
  });
});

describe('shortPlace()', () => {
  const places = { home: '/home/ann', cwd: '/home/ann/work' };

  it.each([
    ['/home/ann/.claude.json', '~/.claude.json'],
    ['/home/ann/work/.mcp.json', '.mcp.json'],
    ['/home/ann2/x', '/home/ann2/x'],
    ['/etc/x', '/etc/x'],
    ['/home/ann', '/home/ann'],
  ])('writes %s as %s', (file, short) => {
    expect(shortPlace(file, places)).toBe(short);
  });
});

describe('withHome()', () => {
  it.each([
    ['~', '/h'],
    ['~/a', '/h/a'],
    ['~ann/a', '~ann/a'],
    ['a/~', 'a/~'],
  ])('makes %s %s', (path, full) => {
    expect(withHome(path, '/h')).toBe(full);
  });
});
