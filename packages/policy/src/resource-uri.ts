/** Whoever writes `%252e` hopes that somebody decodes twice; nobody writes more honest layers than this. */
const MAX_LAYERS = 4;

const ENCODED = /%[0-7][0-9a-f]/gi;
const DOT_SEGMENT = /(?:^|[/\\?#])\.{1,2}(?:[/\\?#]|$)/;
const SCHEME_AND_HOST = /^[a-z][a-z0-9+.-]*:(?:\/\/[^/?#]*)?/i;

/**
 * A URI in its plainest writing, for comparing: encoded ASCII characters decoded, also when they were encoded several times, scheme and host in lower case.
 * Undefined when no honest reader could tell where it leads: it has a segment `.` or `..`, plain or encoded, or is encoded more than four times.
 */
export function ifPlainUri(uri: string): string | undefined {
  let plain = uri;
  for (let layer = 0, before = ''; plain !== before; layer += 1) {
    if (layer > MAX_LAYERS) return undefined;
    before = plain;
    plain = before.replaceAll(ENCODED, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
  }
  return DOT_SEGMENT.test(plain) ? undefined : plain.replace(SCHEME_AND_HOST, (head) => head.toLowerCase());
}
