import { isDeepStrictEqual } from 'node:util';
import type { FoundSpec } from '../discovery.ts';

/** Whether two entries reach the same server in the same way, with the same credentials. */
export function sameSpec(left: FoundSpec, right: FoundSpec): boolean {
  return isDeepStrictEqual(revealed(left), revealed(right));
}

function revealed(spec: FoundSpec): unknown {
  if (spec.kind === 'url') return { ...spec, transport: '', headers: spec.headers.reveal() };
  return { ...spec, env: spec.env.reveal() };
}
