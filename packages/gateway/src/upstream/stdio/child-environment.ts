/** Variables a child gets from the gateway's own environment; everything else must be configured. */
const INHERITED = ['PATH', 'HOME'] as const;

/**
 * The whole environment of a child process. Later sources win: inherited `PATH` and `HOME`, configured variables, stored credentials, and last the
 * caller's own credential.
 */
export function childEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  ...configured: readonly Readonly<Record<string, string>>[]
): Readonly<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = own[name];
    if (value !== undefined) {
      env[name] = value;
    }
  }
  for (const source of configured) {
    Object.assign(env, source);
  }
  return Object.freeze(env);
}
