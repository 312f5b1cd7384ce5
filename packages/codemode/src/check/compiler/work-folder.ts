import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeptFiles, type HeldFile } from './kept-files.ts';
import { FOLDER_PREFIX, removeStaleFolders } from './stale-folders.ts';

/** Bytes of declarations that stay for a next check. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

/** The files of one check, as long as it lasts. */
export interface CheckFiles extends AsyncDisposable {
  /** The whole folder of the checker: absolute path, without symbolic links. */
  readonly root: string;
  /** A folder in it that is for this check alone. */
  readonly path: string;
  /** For each text its path relative to `path`, with `/`. */
  readonly declarations: readonly string[];
}

interface Root {
  readonly path: string;
  readonly kept: KeptFiles;
}

/**
 * A private folder of a checker: declarations, which stay from check to check, and a folder per check.
 *
 * Made on first use, and anew when it is gone; whoever makes one first removes those of processes that are no more.
 */
export class WorkFolder implements AsyncDisposable {
  readonly #parent: string;
  /** All that were made: one that lost a file to somebody who tidied up may still be in use. */
  readonly #made: string[] = [];
  #root: Promise<Root> | undefined;
  #count = 0;

  constructor(parent: string = tmpdir()) {
    this.#parent = parent;
  }

  /** Places declarations and makes a folder for a check. */
  async open(declarations: readonly string[]): Promise<CheckFiles> {
    this.#root ??= this.#create();
    const root = this.#root;
    try {
      return await this.#open(await root, declarations);
    } catch (error) {
      if (this.#root === root) this.#root = undefined;
      if (!isMissing(error)) throw error;
    }
    this.#root ??= this.#create();
    return this.#open(await this.#root, declarations);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#root?.catch(() => undefined);
    for (const path of this.#made) await rm(path, { recursive: true, force: true });
  }

  async #open(root: Root, declarations: readonly string[]): Promise<CheckFiles> {
    const path = join(root.path, `check-${++this.#count}`);
    await using held = new AsyncDisposableStack();
    await mkdir(path, { mode: 0o700 });
    held.defer(() => rm(path, { recursive: true, force: true }));
    const files: HeldFile[] = [];
    for (const text of declarations) files.push(held.use(await root.kept.hold(text, '.d.ts')));
    const all = held.move();
    return {
      root: root.path,
      path,
      declarations: files.map(({ name }) => `../${name}`),
      [Symbol.asyncDispose]: () => all.disposeAsync(),
    };
  }

  async #create(): Promise<Root> {
    await removeStaleFolders(this.#parent);
    const path = await realpath(await mkdtemp(join(this.#parent, `${FOLDER_PREFIX}${process.pid}-`)));
    this.#made.push(path);
    return { path, kept: new KeptFiles(path, MAX_KEPT_BYTES) };
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
