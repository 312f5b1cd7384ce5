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
 * @param {unknown} operation `parse` (url, base or undefined) or `set` (url, part, value).
 * @param {readonly unknown[]} values
 * @returns {string | undefined} Undefined for what is no URL.
 */
export function answerUrl(operation, [first, second, third]) {
  try {
    const base = operation === 'parse' && second !== undefined ? String(second) : undefined;
    const url = new URL(String(first), base);
    if (operation === 'set') {
      setPart(url, String(second), String(third));
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
