import { randomBytes } from 'node:crypto';
import { createVault, type Vault } from '../credential/index.ts';
import { loadConfig, type LoadedConfig } from '../config/index.ts';
import { openHome, type Home } from '../home/index.ts';
import { openStore, type Store } from '../store/index.ts';

/** What has to be there before a configuration can be read: the state folder, the store, and the secrets in it. */
export interface Foundation extends AsyncDisposable {
  readonly home: Home;
  readonly store: Store;
  readonly vault: Vault;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads and checks a configuration with the secrets of this state folder. */
  load(file: string): Promise<LoadedConfig>;
  /** Hashes, ids and times as the identity folder wants them. */
  readonly issueContext: {
    readonly store: Store;
    readonly hashToken: (token: string) => string;
    readonly random: (size: number) => Uint8Array;
    readonly clock: () => number;
  };
}

export interface FoundationOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** State folder; default as `openHome` says. */
  readonly home?: string | undefined;
}

/** Opens state folder and store. `SMCP_STORAGE_URL` names another store than the file in the folder. */
export async function openFoundation({ env, home: place }: FoundationOptions): Promise<Foundation> {
  const home = await openHome({ env, home: place });
  const store = await openStore(env['SMCP_STORAGE_URL'], home);
  const vault = createVault({ home, store, clock: Date.now });
  return {
    home,
    store,
    vault,
    env,
    load: async (file) => await loadConfig({ file, env, secret: async (name) => await vault.get(name) }),
    issueContext: {
      store,
      hashToken: (token) => home.hashToken(token),
      random: (size) => randomBytes(size),
      clock: Date.now,
    },
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
    },
  };
}
