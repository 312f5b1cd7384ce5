/**
 * Whether one of the audiences of a token is this gateway, or the endpoint that was asked.
 *
 * A token for the address of the gateway is good everywhere; one for an endpoint (RFC 8707) is good at that endpoint and below it, so that one made for
 * `/mcp/github` opens nothing else.
 *
 * @param accepted Further audiences of the configuration, compared exactly.
 * @param base Address of the gateway. A slash at the end makes no difference, here and in the token.
 * @param path Of the request, without query; undefined when it came another way.
 */
export function isForUs(
  audiences: readonly string[],
  accepted: ReadonlySet<string>,
  base: string,
  path: string | undefined,
): boolean {
  const asked = trimmed(base) + (path ?? '');
  return audiences.some((audience) => {
    if (accepted.has(audience)) return true;
    const place = trimmed(audience);
    return place.startsWith(trimmed(base)) && (asked === place || asked.startsWith(`${place}/`));
  });
}

function trimmed(address: string): string {
  return address.endsWith('/') ? address.slice(0, -1) : address;
}
