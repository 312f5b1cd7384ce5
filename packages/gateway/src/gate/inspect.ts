import { TASKS_EXTENSION, type JsonObject } from '@smcp/protocol';
import { PROMPTS, TOOLS } from '../catalog/index.ts';
import { faultOfAnswers } from './conversation/answers-of.ts';
import type { UpstreamState } from './conversation/call-state.ts';
import { responsesOf, type GateCall } from './gate-call.ts';
import { declaresTasks } from './questions/capabilities.ts';
import type { GateRefusal } from './records.ts';
import { missingScopes } from './required-scopes.ts';
import type { Route, ServerEntry } from './server-entry.ts';

export type Finding = Pick<GateRefusal, 'code' | 'message' | 'scopes' | 'required'>;

const NOTHING: JsonObject = Object.freeze({});

/** The definition of what is asked for; undefined when the server does not offer it. */
export async function ifOffered(
  { request }: GateCall,
  { upstream, catalog }: Route,
): Promise<JsonObject | undefined> {
  const { kind, name } = request.action;
  // Resources may come from a template, so only the server can tell whether one exists. A task outlives the tool that made it.
  return kind === 'resource' || request.task !== undefined
    ? NOTHING
    : await catalog.find(kind === 'tool' ? TOOLS : PROMPTS, name, upstream);
}

/**
 * Looks at what was not known before the tool was found, and gives the first thing for which the call must not be made: headers that differ from the body, a scope
 * that the token lacks, a capability that the client lacks, an answer that is none.
 */
export function inspect(
  call: GateCall,
  server: ServerEntry,
  definition: JsonObject,
  came: UpstreamState | undefined,
): Finding | undefined {
  const { action, caller, checkDefinition, client, task } = call.request;
  const fault = checkDefinition?.(definition);
  if (fault !== undefined) {
    return { code: 'HEADER_MISMATCH', message: fault };
  }
  const tool = action.kind === 'tool' ? server.toolSettings(action.name) : undefined;
  const scopes = missingScopes(server.config, tool, caller.principal);
  if (scopes.length > 0) {
    return { code: 'INSUFFICIENT_SCOPE', message: `The token lacks the scopes ${scopes.join(' ')}`, scopes };
  }
  if (task !== undefined && !declaresTasks(client?.capabilities ?? NOTHING)) {
    const required = { extensions: { [TASKS_EXTENSION]: {} } };
    return { code: 'CAPABILITY_MISSING', message: 'The client did not declare tasks', required };
  }
  const wrong = came === undefined ? undefined : faultOfAnswers(responsesOf(call), came);
  return wrong === undefined ? undefined : { code: 'STATE_INVALID', message: wrong };
}
