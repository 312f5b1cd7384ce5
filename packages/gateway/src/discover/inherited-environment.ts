/**
 * What clients hand to the servers they start beside `PATH` and `HOME`, which the gateway hands over anyway: who the user is, the terminal, the language,
 * and where temporary files go. No proxies, no tokens.
 */
const UNIX = [
  'LOGNAME',
  'USER',
  'SHELL',
  'TERM',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'XDG_RUNTIME_DIR',
] as const;

/** Programs on Windows do not start without some of these. */
const WINDOWS = [
  'APPDATA',
  'COMSPEC',
  'HOMEDRIVE',
  'HOMEPATH',
  'LOCALAPPDATA',
  'PATHEXT',
  'PROCESSOR_ARCHITECTURE',
  'PROGRAMFILES',
  'SYSTEMDRIVE',
  'SYSTEMROOT',
  'TEMP',
  'TMP',
  'USERNAME',
  'USERPROFILE',
  'WINDIR',
] as const;

/** Tells a started process that it runs below this program; see `discoverServers`. */
export const NESTED_VARIABLE = 'SMCP_NESTED';

/** Variables for processes that were configured in a client. */
export function inheritedEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Readonly<Record<string, string>> {
  const given = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const wanted: ReadonlySet<string> = new Set(platform === 'win32' ? WINDOWS : UNIX);
  const known = given.filter(
    ([name, value]) =>
      wanted.has(platform === 'win32' ? name.toUpperCase() : name) && !/[\0\r\n]/.test(value),
  );
  return { ...Object.fromEntries(known), [NESTED_VARIABLE]: '1' };
}
