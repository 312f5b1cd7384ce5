import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readTextFile } from '@smcp/gateway';
import { CliError } from '../../errors/cli-error.ts';
import { MARK } from './declaration-text.ts';

const NAME = 'smcp.d.ts';
const MAX_BYTES = 64 * 1024 * 1024;

/** The file that is meant: a folder holds `smcp.d.ts`. */
export function declarationFile(out: string): string {
  const isFolder = /[/\\]$/.test(out) || (existsSync(out) && statSync(out).isDirectory());
  return isFolder ? join(out, NAME) : out;
}

/**
 * Writes declarations as a whole or not at all.
 *
 * @param force Whether a file that was not written by this command may be lost.
 * @throws {CliError} `FILE_EXISTS`; `FILE_UNWRITABLE` when the folder does not exist.
 */
export async function writeDeclarations(
  file: string,
  text: string,
  options: { readonly force: boolean },
): Promise<void> {
  const folder = dirname(file);
  if (!existsSync(folder)) {
    throw new CliError('FILE_UNWRITABLE', `The folder ${folder} does not exist, so ${file} cannot be made`);
  }
  if (!options.force && existsSync(file) && !(await isOurs(file))) {
    throw new CliError('FILE_EXISTS', `${file} was not written by smcp types, and is left as it is`, {
      remedy: 'name another file, or write over it with --force',
    });
  }
  const draft = `${file}.${randomBytes(4).toString('hex')}.draft`;
  try {
    await writeFile(draft, text, { flag: 'wx' });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function isOurs(file: string): Promise<boolean> {
  const reading = await readTextFile(file, MAX_BYTES);
  return reading.ok && reading.text.startsWith(MARK);
}
