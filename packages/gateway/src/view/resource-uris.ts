import type { Listing } from '../catalog/index.ts';
import type { Target } from './view.ts';

/** Public URIs: as the servers give them; where two servers give the same, the later one’s is put under `smcp://<server>/`. */
export function assignUris(targets: Iterable<Target>): ReadonlyMap<string, Target> {
  const table = new Map<string, Target>();
  for (const target of targets) {
    let uri = target.name;
    for (let n = 1; table.has(uri); n += 1) {
      uri = `smcp://${target.server}/${n === 1 ? '' : `${n}/`}${target.name}`;
    }
    table.set(uri, target);
  }
  return table;
}

/** The server whose template fits the URI best: the one with the longest fixed beginning. */
export function templateServer(
  parts: readonly { readonly server: string; readonly listing: Listing }[],
  uri: string,
): string | undefined {
  let best: { readonly server: string; readonly length: number } | undefined;
  for (const { server, listing } of parts) {
    for (const template of listing.byKey.keys()) {
      const fixed = template.split('{', 1)[0] ?? '';
      if (fixed !== '' && uri.startsWith(fixed) && fixed.length > (best?.length ?? 0)) {
        best = { server, length: fixed.length };
      }
    }
  }
  return best?.server;
}
