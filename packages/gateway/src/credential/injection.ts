import { createHash, randomBytes } from 'node:crypto';
import type { ServerConfig } from '../config/schema.ts';

/** What is added on the way to one server for one caller. */
export interface Injection {
  readonly headers: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** Tells callers with their own credential apart; empty for the stored one. Reveals nothing of the credential. */
  readonly partition: string;
}

export type InjectionResult =
  | { readonly ok: true; readonly injection: Injection }
  | { readonly ok: false; readonly message: string };

// Partitions live as long as the process, so a random key makes them useless outside it.
const PARTITION_SALT = randomBytes(32);

/**
 * Chooses the credential by the mode of the server: `gateway` the stored one, `passthrough` the caller's own, `optional` the caller's if present and
 * the stored one otherwise. The token with which the caller came to the gateway is not known here and can never be sent on.
 */
export function injectCredential(
  server: string,
  config: ServerConfig,
  callerCredential: string | undefined,
): InjectionResult {
  const stored = { headers: config.credentials.headers, env: config.credentials.env, partition: '' };
  if (
    config.credential_mode === 'gateway' ||
    (config.credential_mode === 'optional' && callerCredential === undefined)
  ) {
    return { ok: true, injection: stored };
  }
  if (callerCredential === undefined) {
    return { ok: false, message: `Server "${server}" needs your own credential in its header` };
  }
  const { as, scheme, env } = config.credentials.passthrough ?? {};
  const header = as ?? 'Authorization';
  const word = scheme ?? 'Bearer';
  return {
    ok: true,
    injection: {
      headers:
        config.url === undefined
          ? {}
          : {
              ...withoutHeader(stored.headers, header),
              [header]: word === '' ? callerCredential : `${word} ${callerCredential}`,
            },
      env: env === undefined ? stored.env : { ...stored.env, [env]: callerCredential },
      partition: createHash('sha256').update(PARTITION_SALT).update(callerCredential).digest('hex'),
    },
  };
}

function withoutHeader(
  headers: Readonly<Record<string, string>>,
  name: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).filter(([key]) => key.toLowerCase() !== name.toLowerCase()),
  );
}
