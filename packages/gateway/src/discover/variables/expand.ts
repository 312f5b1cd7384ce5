import { basename, resolve, sep } from 'node:path';
import { quote } from '../../config/config-node.ts';
import type { SkipCode } from '../discovery.ts';
import type { Disk } from '../place/disk.ts';
import type { ResolvedPlaces } from '../place/resolved-places.ts';
import { withHome } from '../place/with-home.ts';
import type { PlaceName, Reference, VariableRule } from './variable-rule.ts';

const MAX_SECRET_FILE_BYTES = 64 * 1024;
const MAX_EXPANDED_CHARS = 256 * 1024;

/** Variables that say where and who the user is. Their values stand in ordinary paths, so treating them as secrets would blacken every log. */
const PLAIN_VARIABLES =
  /^(?:HOME|USER|USERNAME|USERPROFILE|LOGNAME|PATH|PWD|OLDPWD|SHELL|TERM|LANG|LC_\w+|TZ|TMP|TEMP|TMPDIR|HOSTNAME|APPDATA|LOCALAPPDATA|PROGRAMFILES|SYSTEMROOT|XDG_\w+|NODE_ENV)$/i;

export interface Refusal {
  readonly ok: false;
  readonly code: SkipCode;
  readonly reason: string;
}

export type Expanded = { readonly ok: true; readonly text: string } | Refusal;

/** Folders that the texts of an entry may speak of, absolute. */
export interface EntryFolders {
  /** That of its file. */
  readonly file: string;
  /** That which the client works in: the project, or the workspace. */
  readonly work: string;
}

/** Fills in the variables of one entry and remembers what must not be shown. */
export class Expander {
  readonly #rule: VariableRule;
  readonly #places: ResolvedPlaces;
  readonly #folders: EntryFolders;
  readonly #disk: Disk;
  readonly #secrets = new Set<string>();

  constructor(rule: VariableRule, places: ResolvedPlaces, folders: EntryFolders, disk: Disk) {
    this.#rule = rule;
    this.#places = places;
    this.#folders = folders;
    this.#disk = disk;
  }

  /** Values that were put in from variables and files. */
  get secrets(): readonly string[] {
    return [...this.#secrets];
  }

  /** What is put in is not looked at again. */
  async expand(text: string): Promise<Expanded> {
    let result = '';
    let end = 0;
    for (const match of text.matchAll(this.#rule.pattern)) {
      const value = await this.#valueOf(this.#rule.read(match));
      if (!value.ok) return value;
      result += text.slice(end, match.index) + value.text;
      end = match.index + match[0].length;
      if (result.length > MAX_EXPANDED_CHARS)
        return { ok: false, code: 'too-many', reason: 'what its variables stand for is too long' };
    }
    return { ok: true, text: result + text.slice(end) };
  }

  async #valueOf(reference: Reference): Promise<Expanded> {
    if (reference.kind === 'env') return this.#variable(reference.name, reference.fallback);
    if (reference.kind === 'file') return await this.#file(reference.path);
    if (reference.kind === 'client') return needsClient(reference.expression);
    return { ok: true, text: placeValue(reference.name, this.#places, this.#folders.work) };
  }

  #variable(name: string, fallback: string | undefined): Expanded {
    const { env } = this.#places;
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value !== undefined) {
      if (!PLAIN_VARIABLES.test(name)) this.#secrets.add(value);
      return { ok: true, text: value };
    }
    if (fallback !== undefined) return { ok: true, text: fallback };
    return {
      ok: false,
      code: 'variable-missing',
      reason: `the environment variable ${quote(name)} is not set`,
    };
  }

  async #file(path: string): Promise<Expanded> {
    const file = resolve(this.#folders.file, withHome(path.trim(), this.#places.home));
    const reading = await this.#disk.readFile(file, MAX_SECRET_FILE_BYTES);
    if (!reading.ok) {
      return { ok: false, code: 'variable-missing', reason: `the file ${quote(path)} ${reading.reason}` };
    }
    const text = reading.text.trim();
    this.#secrets.add(text);
    return { ok: true, text };
  }
}

function needsClient(expression: string): Refusal {
  const who = expression.startsWith('${input:') ? 'its client asks the user for' : 'only its client knows';
  return { ok: false, code: 'needs-input', reason: `it needs ${quote(expression)}, which ${who}` };
}

function placeValue(name: PlaceName, { home }: ResolvedPlaces, folder: string): string {
  const values: Readonly<Record<PlaceName, string>> = {
    userHome: home,
    workspaceFolder: folder,
    workspaceFolderBasename: basename(folder),
    cwd: folder,
    pathSeparator: sep,
    '/': sep,
  };
  return values[name];
}
