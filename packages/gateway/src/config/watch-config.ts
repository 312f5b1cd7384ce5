import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { watch, type FSWatcher } from 'chokidar';
import type { LoadedConfig } from './load-config.ts';
import { ConfigError } from './problems.ts';

const DEBOUNCE_MS = 100;

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
  /** Ends the watch. */
  readonly signal?: AbortSignal;
  /** How long the files must be quiet before they are read, in milliseconds. Default 100. */
  readonly debounceMs?: number;
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

class FileWatch implements ConfigWatch {
  readonly ready: Promise<void>;
  readonly #options: WatchOptions;
  readonly #watcher: FSWatcher;
  #watched: ReadonlySet<string> = new Set();
  #folders: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #closed = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    // Folders are watched instead of files: a file that is replaced by renaming takes its watch away with it.
    this.#watcher = watch([], {
      depth: 0,
      ignoreInitial: true,
      followSymlinks: false,
      ignored: (path) => !this.#folders.has(path) && !this.#isWatched(path),
    });
    this.#watcher.on('all', () => this.#schedule());
    this.#watcher.on('error', () => this.#schedule());
    this.ready = this.#begin();
    options.signal?.addEventListener('abort', () => void this[Symbol.asyncDispose](), { once: true });
    if (options.signal?.aborted === true) void this[Symbol.asyncDispose]();
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
    clearTimeout(this.#timer);
    await this.#watcher.close();
    await this.#running;
  }

  async #begin(): Promise<void> {
    const ready = new Promise<void>((resolve) => this.#watcher.once('ready', resolve));
    await this.#watch([this.#options.file, ...(this.#options.files ?? [])]);
    if (!this.#closed) await ready;
  }

  #isWatched(path: string): boolean {
    // Kubernetes swaps the link "..data" that all files of a volume go through.
    return this.#watched.has(path) || path.endsWith('..data');
  }

  #schedule(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.reload(), this.#options.debounceMs ?? DEBOUNCE_MS);
  }

  async #load(): Promise<void> {
    if (this.#closed) return;
    let loaded: LoadedConfig;
    try {
      loaded = await this.#options.load();
    } catch (cause) {
      const error =
        cause instanceof ConfigError ? cause : new ConfigError('CONFIG_UNREADABLE', [], { cause });
      await this.#watch([...this.#watched, ...error.files]);
      this.#reject(error);
      return;
    }
    await this.#watch([loaded.file, ...loaded.files]);
    if (this.#closed) return;
    try {
      await this.#options.onLoaded(loaded);
    } catch (cause) {
      this.#reject(new ConfigError('CONFIG_NOT_APPLIED', [], { cause }));
    }
  }

  #reject(error: ConfigError): void {
    if (!this.#closed) this.#options.onRejected(error);
  }

  async #watch(files: readonly string[]): Promise<void> {
    const paths = await Promise.all(
      files.map(async (file) => [file, await realpath(file).catch(() => file)]),
    );
    if (this.#closed) return;
    this.#watched = new Set(paths.flat());
    const before = this.#folders;
    this.#folders = new Set([...this.#watched].map((file) => dirname(file)));
    this.#watcher.unwatch([...before].filter((folder) => !this.#folders.has(folder)));
    this.#watcher.add([...this.#folders].filter((folder) => !before.has(folder)));
  }
}
