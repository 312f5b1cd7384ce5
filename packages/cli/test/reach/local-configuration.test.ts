import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Cli } from '../../src/cli/cli.ts';
import { localConfiguration } from '../../src/reach/local-configuration.ts';
import { Collector, makePlace, type Place } from '../run-cli.ts';

function cliAt(place: Place): Cli {
  const env = { HOME: place.folder, SMCP_HOME: place.home, PATH: '' };
  const io = { stdin: Readable.from([]), stdout: new Collector(), stderr: new Collector(), env };
  return new Cli({ ...io, now: () => 0 });
}

const ROLES = 'roles: { a: { allow: ["*:*"] }, b: { allow: ["*:*"] } }';

describe('localConfiguration()', () => {
  it('takes the file that is named, and looks at no client', async () => {
    await using place = await makePlace();
    const config = await place.write('smcp.yaml', ROLES);
    await using cli = cliAt(place);
    const told: string[] = [];
    const local = await localConfiguration(cli, { config }, (line) => told.push(line));
    expect(local.isDiscovered).toBe(false);
    expect(Object.keys(local.loaded.config.roles)).toEqual(['a', 'b']);
    expect(told).toEqual([]);
  });

  it('takes the servers of the clients when no file is named, and says from where', async () => {
    await using place = await makePlace();
    await mkdir(join(place.folder, '.cursor'));
    await writeFile(
      join(place.folder, '.cursor', 'mcp.json'),
      JSON.stringify({ mcpServers: { mine: { command: 'node', args: ['x.js'] } } }),
    );
    await using cli = cliAt(place);
    const told: string[] = [];
    const local = await localConfiguration(cli, {}, (line) => told.push(line));
    expect(local.isDiscovered).toBe(true);
    expect(Object.keys(local.loaded.config.servers)).toEqual(['mine']);
    expect(local.role()).toBe('local');
    expect(told.join('\n')).toContain('mine');
  });

  it('knows the role when there is one only, and wants it named when there are several', async () => {
    await using place = await makePlace();
    const one = await place.write('one.yaml', 'roles: { only: { allow: ["*:*"] } }');
    const two = await place.write('two.yaml', ROLES);
    await using cli = cliAt(place);
    expect((await localConfiguration(cli, { config: one })).role()).toBe('only');
    const local = await localConfiguration(cli, { config: two });
    expect(local.role('b')).toBe('b');
    expect(() => local.role()).toThrow(
      expect.objectContaining({ code: 'USAGE', remedy: 'roles of the file: a, b' }),
    );
    expect(() => local.role('c')).toThrow(expect.objectContaining({ code: 'USAGE' }));
    expect(() => local.role('constructor')).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });

  it('passes on what is wrong with the file', async () => {
    await using place = await makePlace();
    const config = await place.write('smcp.yaml', 'rolls: {}');
    await using cli = cliAt(place);
    await expect(localConfiguration(cli, { config })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
