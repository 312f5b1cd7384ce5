import type { JsonObject } from '@smcp/protocol';
import type { GateRefusalCode } from '../gate-request.ts';
import type { Outcome } from '../records.ts';

export interface ConversationErrorOptions extends ErrorOptions {
  /** What the record says became of the call. Default `ok`: it ran, and only its answer cannot be given. */
  readonly outcome?: Outcome['outcome'];
  /** With `CAPABILITY_MISSING`: what the client did not declare. */
  readonly required?: JsonObject;
}

/** The server was reached, and what it answered cannot be brought to an end that this client can be given. The message is fit for callers. */
export class ConversationError extends Error {
  override readonly name = 'ConversationError';
  readonly code: GateRefusalCode;
  readonly outcome: Outcome['outcome'];
  readonly required: JsonObject | undefined;

  constructor(code: GateRefusalCode, message: string, options: ConversationErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.outcome = options.outcome ?? 'ok';
    this.required = options.required;
  }
}
