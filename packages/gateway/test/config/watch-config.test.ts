import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  ConfigError,
  loadConfig,
  watchConfig,
  type ConfigWatch,
  type LoadedConfig,
} from '../../src/config/index.ts';
import { makeTempFolder } from './temp-folder.ts';

/** A list that can be waited on. */
function makeInbox<T>(): { readonly items: T[]; put(item: T): void; next(): Promise<T> } {
  const items: T[] = [];
  let taken = 0;
  let wake: () => void = () => {};
  return {
    items,
    put: (item) => {
      items.push(item);
      wake();
    },
    next: async () => {
      while (items.length <= taken) await new Promise<void>((resolve) => (wake = resolve));
      return items[taken++]!;
    },
  };
}

interface Watched extends AsyncDisposable {
  readonly watch: ConfigWatch;
  /** The next outcome: a log level for a good file, codes for a bad one. */
  next(): Promise<string>;
  readonly outcomes: readonly string[];
}

async function startWatch(file: string, files: readonly string[] = []): Promise<Watched> {
  const inbox = makeInbox<string>();
  const watch = watchConfig({
    file,
    files,
    load: () => loadConfig({ file, env: {}, git: async () => undefined }),
    onLoaded: ({ config }) => inbox.put(config.log.level),
    onRejected: (error) => inbox.put(`${error.code} ${error.problems.map(({ path }) => path).join()}`),
  });
  await watch.ready;
  return {
    watch,
    next: () => inbox.next(),
    outcomes: inbox.items,
    [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose](),
  };
}

describe('watchConfig() loads again', () => {
  it('when the file is written, and tells why a bad one changed nothing', async () => {
    await using folder = await makeTempFolder();
    const file = await folder.write('smcp.yaml', 'log: { level: info }');
    await using watched = await startWatch(file);
    await folder.write('smcp.yaml', 'log: { level: warn }');
    expect(await watched.next()).toBe('warn');
    await folder.write('smcp.yaml', 'log: { levle: warn }');
    expect(await watched.next()).toBe('CONFIG_INVALID log.levle');
    await folder.write('smcp.yaml', 'log: { level: debug }');
    expect(await watched.next()).toBe('debug');
  });

  it('when the file is replaced by renaming, twice', async () => {
    await using folder = await makeTempFolder();
    const file = await folder.write('smcp.yaml', 'log: { level: info }');
    await using watched = await startWatch(file);
    for (const level of ['warn', 'error']) {
      await rename(await folder.write('smcp.yaml.tmp', `log: { level: ${level} }`), file);
      expect(await watched.next()).toBe(level);
    }
  });

  it('when the file goes away and comes back', async () => {
    await using folder = await makeTempFolder();
    const file = await folder.write('smcp.yaml', 'log: { level: info }');
    await using watched = await startWatch(file);
    await rm(file);
    expect(await watched.next()).toBe('CONFIG_UNREADABLE ');
    await folder.write('smcp.yaml', 'log: { level: warn }');
    expect(await watched.next()).toBe('warn');
  });

  it('when a link on the way to the file is turned, as Kubernetes does', async () => {
    await using folder = await makeTempFolder();
    await folder.write('..one/smcp.yaml', 'log: { level: info }');
    await folder.write('..two/smcp.yaml', 'log: { level: warn }');
    await symlink('..one', join(folder.path, '..data'));
    await symlink('..data/smcp.yaml', join(folder.path, 'smcp.yaml'));
    await using watched = await startWatch(join(folder.path, 'smcp.yaml'));
    await symlink('..two', join(folder.path, '..data_tmp'));
    await rename(join(folder.path, '..data_tmp'), join(folder.path, '..data'));
    expect(await watched.next()).toBe('warn');
  });

  it('when a secret file in another folder changes, also one that a new file names', async () => {
    await using folder = await makeTempFolder();
    const file = await folder.write('smcp.yaml', 'log: { level: "${file:a/level}" }');
    const first = await folder.write('a/level', 'info');
    await folder.write('b/level', 'debug');
    await using watched = await startWatch(file, [first]);
    await folder.write('a/level', 'warn');
    expect(await watched.next()).toBe('warn');
    await folder.write('smcp.yaml', 'log: { level: "${file:b/level}" }');
    expect(await watched.next()).toBe('debug');
    await folder.write('b/level', 'error');
    expect(await watched.next()).toBe('error');
  });

  it('when a secret file beside it changes that only the new file names', async () => {
    await using folder = await makeTempFolder();
    const file = await folder.write('smcp.yaml', 'log: { level: info }');
    await folder.write('level', 'debug');
    await using watched = await startWatch(file);
    await folder.write('smcp.yaml', 'log: { level: "${file:level}" }');
    expect(await watched.next()).toBe('debug');
    await folder.write('level', 'error');
    expect(await watched.next()).toBe('error');
  });

  it('when a secret file appears that was missing', async () => {
    await using folder = await makeTempFolder();
    const file = await folder.write('smcp.yaml', 'log: { level: info }');
    await mkdir(join(folder.path, 'secrets'));
    await using watched = await startWatch(file);
    await folder.write('smcp.yaml', 'log: { level: "${file:secrets/level}" }');
    expect(await watched.next()).toBe('CONFIG_VARIABLE_MISSING log.level');
    await folder.write('secrets/level', 'debug');
    expect(await watched.next()).toBe('debug');
  });

  it('on demand, although nothing changed', async () => {
    await using folder = await makeTempFolder();
    const file = await folder.write('smcp.yaml', 'log: { level: info }');
    await using watched = await startWatch(file);
    await watched.watch.reload();
    expect(watched.outcomes).toEqual(['info']);
  });
});

describe('watchConfig() keeps order', () => {
  interface Gate {
    readonly watch: ConfigWatch;
    readonly log: readonly string[];
    release(outcome: LoadedConfig | Error): void;
    readonly loads: { readonly count: number };
  }

  /** A watch of a file that never changes, whose loads end when the test says so. */
  async function startGated(file: string, onLoaded?: () => void, signal?: AbortSignal): Promise<Gate> {
    const log: string[] = [];
    const loads = { count: 0 };
    const waiting: ((outcome: LoadedConfig | Error) => void)[] = [];
    const watch = watchConfig({
      file,
      load: () =>
        new Promise((resolve, reject) => {
          loads.count += 1;
          log.push('begin');
          waiting.push((outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)));
        }),
      onLoaded: () => {
        log.push('loaded');
        onLoaded?.();
      },
      onRejected: (error) =>
        log.push(`${error.code}${error.cause instanceof Error ? ` ${error.cause.message}` : ''}`),
      ...(signal === undefined ? {} : { signal }),
    });
    await watch.ready;
    return { watch, log, loads, release: (outcome) => waiting.shift()?.(outcome) };
  }

  const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('loads one after the other, and joins requests that wait for the same load', async () => {
    await using folder = await makeTempFolder();
    const file = await folder.write('smcp.yaml', '{}');
    const loaded = await loadConfig({ file, env: {}, git: async () => undefined });
    const gate = await startGated(file);
    await using _watch = gate.watch;
    const first = gate.watch.reload();
    await tick();
    const second = gate.watch.reload();
    const third = gate.watch.reload();
    await tick();
    expect(gate.log).toEqual(['begin']);
    gate.release(loaded);
    await first;
    await tick();
    expect(gate.log).toEqual(['begin', 'loaded', 'begin']);
    gate.release(new ConfigError('CONFIG_INVALID', []));
    await Promise.all([second, third]);
    expect(gate.log).toEqual(['begin', 'loaded', 'begin', 'CONFIG_INVALID']);
    expect(gate.loads.count).toBe(2);
  });

  it('tells of a good file that could not be put in force, and goes on', async () => {
    await using folder = await makeTempFolder();
    const file = await folder.write('smcp.yaml', '{}');
    const loaded = await loadConfig({ file, env: {}, git: async () => undefined });
    const gate = await startGated(file, () => {
      throw new Error('port taken');
    });
    await using _watch = gate.watch;
    for (const outcome of [loaded, new Error('disk gone')]) {
      const done = gate.watch.reload();
      await tick();
      gate.release(outcome);
      await done;
    }
    expect(gate.log).toEqual([
      'begin',
      'loaded',
      'CONFIG_NOT_APPLIED port taken',
      'begin',
      'CONFIG_UNREADABLE disk gone',
    ]);
  });

  it('calls nobody after it ended, not even for a load that was under way', async () => {
    await using folder = await makeTempFolder();
    const file = await folder.write('smcp.yaml', '{}');
    const loaded = await loadConfig({ file, env: {}, git: async () => undefined });
    for (const outcome of [loaded, new ConfigError('CONFIG_INVALID', [])]) {
      const ending = new AbortController();
      const gate = await startGated(file, undefined, ending.signal);
      const done = gate.watch.reload();
      await tick();
      ending.abort();
      gate.release(outcome);
      await done;
      await gate.watch.reload();
      await gate.watch[Symbol.asyncDispose]();
      expect(gate.log).toEqual(['begin']);
    }
  });

  it('ends at once with a signal that is aborted already', async () => {
    await using folder = await makeTempFolder();
    const file = await folder.write('smcp.yaml', '{}');
    const gate = await startGated(file, undefined, AbortSignal.abort());
    await gate.watch.reload();
    expect(gate.log).toEqual([]);
    await gate.watch[Symbol.asyncDispose]();
  });

  it('ends also when it has not begun to notice changes', async () => {
    await using folder = await makeTempFolder();
    const file = await folder.write('smcp.yaml', '{}');
    const watch = watchConfig({
      file,
      load: () => loadConfig({ file, env: {}, git: async () => undefined }),
      onLoaded: () => {},
      onRejected: () => {},
    });
    await tick();
    await watch[Symbol.asyncDispose]();
    await expect(watch.ready).resolves.toBeUndefined();
  });
});

describe('watchConfig({ automatic: false })', () => {
  it('loads on demand only', async () => {
    await using folder = await makeTempFolder();
    const file = await folder.write('smcp.yaml', 'log: { level: info }');
    const levels: string[] = [];
    await using watch = watchConfig({
      file,
      automatic: false,
      load: () => loadConfig({ file, env: {}, git: async () => undefined }),
      onLoaded: ({ config }) => void levels.push(config.log.level),
      onRejected: () => {},
    });
    await watch.ready;
    await folder.write('smcp.yaml', 'log: { level: warn }');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(levels).toEqual([]);
    await watch.reload();
    expect(levels).toEqual(['warn']);
  });
});
