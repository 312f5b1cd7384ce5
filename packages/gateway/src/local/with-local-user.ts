import type { LoadedConfig } from '../config/index.ts';
import { withCodeMode } from './with-code-mode.ts';

/** Name of the key of the user who started a local gateway; the principal is `key:local`. */
export const LOCAL_USER = 'local';

/** The same configuration for a gateway that serves one user of this machine, who calls with `token`; code mode is on. */
export function withLocalUser(
  loaded: LoadedConfig,
  { token, role }: { readonly token: string; readonly role: string },
): LoadedConfig {
  const { config } = withCodeMode(loaded);
  return {
    ...loaded,
    config: {
      ...config,
      api_keys: [...config.api_keys, { name: LOCAL_USER, key: token, role }],
      // The user is one process; others are served by a gateway of their own.
      workers: 1,
    },
    secretValues: [token, ...loaded.secretValues],
  };
}
