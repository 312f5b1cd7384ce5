import type { JsonObject, JsonValue } from '@smcp/protocol';
import type { BoundPayload } from './bound-payload.ts';

const copy: (text: string) => JsonValue = JSON.parse;

/** All of a payload as JSON, in a fixed order; what is empty is left out. */
export function fullPayload(payload: BoundPayload): JsonObject {
  const { status, summary, servers, stdout, stderr, result, error, diagnostics } = payload;
  const { moreDiagnostics, declarations, plan, notes, timeoutSeconds } = payload;
  return toJson({
    status,
    summary,
    servers,
    stdout,
    stderr,
    result,
    error,
    diagnostics,
    moreDiagnostics,
    declarations,
    plan,
    notes,
    timeoutSeconds,
  });
}

/** What a program needs of a payload: nothing that goes without saying. */
export function minimalPayload(payload: BoundPayload): JsonObject {
  const { status, summary, stdout, result, servers: _, ...rest } = payload;
  const isSuccess = status === 'success';
  const saysSomething = stdout !== undefined || result !== undefined || payload.plan !== undefined;
  return toJson({
    ...(isSuccess ? {} : { status }),
    ...(isSuccess && saysSomething ? {} : { summary }),
    stdout,
    result,
    ...rest,
  });
}

function toJson(members: object): JsonObject {
  const kept = Object.entries(members).filter(([name, value]) =>
    name === 'result' ? value !== undefined : !isEmpty(value),
  );
  const made: Record<string, JsonValue> = {};
  for (const [name, value] of kept) made[name] = copy(JSON.stringify(value));
  return made;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return Array.isArray(value) && value.length === 0;
}
