import type { JsonObject } from '@smcp/protocol';
import type { ServerDescription } from '../upstream/index.ts';
import type { ListKind } from './list-all.ts';

/**
 * Decides which of the definitions that a server listed are offered, and in which form. What is left out does not exist for anybody: it is neither
 * listed nor can it be called.
 */
export interface DefinitionFilter {
  /** Differs whenever the same items may be decided in another way. */
  readonly settings: string;
  /**
   * Gives the items to offer, in the order of `items`: as they are, in an earlier form, or left out. Keys are names or URIs and never change.
   *
   * @param source The catalogue that asks; equal objects mean the same partition of callers.
   * @throws {UpstreamError} `UPSTREAM_UNAVAILABLE` when it cannot tell; nothing is to be offered then.
   */
  filter(
    kind: ListKind,
    items: ReadonlyMap<string, JsonObject>,
    description: ServerDescription,
    source: object,
  ): Promise<ReadonlyMap<string, JsonObject>>;
}
