export type TokenKind = 'key' | 'agent';

/** Returns so many random bytes, fit for secrets. */
export type RandomBytes = (count: number) => Uint8Array;

const prefixes: Readonly<Record<TokenKind, string>> = { key: 'smcp_key_', agent: 'smcp_agent_' };

/** 256 bits: nobody guesses one, so a fast keyed hash of it is enough. */
const TOKEN_BYTES = 32;
const HINT_LENGTH = 4;
/** A token shorter than this after its prefix was made by hand; four characters would tell too much of it. */
const MIN_HINTED_LENGTH = 16;

const issuedToken = /^smcp_(?:key|agent)_[A-Za-z0-9_-]{43}$/;

/** A fresh token: prefix and 43 characters. It is shown once and kept nowhere. */
export function newToken(kind: TokenKind, random: RandomBytes): string {
  const bytes = random(TOKEN_BYTES);
  if (bytes.byteLength !== TOKEN_BYTES) {
    throw new RangeError(`Expected ${TOKEN_BYTES} random bytes, got ${bytes.byteLength}`);
  }
  return prefixes[kind] + Buffer.from(bytes).toString('base64url');
}

/** Whether `token` has the form of one made by `newToken`, the only form that the store holds. */
export function isIssuedForm(token: string): boolean {
  return issuedToken.test(token);
}

/**
 * What people may see of a token to tell it from others: its prefix and four characters. Text without our prefix gives nothing, as it may be
 * somebody's password.
 */
export function tokenHint(token: string): string {
  const prefix = Object.values(prefixes).find((candidate) => token.startsWith(candidate));
  if (prefix === undefined) return '';
  const isLong = token.length - prefix.length >= MIN_HINTED_LENGTH;
  return token.slice(0, prefix.length + (isLong ? HINT_LENGTH : 0));
}
