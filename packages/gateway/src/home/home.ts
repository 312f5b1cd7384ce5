import { createHmac, createPublicKey, type KeyObject } from 'node:crypto';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { deriveKeys, type DerivedKeys } from './derived-keys.ts';
import { loadMasterKey } from './master-key.ts';
import { ensurePrivateFolder } from './private-folder.ts';

/**
 * The state folder of a gateway and the keys that belong to it.
 *
 * Promises: the folder exists, is ours and closed to others; keys are opaque objects, and printing, inspecting or serialising a `Home` shows its path only.
 */
export interface Home extends DerivedKeys {
  /** Absolute path. */
  readonly path: string;
  /** The half of `auditSigningKey` that checks signatures. */
  readonly auditPublicKey: KeyObject;
  /** Absolute path of something in the folder. */
  file(...segments: string[]): string;
  /** Keyed hash under which a credential is stored and looked up: HMAC-SHA-256, 64 hexadecimal digits. */
  hashToken(token: string): string;
}

export interface HomeOptions {
  /** Environment to read `SMCP_HOME`, `XDG_STATE_HOME`, `HOME` and `SMCP_MASTER_KEY` from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes the place of `SMCP_HOME`. A relative path is taken from the working directory. */
  readonly home?: string | undefined;
}

/**
 * Opens the state folder, making folder and master key at the first start.
 *
 * @throws {HomeError} `HOME_INSECURE` when others own or can enter the folder or read the key, `HOME_UNUSABLE` when folder or key cannot be written or read,
 *   `HOME_KEY_INVALID` when the master key is not 32 bytes of base64, `HOME_KEY_MISSING` when there is state but no key.
 */
export async function openHome(options: HomeOptions): Promise<Home> {
  const path = locateHome(options);
  await ensurePrivateFolder(path);
  const master = await loadMasterKey({
    env: options.env,
    keyFile: join(path, 'master.key'),
    stateFile: join(path, 'state.db'),
  });
  return new OpenedHome(path, deriveKeys(master));
}

/** Where the state folder is, whether or not it exists: `SMCP_HOME`, else `$XDG_STATE_HOME/smcp`, else `~/.local/state/smcp`. */
export function locateHome(options: HomeOptions): string {
  const chosen = options.home || options.env['SMCP_HOME'];
  if (chosen) return resolve(chosen);
  const state = options.env['XDG_STATE_HOME'];
  // XDG Base Directory Specification: relative paths in these variables are ignored.
  if (state && isAbsolute(state)) return join(state, 'smcp');
  return join(options.env['HOME'] || homedir(), '.local', 'state', 'smcp');
}

class OpenedHome implements Home {
  readonly path: string;
  readonly #keys: DerivedKeys;
  readonly #auditPublicKey: KeyObject;

  constructor(path: string, keys: DerivedKeys) {
    this.path = path;
    this.#keys = keys;
    this.#auditPublicKey = createPublicKey(keys.auditSigningKey);
  }

  get hashKey(): KeyObject {
    return this.#keys.hashKey;
  }

  get vaultKey(): KeyObject {
    return this.#keys.vaultKey;
  }

  get auditSigningKey(): KeyObject {
    return this.#keys.auditSigningKey;
  }

  get sessionKey(): KeyObject {
    return this.#keys.sessionKey;
  }

  get stateKey(): KeyObject {
    return this.#keys.stateKey;
  }

  get auditPublicKey(): KeyObject {
    return this.#auditPublicKey;
  }

  file(...segments: string[]): string {
    return join(this.path, ...segments);
  }

  hashToken(token: string): string {
    return createHmac('sha256', this.#keys.hashKey).update(token, 'utf8').digest('hex');
  }

  toJSON(): { readonly path: string } {
    return { path: this.path };
  }

  [inspect.custom](): string {
    return `Home { path: ${JSON.stringify(this.path)} }`;
  }
}
