/**
 * Headers that workers send each other on their private sockets. Whoever sends them from outside is not believed: only requests that came in on the private
 * socket are looked at for them, and none leaves with what a client wrote there.
 */
export const INTERNAL = {
  /** Proves that the sender is a worker of this gateway: random for each start, told to workers only. */
  token: 'smcp-worker-token',
  /** Address of the client, as the first worker saw it. */
  source: 'smcp-worker-source',
} as const;

/** RFC 9110 section 7.6.1: what concerns one connection only. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

const REPLACED: ReadonlySet<string> = new Set([...HOP_BY_HOP, ...Object.values(INTERNAL), 'content-length']);

/**
 * The headers of a request as they came, in order and with those that came twice, as names and values in turn; without what is for one hop, what is ours, and
 * the length of the body.
 */
export function forwardedHeaders(rawHeaders: readonly string[]): string[] {
  return without(rawHeaders, REPLACED);
}

/** The headers of an answer, likewise. */
export function returnedHeaders(rawHeaders: readonly string[]): string[] {
  return without(rawHeaders, HOP_BY_HOP);
}

function without(rawHeaders: readonly string[], names: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (!names.has(name.toLowerCase())) {
      kept.push(name, value);
    }
  }
  return kept;
}
