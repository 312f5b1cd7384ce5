import type { AgentConfig, ApiKeyConfig } from '../config/schema.ts';
import { credentialState } from './credential.ts';
import type { Credential, CredentialState, HashToken } from './credential.ts';
import { buildRegistry, readFileCredentials, refuseNameClash, toStoreCredentials } from './registry.ts';
import type { ListedPrincipal, Registry } from './registry.ts';
import { StoreWatch } from './store-watch.ts';
import type { IdentityStore } from './store-watch.ts';

/** After so long without an answer of the store its credentials do not count: a revocation may have been missed. */
const MAX_UNANSWERED_MS = 30 * 1000;

export interface FileEntries {
  readonly apiKeys: readonly ApiKeyConfig[];
  readonly agents: readonly AgentConfig[];
}

export interface DirectoryOptions {
  readonly entries: FileEntries;
  readonly store: IdentityStore;
  readonly hashToken: HashToken;
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
  readonly pollIntervalMs: number;
  readonly storeAnswerMs: number;
  readonly onStoreError: (error: unknown) => void;
}

/** `stale`: nobody knows, since the store has not answered for too long. */
export type Standing = CredentialState | 'stale';

/** Every credential of the configuration and the store, as of now. */
export class Directory implements AsyncDisposable {
  readonly #options: DirectoryOptions;
  readonly #watch: StoreWatch;
  #file: readonly Credential[];
  #store: readonly Credential[] = [];
  #registry: Registry;

  /** @throws {IdentityError} when the entries contradict each other. */
  constructor(options: DirectoryOptions) {
    this.#options = options;
    this.#file = readFileCredentials(options.entries, options.hashToken);
    this.#registry = buildRegistry(this.#file, []);
    this.#watch = new StoreWatch({
      store: options.store,
      apply: ({ keys, agents }) => {
        this.#store = toStoreCredentials(keys, agents);
        this.#registry = buildRegistry(this.#file, this.#store, this.#registry);
      },
      monotonicMs: options.monotonicMs,
      intervalMs: options.pollIntervalMs,
      answerMs: options.storeAnswerMs,
      onError: options.onStoreError,
    });
  }

  /**
   * Reads the store for the first time.
   *
   * @throws {IdentityError} `IDENTITY_NAME_TAKEN` when the store has a name of the configuration; whatever the store throws.
   */
  async open(): Promise<void> {
    await this.#watch.look();
    refuseNameClash(this.#file, this.#store);
  }

  /** What is known at this moment; never changes. */
  get registry(): Registry {
    return this.#registry;
  }

  /** @throws whatever the store throws. */
  refresh(): Promise<void> {
    return this.#watch.look();
  }

  /** @throws {IdentityError} when the entries contradict each other or the store; then nothing has changed. */
  replaceEntries(entries: FileEntries): void {
    const file = readFileCredentials(entries, this.#options.hashToken);
    refuseNameClash(file, this.#store);
    this.#file = file;
    this.#registry = buildRegistry(file, this.#store, this.#registry);
  }

  standing(credential: Credential): Standing {
    const state = credentialState(credential, this.#options.nowMs());
    if (state !== 'current' || credential.source === 'file') return state;
    return this.#watch.unansweredMs() > MAX_UNANSWERED_MS ? 'stale' : 'current';
  }

  /** Whether `credential`, got some time ago, is still registered just so and may be used. */
  isCurrent(credential: Credential): boolean {
    const registered = this.#registry.findByHash(credential.hash);
    return registered === credential && this.standing(credential) === 'current';
  }

  list(): readonly ListedPrincipal[] {
    return this.#registry.list();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watch[Symbol.asyncDispose]();
  }
}
