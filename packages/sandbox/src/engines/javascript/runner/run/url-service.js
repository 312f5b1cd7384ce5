const SETTABLE = new Set([
  'href',
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
]);

/**
 * Parses URLs for scripts: texts in, the parts as JSON text out.
 *
 * @param {'parse' | 'set'} operation `parse` (url, base or undefined) or `set` (url, part, value).
 * @param {string} first
 * @param {string | undefined} second
 * @param {string | undefined} third
 * @returns {string | undefined} Undefined for what is no URL.
 */
export function answerUrl(operation, first, second, third) {
  try {
    const url = new URL(first, operation === 'parse' ? second : undefined);
    if (operation === 'set' && second !== undefined) {
      setPart(url, second, third ?? '');
    }
    const { href, origin, protocol, username, password, host, hostname, port, pathname, search, hash } = url;
    return JSON.stringify({
      href,
      origin,
      protocol,
      username,
      password,
      host,
      hostname,
      port,
      pathname,
      search,
      hash,
    });
  } catch {
    return undefined;
  }
}

/**
 * @param {URL} url
 * @param {string} part
 * @param {string} value
 */
function setPart(url, part, value) {
  if (SETTABLE.has(part)) {
    Reflect.set(url, part, value);
  }
}
