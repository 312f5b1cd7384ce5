import {
  isJsonObject,
  META,
  paramHeaders,
  paramMarks,
  spliceRequest,
  type Era,
  type JsonObject,
  type ParamMark,
} from '@smcp/protocol';
import type { TraceCarrier } from '../telemetry/telemetry.ts';
import type { OutgoingRequest } from '../upstream/index.ts';
import type { GateCall } from './gate-call.ts';
import { unknownParams } from './known-params.ts';
import { outgoingMeta } from './outgoing-meta.ts';

/** Members of `params` (JSON text) that the gate adds when the server is of this era, and leaves out otherwise. */
export interface AddedParams {
  readonly era: Era;
  readonly members: ReadonlyMap<string, string>;
}

const NONE: readonly ParamMark[] = Object.freeze([]);
const NAMED: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);

/** The message of a caller on its way to an upstream: members that nothing here replaces stay as they were written. */
export class OutgoingCall implements OutgoingRequest {
  readonly method: string;
  readonly name: string | undefined;
  readonly #call: GateCall;
  readonly #trace: TraceCarrier;
  readonly #definition: JsonObject | undefined;
  readonly #added: AddedParams | undefined;

  /** @param definition Of the tool, if it is one. */
  constructor(
    call: GateCall,
    trace: TraceCarrier,
    definition: JsonObject | undefined,
    added: AddedParams | undefined,
  ) {
    const { method, task, action } = call.request;
    this.method = method;
    this.name = task?.id ?? (NAMED.has(method) ? action.name : undefined);
    this.#call = call;
    this.#trace = trace;
    this.#definition = definition;
    this.#added = added;
  }

  encode(id: number, hop: JsonObject): string {
    const { request, meta } = this.#call;
    const { document, method, replace, task } = request;
    const changes = new Map(replace);
    for (const key of unknownParams(document, method)) {
      changes.set(key, '');
    }
    if (task !== undefined) {
      changes.set('taskId', JSON.stringify(task.id));
    }
    for (const [key, text] of this.#addedFor(hop)) {
      changes.set(key, text);
    }
    const metaText = outgoingMeta(meta, id, this.#trace, hop);
    if (metaText !== '' || meta !== undefined) {
      changes.set('_meta', metaText);
    }
    return spliceRequest(document, { id, params: changes });
  }

  paramHeaders(): Readonly<Record<string, string>> {
    const marks = this.#definition === undefined ? NONE : marksOf(this.#definition);
    return marks.length === 0 ? EMPTY : paramHeaders(marks, this.#call.params?.['arguments']);
  }

  #addedFor(hop: JsonObject): Iterable<[string, string]> {
    const era: Era = hop[META.protocolVersion] === undefined ? 'handshake' : 'modern';
    return this.#added?.era === era ? this.#added.members : [];
  }
}

const EMPTY: Readonly<Record<string, string>> = Object.freeze({});
const KNOWN_MARKS = new WeakMap<JsonObject, readonly ParamMark[]>();

/** A tool whose marks break the rules is listed to nobody; should it be called all the same, the server has to say what is wrong. */
function marksOf(definition: JsonObject): readonly ParamMark[] {
  const known = KNOWN_MARKS.get(definition);
  if (known !== undefined) {
    return known;
  }
  const schema = definition['inputSchema'];
  const found = isJsonObject(schema) ? paramMarks(schema) : undefined;
  const marks = found?.ok === true ? found.marks : NONE;
  KNOWN_MARKS.set(definition, marks);
  return marks;
}
