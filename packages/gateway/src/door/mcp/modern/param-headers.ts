import type { IncomingMessage } from 'node:http';
import { isJsonObject, paramHeaderFault, paramMarks, type JsonObject, type ParamMark } from '@smcp/protocol';
import type { GateRequest } from '../../../gate/index.ts';
import { headerValues } from '../../http/http-door.ts';

const NO_MARKS: readonly ParamMark[] = Object.freeze([]);
/** By the schema object, which lives as long as the list that it came with. */
const MARKS = new WeakMap<JsonObject, readonly ParamMark[]>();

/** Compares the `Mcp-Param-*` headers of a call with its arguments, by the definition of the tool that is called. */
export function paramHeaderCheck(
  request: IncomingMessage,
  params: JsonObject,
): NonNullable<GateRequest['checkDefinition']> {
  return (definition) => {
    const marks = marksOf(definition);
    return marks.length === 0
      ? undefined
      : paramHeaderFault(marks, params['arguments'], headerValues(request));
  };
}

/** Marks that break the rules mark nothing: no client sends headers for them. */
function marksOf({ inputSchema }: JsonObject): readonly ParamMark[] {
  if (!isJsonObject(inputSchema)) {
    return NO_MARKS;
  }
  const known = MARKS.get(inputSchema);
  if (known !== undefined) {
    return known;
  }
  const found = paramMarks(inputSchema);
  const marks = found.ok ? found.marks : NO_MARKS;
  MARKS.set(inputSchema, marks);
  return marks;
}
