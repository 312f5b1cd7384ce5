import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  classifyMessage,
  JsonError,
  readJson,
  RPC_ERRORS,
  type ClassifiedMessage,
  type InvalidMessage,
  type JsonDocument,
} from '@smcp/protocol';
import type { Config } from '../../config/schema.ts';
import { singleHeader } from '../http/http-door.ts';
import { acceptedForms, isJsonContent, type AcceptedForms } from '../http/media-type.ts';
import { readRequestBody } from '../http/read-body.ts';
import { CLOSE, refuse } from './refuse.ts';

/** The message of one POST. */
export interface IncomingRpc {
  readonly message: Exclude<ClassifiedMessage, InvalidMessage>;
  /** The same as it was written. */
  readonly document: JsonDocument;
  /** Forms of an answer that the client takes, of which there is one at least. */
  readonly forms: AcceptedForms;
}

/** Reads the message of a POST within the limits of the configuration. Undefined when it has been refused or the client went away. */
export async function readMessage(
  request: IncomingMessage,
  response: ServerResponse,
  http: Config['http'],
): Promise<IncomingRpc | undefined> {
  const forms = acceptedForms(request.headers.accept);
  if (!forms.json && !forms.stream) {
    const what = 'Accept must name application/json or text/event-stream';
    refuse(response, 406, RPC_ERRORS.invalidRequest, what);
    return undefined;
  }
  if (
    !isJsonContent(singleHeader(request, 'content-type')) ||
    request.headers['content-encoding'] !== undefined
  ) {
    const what = 'The body must be application/json in UTF-8, without content encoding';
    refuse(response, 415, RPC_ERRORS.invalidRequest, what, CLOSE);
    return undefined;
  }
  const body = await readRequestBody(request, http.max_body_bytes);
  if (body === undefined) {
    return undefined;
  }
  if (!body.ok) {
    const code = body.status === 413 ? RPC_ERRORS.invalidRequest : RPC_ERRORS.parse;
    refuse(response, body.status, code, body.message, CLOSE);
    return undefined;
  }
  const document = parseBody(body.text, http);
  if (document instanceof JsonError) {
    refuse(response, 400, RPC_ERRORS.parse, document.message);
    return undefined;
  }
  const message = classifyMessage(document.value);
  if (message.kind === 'invalid') {
    refuse(response, 400, RPC_ERRORS.invalidRequest, message.reason, {}, message.id);
    return undefined;
  }
  return { message, document, forms };
}

function parseBody(text: string, http: Config['http']): JsonDocument | JsonError {
  try {
    return readJson(text, {
      maxLength: http.max_body_bytes,
      maxDepth: http.max_json_depth,
      maxNodes: http.max_json_nodes,
    });
  } catch (error) {
    if (error instanceof JsonError) {
      return error;
    }
    throw error;
  }
}
