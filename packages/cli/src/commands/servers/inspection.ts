import type { Route } from '@smcp/gateway';
import type { JsonObject } from '@smcp/protocol';

type ServerDescription = Awaited<ReturnType<Route['upstream']['describe']>>;

/** What a server says of itself and offers. */
export interface Inspection {
  readonly server: string;
  readonly description: ServerDescription;
  readonly tools: readonly JsonObject[];
  readonly prompts: readonly JsonObject[];
  readonly resources: readonly JsonObject[];
  readonly resourceTemplates: readonly JsonObject[];
}
