import { randomBytes } from 'node:crypto';
import { access, link, open, rm } from 'node:fs/promises';
import { hasCode } from '../lib/has-code.ts';
import { HomeError } from './home-error.ts';
import { checkPrivate } from './private-folder.ts';

const KEY_BYTES = 32;
const MAX_FILE_BYTES = 1024;

/**
 * The secret from which all keys of a gateway come: `SMCP_MASTER_KEY` when set, otherwise the file `master.key`, made at the first start.
 *
 * Several processes that start at once agree on one key: the file appears under its name only when complete, and only for the first of them. A folder that
 * already holds state but no key is refused, because a fresh key would silently lock everybody out.
 *
 * @param options.keyFile Absolute path of the key file; its folder exists and is private.
 * @param options.stateFile A file that exists only in a folder already in use.
 * @returns 32 bytes.
 * @throws {HomeError} `HOME_KEY_INVALID`, `HOME_KEY_MISSING`, `HOME_INSECURE` when others may read the file, `HOME_UNUSABLE` when it cannot be written.
 */
export async function loadMasterKey(options: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly keyFile: string;
  readonly stateFile: string;
}): Promise<Uint8Array> {
  const given = options.env['SMCP_MASTER_KEY'];
  if (given !== undefined && given !== '') return parseKey(given, 'SMCP_MASTER_KEY');

  const existing = await ifKeyFile(options.keyFile);
  if (existing !== undefined) return existing;
  if (await exists(options.stateFile)) {
    // Another process may have made key and state between the two looks.
    const late = await ifKeyFile(options.keyFile);
    if (late !== undefined) return late;
    throw new HomeError(
      'HOME_KEY_MISSING',
      `${options.stateFile} exists but its key ${options.keyFile} does not`,
      'restore the key file or set SMCP_MASTER_KEY to the key that was used before',
    );
  }
  await createKeyFile(options.keyFile);
  const created = await ifKeyFile(options.keyFile);
  if (created === undefined)
    throw new HomeError('HOME_UNUSABLE', `${options.keyFile} vanished while starting`, 'start again');
  return created;
}

async function createKeyFile(path: string): Promise<void> {
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    await using file = await open(draft, 'wx', 0o600);
    await file.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`);
    await file.sync();
    // A hard link, unlike a rename, never replaces a file that is already there.
    await link(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) {
      throw new HomeError(
        'HOME_UNUSABLE',
        `${path} cannot be written`,
        'make the folder writable or set SMCP_MASTER_KEY',
        {
          cause: error,
        },
      );
    }
  } finally {
    await rm(draft, { force: true });
  }
}

async function ifKeyFile(path: string): Promise<Uint8Array | undefined> {
  try {
    await using file = await open(path, 'r');
    const found = await file.stat();
    checkPrivate(path, found, '600');
    if (found.size > MAX_FILE_BYTES) throw invalidKey(path);
    return parseKey(await file.readFile('utf8'), path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    if (error instanceof HomeError) throw error;
    throw new HomeError('HOME_UNUSABLE', `${path} cannot be read`, 'check its owner and permissions', {
      cause: error,
    });
  }
}

function parseKey(text: string, source: string): Uint8Array {
  const trimmed = text.trim();
  const bytes = Buffer.from(trimmed, 'base64');
  // Node ignores what is not base64; encoding it again shows whether all of it was read.
  const sameText =
    bytes.toString('base64').replace(/=+$/, '') ===
    trimmed.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  if (bytes.byteLength !== KEY_BYTES || !sameText) throw invalidKey(source);
  return bytes;
}

function invalidKey(source: string): HomeError {
  return new HomeError(
    'HOME_KEY_INVALID',
    `${source} does not hold a master key`,
    'it must be 32 random bytes in base64, as `openssl rand -base64 32` makes them',
  );
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    // Unreadable counts as absent: reading it later says why.
    return false;
  }
}
