import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CliError } from '../errors/cli-error.ts';

const MAX_FILES = 100_000;
const TREE_HEADER = 'smcp-code-tree/v1\n';

interface Member {
  /** Relative to the folder, with `/` on every system. */
  readonly path: string;
  readonly kind: 'file' | 'link';
}

/**
 * The hash by which an agent's code is known.
 *
 * A file has the SHA-256 of its bytes. A folder has the SHA-256 of a list of everything below it in the order of its UTF-8 paths, one line each:
 * kind, SHA-256 of the content (of a link: of its target as text), and path as JSON. Empty folders, permissions and times do not count, `.git` is left out.
 *
 * @returns `sha256:` and 64 hexadecimal digits.
 * @throws {CliError} `INPUT_INVALID` for what is neither file nor folder, an empty folder, or more than 100,000 files; the system's error when something
 *   cannot be read.
 */
export async function hashCode(path: string): Promise<string> {
  // The named path itself may be a link; below it links are not followed, as they may lead out of the folder.
  const found = await stat(path);
  if (found.isFile()) return `sha256:${await hashFile(path)}`;
  if (!found.isDirectory()) throw new CliError('INPUT_INVALID', `${path} is neither a file nor a folder`);
  const members = await listMembers(path);
  if (members.length === 0) throw new CliError('INPUT_INVALID', `${path} holds no files`);
  const tree = createHash('sha256').update(TREE_HEADER);
  for (const { path: name, kind } of members) {
    const full = join(path, name);
    const digest =
      kind === 'file'
        ? await hashFile(full)
        : createHash('sha256')
            .update(await readlink(full))
            .digest('hex');
    tree.update(`${kind} ${digest} ${JSON.stringify(name)}\n`);
  }
  return `sha256:${tree.digest('hex')}`;
}

async function listMembers(root: string): Promise<readonly Member[]> {
  const members: Member[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const name of await readdir(join(root, folder))) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (name === '.git') continue;
      const found = await lstat(join(root, path));
      if (found.isDirectory()) folders.push(path);
      else if (found.isFile()) members.push({ path, kind: 'file' });
      else if (found.isSymbolicLink()) members.push({ path, kind: 'link' });
      else throw new CliError('INPUT_INVALID', `${join(root, path)} is neither a file, a folder nor a link`);
      if (members.length > MAX_FILES)
        throw new CliError('INPUT_INVALID', `${root} holds more than ${MAX_FILES} files`);
    }
  }
  return members.sort((one, other) => Buffer.compare(Buffer.from(one.path), Buffer.from(other.path)));
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
