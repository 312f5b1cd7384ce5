import { stat } from 'node:fs/promises';
import { readTextFile } from '@smcp/gateway';
import { isDelegationPublicKey, type DelegationPrivateKey } from '@smcp/protocol';
import { CliError } from '../../errors/cli-error.ts';
import { openNewFile } from '../../files/new-file.ts';

const MAX_BYTES = 16 * 1024;
const OTHERS = 0o077;

/** @throws {CliError} `FILE_EXISTS`: a key is never written over, because another may not exist anywhere; `FILE_UNWRITABLE` without a folder for it. */
export async function writeKeyFile(path: string, key: DelegationPrivateKey): Promise<void> {
  await using file = await openNewFile(path, 'choose another file with --out');
  await file.writeFile(`${JSON.stringify(key)}\n`);
  await file.sync();
}

/**
 * Reads a private key that `writeKeyFile` or another tool wrote as JWK.
 *
 * @throws {CliError} `FILE_UNREADABLE`, `FILE_INSECURE` when others may read it, `INPUT_INVALID` when it holds no Ed25519 private key.
 */
export async function readKeyFile(path: string): Promise<DelegationPrivateKey> {
  const reading = await readTextFile(path, MAX_BYTES);
  if (!reading.ok) throw new CliError('FILE_UNREADABLE', `The key file ${path} ${reading.reason}`);
  const mode = reading.mode ?? 0;
  if ((mode & OTHERS) !== 0 && (await stat(path)).uid === process.getuid?.()) {
    throw new CliError(
      'FILE_INSECURE',
      `The key file ${path} is open to other users (mode ${(mode & 0o777).toString(8)})`,
      {
        remedy: `run: chmod 600 ${path}`,
      },
    );
  }
  const key = ifPrivateKey(reading.text);
  if (key === undefined) {
    throw new CliError('INPUT_INVALID', `The file ${path} holds no Ed25519 private key in JWK form`, {
      remedy: 'make one with: smcp delegation keygen --out FILE',
    });
  }
  return key;
}

function ifPrivateKey(text: string): DelegationPrivateKey | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { kty, crv, x, d } = value;
  if (kty !== 'OKP' || crv !== 'Ed25519' || typeof x !== 'string' || typeof d !== 'string') return undefined;
  // Both halves have the same length and alphabet.
  return isDelegationPublicKey(x) && isDelegationPublicKey(d) ? { kty, crv, x, d } : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
