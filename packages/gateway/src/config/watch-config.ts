import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { watch, type FSWatcher } from 'chokidar';
import type { LoadedConfig } from './load-config.ts';
import { ConfigError } from './problems.ts';

/** How long the files must be quiet before they are read. NOTE: more than 50, the time in which chokidar drops a second change of a file. */
const DEBOUNCE_MS = 100;
const MAX_REPEATS = 2;

/** The link that all files of a Kubernetes volume go through, and that is turned to change them together. */
const KUBERNETES_LINK = '..data';

export interface WatchOptions {
  /** Absolute path of the configuration file. */
  readonly file: string;
  /** Further files to watch from the start, such as `LoadedConfig.files`. Each load renews the list. */
  readonly files?: readonly string[];
  readonly load: () => Promise<LoadedConfig>;
  /** Puts a good configuration in force. When it throws, `onRejected` is told `CONFIG_NOT_APPLIED`. */
  readonly onLoaded: (loaded: LoadedConfig) => void | Promise<void>;
  /** Told why a file changed nothing. Must not throw. */
  readonly onRejected: (error: ConfigError) => void;
  /** Whether to notice changes; otherwise only `reload` loads. Default true. */
  readonly automatic?: boolean;
  /** Ends the watch. */
  readonly signal?: AbortSignal;
}

/**
 * A running watch. Loads never overlap, and each one that begins sees all changes made before. After it ended nobody is called any more.
 */
export interface ConfigWatch extends AsyncDisposable {
  /** Resolved once changes are noticed. */
  readonly ready: Promise<void>;
  /** Loads again, changed or not (as SIGHUP asks), and waits until the outcome was told. */
  reload(): Promise<void>;
}

/**
 * Loads the configuration again whenever its file, or a secret file that it names, changes. Files may be replaced by renaming, also by way of
 * symbolic links as Kubernetes does. A change of the git commit alone is not noticed; `reload` is.
 */
export function watchConfig(options: WatchOptions): ConfigWatch {
  return new FileWatch(options);
}

/** A watch of some files in one folder. */
interface FolderWatch {
  readonly paths: ReadonlySet<string>;
  readonly watcher: FSWatcher;
}

type Outcome =
  | { readonly ok: true; readonly loaded: LoadedConfig }
  | { readonly ok: false; readonly error: ConfigError };

class FileWatch implements ConfigWatch {
  readonly ready: Promise<void>;
  readonly #options: WatchOptions;
  readonly #folders = new Map<string, FolderWatch>();
  #files: readonly string[];
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #closed = false;
  readonly #end = Promise.withResolvers<void>();

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#files = [options.file, ...(options.files ?? [])];
    const { signal } = options;
    if (signal?.aborted === true) this.#closed = true;
    signal?.addEventListener('abort', () => void this[Symbol.asyncDispose](), { once: true });
    this.ready = this.#watch(this.#files).then(() => undefined);
    this.#running = this.ready;
  }

  reload(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    if (this.#next !== undefined) return this.#next;
    const next = this.#running.then(() => {
      this.#next = undefined;
      return this.#load();
    });
    this.#next = next;
    this.#running = next;
    return next;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#end.resolve();
    clearTimeout(this.#timer);
    await Promise.all([...this.#folders.values()].map(({ watcher }) => watcher.close()));
    this.#folders.clear();
    await this.#running;
  }

  #schedule(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.reload(), DEBOUNCE_MS);
  }

  async #load(): Promise<void> {
    let outcome = await this.#attempt();
    // Files that are watched only since they were read may have changed between the two, so they are read once more.
    for (let again = 0; again < MAX_REPEATS && (await this.#watch(this.#files)); again += 1) {
      outcome = await this.#attempt();
    }
    if (this.#closed) return;
    if (!outcome.ok) return this.#options.onRejected(outcome.error);
    try {
      await this.#options.onLoaded(outcome.loaded);
    } catch (cause) {
      this.#options.onRejected(new ConfigError('CONFIG_NOT_APPLIED', [], { cause }));
    }
  }

  async #attempt(): Promise<Outcome> {
    try {
      const loaded = await this.#options.load();
      this.#files = [this.#options.file, ...loaded.files];
      return { ok: true, loaded };
    } catch (cause) {
      const error =
        cause instanceof ConfigError ? cause : new ConfigError('CONFIG_UNREADABLE', [], { cause });
      // What the file in force names stays watched as well.
      this.#files = [...new Set([...this.#files, ...error.files])];
      return { ok: false, error };
    }
  }

  /** Watches these files and what their links lead to, and no others. True when some were not watched before. */
  async #watch(files: readonly string[]): Promise<boolean> {
    if (this.#options.automatic === false) return false;
    const wanted = new Map<string, Set<string>>();
    for (const file of files) {
      for (const path of [file, await realpath(file).catch(() => file)]) {
        wanted.set(dirname(path), (wanted.get(dirname(path)) ?? new Set()).add(path));
      }
    }
    let hasNew = false;
    for (const folder of new Set([...this.#folders.keys(), ...wanted.keys()])) {
      const before = this.#folders.get(folder);
      const paths = wanted.get(folder) ?? new Set<string>();
      if (before !== undefined && areEqual(before.paths, paths)) continue;
      hasNew ||= [...paths].some((path) => before?.paths.has(path) !== true);
      await before?.watcher.close();
      this.#folders.delete(folder);
      if (paths.size > 0 && !this.#closed) await this.#watchFolder(folder, paths);
    }
    return hasNew && !this.#closed;
  }

  async #watchFolder(folder: string, paths: ReadonlySet<string>): Promise<void> {
    // The folder is watched, not the files: a file that is replaced by renaming takes its watch away with it.
    const watcher = watch(folder, {
      depth: 0,
      ignoreInitial: true,
      followSymlinks: false,
      ignored: (path) => path !== folder && !paths.has(path) && basename(path) !== KUBERNETES_LINK,
    });
    this.#folders.set(folder, { paths, watcher });
    const ready = new Promise<void>((resolve) => {
      watcher.once('ready', resolve);
      watcher.once('error', () => resolve());
    });
    watcher.on('all', () => this.#schedule());
    watcher.on('error', () => this.#schedule());
    // A watcher that is closed before it is ready never says that it is.
    await Promise.race([ready, this.#end.promise]);
    if (this.#closed) await watcher.close();
  }
}

function areEqual(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return left.size === right.size && [...left].every((item) => right.has(item));
}
