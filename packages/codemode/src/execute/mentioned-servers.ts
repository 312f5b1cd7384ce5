import type { NamedServer } from '../bindings/named.ts';

/** Longest name of a server that is looked for in quotes. */
const MAX_QUOTED_CHARS = 200;
const PYTHON_PREFIX = 'mcp_';

/**
 * Servers that a script names: by alias, snake name, `mcp_` and snake name, or own name, as a word of its own or in quotes. What stands in comments counts too, for
 * a server too many does no harm. Takes time in proportion to the source.
 */
export function mentionedServers(source: string, servers: readonly NamedServer[]): readonly NamedServer[] {
  const byWord = new Map<string, NamedServer>();
  for (const server of servers) {
    for (const word of [server.alias, server.snake, `${PYTHON_PREFIX}${server.snake}`]) {
      if (!byWord.has(word)) byWord.set(word, server);
    }
  }
  for (const server of servers) byWord.set(server.name, server);
  const found = new Set<NamedServer>();
  for (const word of wordsOf(source)) {
    const server = byWord.get(word);
    if (server !== undefined) found.add(server);
  }
  return servers.filter((server) => found.has(server));
}

function* wordsOf(source: string): Generator<string> {
  let start = -1;
  for (let at = 0; at <= source.length; at += 1) {
    const code = at < source.length ? source.charCodeAt(at) : 0;
    if (isWordCode(code)) {
      if (start < 0) start = at;
      continue;
    }
    if (start >= 0) yield source.slice(start, at);
    start = -1;
    if (code === 0x22 || code === 0x27 || code === 0x60) {
      const quoted = ifQuoted(source, at);
      if (quoted !== undefined) yield quoted;
    }
  }
}

/** What stands between this quotation mark and the next one like it, when that is near. */
function ifQuoted(source: string, at: number): string | undefined {
  const near = source.slice(at + 1, at + 2 + MAX_QUOTED_CHARS);
  const end = near.indexOf(source.charAt(at));
  return end > 0 ? near.slice(0, end) : undefined;
}

function isWordCode(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x5f ||
    code === 0x24
  );
}
