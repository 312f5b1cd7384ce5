import type { Principal } from '@smcp/policy';
import { PROMPTS, TOOLS, type ListKind } from '../catalog/index.ts';
import type { Gate } from '../gate/index.ts';
import type { Target } from './view.ts';

/** Which kind of action using an item of a list is. */
export function actionKind(kind: ListKind): 'tool' | 'prompt' | 'resource' {
  if (kind === TOOLS) {
    return 'tool';
  }
  return kind === PROMPTS ? 'prompt' : 'resource';
}

export function isListed(
  gate: Gate,
  principal: Principal,
  kind: ListKind,
  { server, name }: Target,
): boolean {
  return gate.isVisible(principal, { kind: actionKind(kind), server, name });
}
