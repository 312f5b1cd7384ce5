import { isJsonObject, type InputResponses, type JsonObject, type JsonValue } from '@smcp/protocol';
import type { ResumedCall } from '../../../gate/index.ts';

const MAX_RESPONSES = 64;
const MAX_ID_LENGTH = 256;
const MAX_STATE_LENGTH = 256 * 1024;
/** The only methods whose results may ask for something. */
const RESUMABLE: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);

export type ResumeResult =
  | { readonly ok: true; readonly resume: ResumedCall | undefined }
  | { readonly ok: false; readonly fault: string };

/** Reads with what a client comes back to a call that asked it for something. Looks at shape and size; the state is sealed and is opened by the gate. */
export function readResume(method: string, params: JsonObject): ResumeResult {
  const { inputResponses, requestState } = params;
  if (!RESUMABLE.has(method) || (inputResponses === undefined && requestState === undefined)) {
    return { ok: true, resume: undefined };
  }
  if (requestState !== undefined && !isState(requestState)) {
    return wrong(`Parameter "requestState" must be a string of at most ${MAX_STATE_LENGTH} characters`);
  }
  const responses = inputResponses === undefined ? {} : ifResponses(inputResponses);
  if (responses === undefined) {
    const what = `at most ${MAX_RESPONSES} objects under ids of at most ${MAX_ID_LENGTH} characters`;
    return wrong(`Parameter "inputResponses" must be an object of ${what}`);
  }
  return { ok: true, resume: { state: requestState, responses } };
}

/** Answers by id, or undefined when they are none or too many. */
export function ifResponses(value: JsonValue | undefined): InputResponses | undefined {
  if (!isJsonObject(value)) {
    return undefined;
  }
  const entries = Object.entries(value);
  const responses: Record<string, JsonObject> = {};
  if (entries.length > MAX_RESPONSES) {
    return undefined;
  }
  for (const [id, response] of entries) {
    if (!isJsonObject(response) || id.length > MAX_ID_LENGTH) {
      return undefined;
    }
    responses[id] = response;
  }
  return responses;
}

function isState(value: JsonValue): value is string {
  return typeof value === 'string' && value.length <= MAX_STATE_LENGTH;
}

function wrong(fault: string): ResumeResult {
  return { ok: false, fault };
}
