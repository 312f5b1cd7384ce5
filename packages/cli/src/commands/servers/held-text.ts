import type { HeldChange } from '@smcp/gateway';

const TEXTS: Readonly<Record<HeldChange['reason'], string>> = {
  not_pinned: 'waits to be pinned: smcp servers pin',
  server_changed: 'another program or address than was pinned; nothing of it is offered',
  server_renamed: 'introduces itself by another name; nothing of it is offered',
  version_changed: 'another version with other definitions; nothing of it is offered',
  changed: 'changed',
  new: 'new',
  too_large: 'larger than can be pinned',
  too_deep: 'nested deeper than can be pinned',
  too_many: 'one more than can be pinned',
};

/** Why something is held, for people. */
export function reasonText({ reason }: Pick<HeldChange, 'reason'>): string {
  return TEXTS[reason];
}

/** Enough of a digest to tell two definitions apart, and to name one with `--digest`. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 16);
}
