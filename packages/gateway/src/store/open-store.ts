import { isAbsolute } from 'node:path';
import type { Home } from '../home/index.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { StoreError, type Store } from './store.ts';

/**
 * Opens the durable state.
 *
 * @param url Absent for `state.db` in the state folder, or `sqlite:` and a path; a relative path is taken from the state folder.
 * @throws {StoreError} `STORE_UNSUPPORTED` for any other kind of URL, otherwise as `openSqliteStore`.
 */
export async function openStore(url: string | undefined, home: Pick<Home, 'file'>): Promise<Store> {
  if (url === undefined || url === '') return openSqliteStore(home.file('state.db'));
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(url) ?? [];
  if (scheme.toLowerCase() !== 'sqlite') {
    // Only the scheme is quoted: the rest may hold a password.
    const shown = scheme === '' ? 'a text without scheme' : `"${scheme.slice(0, 32)}:"`;
    throw new StoreError('STORE_UNSUPPORTED', `Storage URL is ${shown}, but only "sqlite:" is built in`);
  }
  const path = rest.replace(/^\/\/(?=\/)/, '');
  if (path === '' || path.startsWith('//') || path.startsWith(':')) {
    throw new StoreError(
      'STORE_UNSUPPORTED',
      'Storage URL "sqlite:" needs the path of a file, such as sqlite:/var/lib/smcp/state.db',
    );
  }
  return openSqliteStore(isAbsolute(path) ? path : home.file(path));
}
