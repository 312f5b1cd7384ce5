import { isDelegationPublicKey } from '@smcp/protocol';
import { StoreError } from '../store/store.ts';
import type { StoredAgent, StoredKey } from '../store/store.ts';
import type { HashToken } from './credential.ts';
import { IdentityError } from './identity-error.ts';
import type { IdentityStore } from './store-watch.ts';
import { newToken, tokenHint } from './token.ts';
import type { RandomBytes, TokenKind } from './token.ts';

const MAX_DELEGATION_DEPTH = 16;

const nameForm = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
const tokenPrefix = /smcp_(?:key|agent)_/;
const codeHashForm = /^sha256:[0-9a-f]{64}$/;
const principalForm = /^[a-z]{1,32}:[\x21-\x2b\x2d-\x7e]{1,256}$/;

export interface IssueContext {
  readonly store: Pick<IdentityStore, 'keys' | 'agents'>;
  readonly hashToken: HashToken;
  readonly random: RandomBytes;
  /** Wall clock, milliseconds since 1970. */
  readonly clock: () => number;
  /** Entries of the configuration file, whose names are taken. Default: none. */
  readonly config?: {
    readonly apiKeys: readonly { readonly name: string }[];
    readonly agents: readonly { readonly name: string }[];
  };
}

export interface KeyRequest {
  /** 1 to 64 letters, digits, `_`, `.` or `-`. */
  readonly name: string;
  /** At least one. */
  readonly roles: readonly string[];
  /** A date or a time with its zone, ISO 8601, later than now. Default: never. */
  readonly expiresAt?: string;
  /** Ed25519 public key (JWK `x`) with which this principal signs delegations. */
  readonly publicKey?: string;
}

export interface AgentRequest extends KeyRequest {
  /** `sha256:` and 64 hexadecimal digits in lower case. */
  readonly codeHash: string;
  /** 0 to 16. Default 0: it cannot act for others. */
  readonly maxDelegationDepth?: number;
  /** Principal ids such as `key:alice`. Default: nobody. */
  readonly allowedDelegators?: readonly string[];
}

/** `token` is shown once: only its keyed hash is kept. */
export interface Issued<T> {
  readonly token: string;
  readonly entry: T;
}

/**
 * Makes an API key and stores it. A running gateway accepts it at its first use.
 *
 * Does not check that the roles exist.
 *
 * @throws {IdentityError} `IDENTITY_NAME_TAKEN` when a key of the file or the store, revoked ones included, has the name; `IDENTITY_INVALID` when
 *   the request has a wrong form.
 * @throws {StoreError} when the store cannot be written.
 */
export async function issueKey(context: IssueContext, request: KeyRequest): Promise<Issued<StoredKey>> {
  const { token, entry } = prepare('key', context, request);
  await keep('key', context, entry, () => context.store.keys.create(entry));
  return { token, entry };
}

/**
 * Registers an agent and stores it. A running gateway accepts it at its first use.
 *
 * Does not check that roles and delegators exist.
 *
 * @throws {IdentityError} `IDENTITY_NAME_TAKEN` when an agent of the file or the store, revoked ones included, has the name; `IDENTITY_INVALID` when
 *   the request has a wrong form.
 * @throws {StoreError} when the store cannot be written.
 */
export async function issueAgent(context: IssueContext, request: AgentRequest): Promise<Issued<StoredAgent>> {
  const { codeHash, maxDelegationDepth = 0, allowedDelegators = [] } = request;
  if (!codeHashForm.test(codeHash)) {
    throw invalid('Expected the code hash as "sha256:" and 64 hexadecimal digits in lower case');
  }
  const isDepth = Number.isSafeInteger(maxDelegationDepth) && maxDelegationDepth >= 0;
  if (!isDepth || maxDelegationDepth > MAX_DELEGATION_DEPTH) {
    throw invalid(`Expected a delegation depth from 0 to ${MAX_DELEGATION_DEPTH}, got ${maxDelegationDepth}`);
  }
  const stranger = allowedDelegators.find((id) => !principalForm.test(id));
  if (stranger !== undefined)
    throw invalid(`Expected a principal such as "key:alice", got ${quote(stranger)}`);

  const { token, entry } = prepare('agent', context, request);
  const agent: StoredAgent = {
    ...entry,
    codeHash,
    maxDelegationDepth,
    allowedDelegators: [...new Set(allowedDelegators)],
  };
  await keep('agent', context, agent, () => context.store.agents.create(agent));
  return { token, entry: agent };
}

function prepare(kind: TokenKind, context: IssueContext, request: KeyRequest): Issued<StoredKey> {
  const { name, roles, expiresAt, publicKey } = request;
  if (!isName(name)) {
    throw invalid(`Expected a name of 1 to 64 letters, digits, "_", "." or "-", got ${quote(name)}`);
  }
  if (roles.length === 0) throw invalid(`Expected at least one role for ${kind}:${name}`);
  const wrongRole = roles.find((role) => !isName(role));
  if (wrongRole !== undefined) throw invalid(`Expected the name of a role, got ${quote(wrongRole)}`);
  if (publicKey !== undefined && !isDelegationPublicKey(publicKey)) {
    throw invalid('Expected the public key as the 43 base64url characters of an Ed25519 key');
  }
  const nowMs = context.clock();
  const expiry = expiresAt === undefined ? {} : { expiresAt: toFutureIso(expiresAt, nowMs) };
  const token = newToken(kind, context.random);
  return {
    token,
    entry: {
      name,
      hash: context.hashToken(token),
      hint: tokenHint(token),
      roles: [...new Set(roles)],
      createdAt: new Date(nowMs).toISOString(),
      ...expiry,
      ...(publicKey === undefined ? {} : { publicKey }),
    },
  };
}

async function keep(
  kind: TokenKind,
  { config }: IssueContext,
  { name }: StoredKey,
  create: () => Promise<void>,
): Promise<void> {
  const inFile = (kind === 'key' ? config?.apiKeys : config?.agents) ?? [];
  if (inFile.some((entry) => entry.name === name)) {
    throw new IdentityError('IDENTITY_NAME_TAKEN', `${kind}:${name} is in the configuration file`);
  }
  try {
    await create();
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'STORE_CONFLICT') throw error;
    throw new IdentityError('IDENTITY_NAME_TAKEN', `${kind}:${name} exists, or existed and was revoked`, {
      cause: error,
    });
  }
}

function toFutureIso(text: string, nowMs: number): string {
  const isIso = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/.test(
    text,
  );
  const ms = isIso ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw invalid(`Expected a date such as "2027-01-31" or a time with its zone, got ${quote(text)}`);
  }
  if (ms <= nowMs) throw invalid(`Expected an expiry in the future, got ${quote(text)}`);
  return new Date(ms).toISOString();
}

function invalid(message: string): IdentityError {
  return new IdentityError('IDENTITY_INVALID', message);
}

/** A token in the place of a name would be kept in clear. */
function isName(text: string): boolean {
  return nameForm.test(text) && !tokenPrefix.test(text);
}

/** Whoever mistypes a command may put a token anywhere. */
function quote(text: string): string {
  return tokenPrefix.test(text) ? 'a token' : JSON.stringify(text.slice(0, 64));
}
