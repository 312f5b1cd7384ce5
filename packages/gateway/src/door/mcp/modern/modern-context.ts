import type { JsonDocument, JsonObject, RequestId } from '@smcp/protocol';
import type { Caller, Gate } from '../../../gate/index.ts';
import type { Answer } from '../answer.ts';
import type { Exchange } from '../exchange.ts';
import type { Envelope } from './envelope.ts';
import type { ResultWriter } from './result-text.ts';

/** One request that describes itself, and what it takes to answer it. */
export interface ModernContext {
  readonly gate: Gate;
  readonly exchange: Exchange;
  readonly caller: Caller;
  readonly id: RequestId;
  readonly method: string;
  readonly params: JsonObject;
  readonly document: JsonDocument;
  readonly envelope: Envelope;
  readonly answer: Answer;
  readonly signal: AbortSignal;
  readonly results: ResultWriter;
  readonly showReasons: boolean;
  /** `WWW-Authenticate` for a call that lacks scopes. */
  readonly stepUp: (scopes: readonly string[]) => string;
}
