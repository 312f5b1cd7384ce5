/** Whether a server may send users to a page. */
export type PageRule = (url: unknown) => boolean;

/**
 * Pages to which a server may send users: over https, without user information, at the host of the server itself or at one that the operator lists. Hosts
 * are compared label by label in their ASCII form.
 *
 * @param own Address of the server; undefined for a process.
 * @param listed Such as `login.example.com`, or `*.example.com` for everything below but not `example.com` itself.
 */
export function createPageRule(own: string | undefined, listed: readonly string[]): PageRule {
  const exact = new Set(listed.filter((host) => !host.startsWith('*.')));
  if (own !== undefined) {
    exact.add(hostOf(new URL(own)));
  }
  const suffixes = listed.filter((host) => host.startsWith('*.')).map((host) => host.slice(1));
  return (text) => {
    // Readers disagree about these, so that a browser might go elsewhere.
    const url = typeof text === 'string' && !/[\\\s\p{Cc}]/u.test(text) ? URL.parse(text) : null;
    if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '') {
      return false;
    }
    const host = hostOf(url);
    return exact.has(host) || suffixes.some((suffix) => host.endsWith(suffix) && host.length > suffix.length);
  };
}

/** Without the dot of a fully qualified name, which names the same host. */
function hostOf({ hostname }: URL): string {
  return hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
}
