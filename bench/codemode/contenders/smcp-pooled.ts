import type { Contender } from './contender.ts';
import { openEngine } from './smcp-engine.ts';

/** The engine as it comes: runners stand ready and serve one owner again and again. */
export async function openContender(): Promise<Contender> {
  return await openEngine({});
}
