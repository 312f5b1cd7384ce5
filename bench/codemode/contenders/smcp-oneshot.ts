import type { Contender } from './contender.ts';
import { openEngine } from './smcp-engine.ts';

/** The engine in its hardened level: a process for each script. */
export async function openContender(): Promise<Contender> {
  return await openEngine({ level: 'oneshot' });
}
