import { META, MODERN_VERSIONS } from '@smcp/protocol';
import type { Caller } from '../../../gate/index.ts';
import type { View } from '../../../view/index.ts';
import type { ModernAnswer } from './modern-reply.ts';
import type { ResultWriter } from './result-text.ts';

/** Capabilities change with the configuration, of which nobody is told; so a client may rely on them for a minute only. */
const TTL_MS = 60_000;

/** Says what the endpoint is and offers. The versions are ours alone: with which of them a server is reached is no concern of the client. */
export async function discover(
  id: string | number,
  { view, caller, results }: { readonly view: View; readonly caller: Caller; readonly results: ResultWriter },
): Promise<ModernAnswer> {
  const { capabilities, serverInfo, instructions, isWhole } = await view.describe(caller);
  const result = {
    supportedVersions: [...MODERN_VERSIONS],
    capabilities,
    ...(instructions === undefined ? {} : { instructions }),
    ttlMs: isWhole ? TTL_MS : 0,
    cacheScope: 'private',
  };
  const meta = typeof serverInfo['name'] === 'string' ? { [META.serverInfo]: serverInfo } : {};
  return { text: results.own(id, result, meta), status: 200 };
}
