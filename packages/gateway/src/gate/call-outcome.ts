import { UpstreamError, type UpstreamErrorCode, type UpstreamReply } from '../upstream/index.ts';
import { ConversationError } from './conversation/conversation-error.ts';
import type { GateRefusal, Outcome } from './records.ts';

const MAX_ERROR_CHARS = 500;

/** What an answer means for the record. `redact` takes secrets out of an error text, which may repeat what the server was sent. */
export function outcomeOf({ text, message }: UpstreamReply, redact: (text: string) => string): Outcome {
  const resultBytes = text.length;
  if ('error' in message) {
    return {
      outcome: 'rpc_error',
      resultBytes,
      error: redact(`${message.error.code} ${message.error.message}`).slice(0, MAX_ERROR_CHARS),
    };
  }
  return { outcome: message.result['isError'] === true ? 'tool_error' : 'ok', resultBytes };
}

const FAILURES: Readonly<Record<UpstreamErrorCode, readonly [GateRefusal['code'], Outcome['outcome']]>> = {
  UPSTREAM_UNAVAILABLE: ['UNAVAILABLE', 'not_sent'],
  UPSTREAM_SESSION_LOST: ['UNAVAILABLE', 'not_sent'],
  UPSTREAM_REFUSED: ['UNAVAILABLE', 'not_sent'],
  UPSTREAM_LOST: ['OUTCOME_UNKNOWN', 'unknown'],
  UPSTREAM_PROTOCOL: ['OUTCOME_UNKNOWN', 'unknown'],
  UPSTREAM_TIMEOUT: ['TIMEOUT', 'timeout'],
  UPSTREAM_CANCELLED: ['CANCELLED', 'cancelled'],
  UPSTREAM_TOO_LARGE: ['RESULT_TOO_LARGE', 'ok'],
};

/** What a failure on the way means for the caller and for the record. An unforeseen error counts as a call that may have run. */
export function failureOf(
  error: unknown,
  redact: (text: string) => string,
): Pick<GateRefusal, 'code' | 'message' | 'required'> & { readonly outcome: Outcome } {
  const recorded = (text: string): string => redact(text).slice(0, MAX_ERROR_CHARS);
  if (error instanceof ConversationError) {
    const { code, message, outcome, required } = error;
    return {
      code,
      message,
      outcome: { outcome, error: recorded(message) },
      ...(required === undefined ? {} : { required }),
    };
  }
  if (!(error instanceof UpstreamError)) {
    return {
      code: 'OUTCOME_UNKNOWN',
      message: 'The gateway failed while the call was under way; it may have run',
      outcome: {
        outcome: 'unknown',
        error: error instanceof Error ? recorded(error.message) : 'unknown failure',
      },
    };
  }
  const [code, outcome] = FAILURES[error.code];
  const note = code === 'OUTCOME_UNKNOWN' ? '; the call may have run' : '';
  return {
    code,
    message: error.message + note,
    outcome: { outcome, error: recorded(error.message) },
  };
}
