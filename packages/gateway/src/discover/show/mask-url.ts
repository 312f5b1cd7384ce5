import { isSecretKey, looksRandom } from './secret-like.ts';

export interface Masked {
  /** Fit to be shown. */
  readonly text: string;
  /** What was masked and is a secret for sure enough that no log may show it. */
  readonly secrets: readonly string[];
}

const MASK = '…';

/** An address without user name, password, values of its query, and parts of its path that look like a token. */
export function maskUrl(address: string): Masked {
  const url = /[{}]/.test(address) ? null : URL.parse(address);
  // Variables still stand in it, or it is no address at all; whatever could be a credential goes.
  if (url === null)
    return {
      text: address.replace(/\/\/[^/?#]*@/, `//${MASK}@`).replace(/[?#].*$/s, `?${MASK}`),
      secrets: [],
    };
  const secrets: string[] = [];
  if (url.password !== '') secrets.push(decoded(url.password));
  const path = url.pathname.split('/').map((part) => {
    if (!looksRandom(part)) return part;
    secrets.push(decoded(part));
    return MASK;
  });
  const query = [...url.searchParams].map(([name, value]) => {
    if (isSecretKey(name) || looksRandom(value)) secrets.push(value);
    return `${name}=${MASK}`;
  });
  const user = url.username === '' && url.password === '' ? '' : `${MASK}@`;
  const search = query.length === 0 ? '' : `?${query.join('&')}`;
  return { text: `${url.protocol}//${user}${url.host}${path.join('/')}${search}`, secrets };
}

/** A part of an address with its `%` escapes undone, or as it is when they are malformed. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
