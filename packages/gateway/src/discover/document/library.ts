import { join } from 'node:path';
import type { ConfigNode } from '../../config/config-node.ts';
import type { ClientId, FileProblem } from '../discovery.ts';
import { isMissing, type Disk } from '../place/disk.ts';
import { MAX_FILE_BYTES, MAX_FOLDER_FILES } from './bounds.ts';
import { parseJsonc } from './parse-jsonc.ts';
import { parseToml } from './parse-toml.ts';

/** Reads the files of clients. A file that cannot be used is reported once and hides no other. */
export class Library {
  readonly #disk: Disk;
  readonly #read = new Map<string, Promise<ConfigNode | undefined>>();
  readonly #problems: FileProblem[] = [];

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  get problems(): readonly FileProblem[] {
    return this.#problems;
  }

  /** The document in a file: TOML when its name says so, else JSON with comments. Undefined when there is none, or none that can be used. */
  document(client: ClientId, file: string, maxBytes = MAX_FILE_BYTES): Promise<ConfigNode | undefined> {
    const known = this.#read.get(file);
    if (known !== undefined) return known;
    const reading = this.#readDocument(client, file, maxBytes);
    this.#read.set(file, reading);
    return reading;
  }

  /** Paths of the JSON files in a folder. */
  async jsonFiles(client: ClientId, folder: string): Promise<readonly string[]> {
    const names = await this.#disk.listFolder(folder);
    if (names === undefined) return [];
    if (names instanceof Error) {
      this.#problems.push({ client, file: folder, message: 'The folder cannot be read' });
      return [];
    }
    const files = names.filter((name) => name.endsWith('.json') && !name.startsWith('.'));
    if (files.length > MAX_FOLDER_FILES)
      this.report(client, folder, `More than ${MAX_FOLDER_FILES} files; the rest was not read`);
    return files.slice(0, MAX_FOLDER_FILES).map((name) => join(folder, name));
  }

  report(client: ClientId, file: string, message: string): void {
    this.#problems.push({ client, file, message });
  }

  async #readDocument(client: ClientId, file: string, maxBytes: number): Promise<ConfigNode | undefined> {
    const reading = await this.#disk.readFile(file, maxBytes);
    if (!reading.ok) {
      if (!isMissing(reading.cause)) this.report(client, file, `The file ${reading.reason}`);
      return undefined;
    }
    const parsed = file.endsWith('.toml') ? parseToml(reading.text) : parseJsonc(reading.text);
    if (!parsed.ok) {
      this.#problems.push({ client, file, ...parsed.problem });
      return undefined;
    }
    for (const warning of parsed.warnings) this.#problems.push({ client, file, ...warning });
    if (parsed.root !== undefined && parsed.root.kind !== 'map') {
      this.#problems.push({ client, file, ...parsed.root.at, message: 'Expected an object at the top' });
      return undefined;
    }
    return parsed.root;
  }
}
