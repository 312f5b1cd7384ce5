export { Gate } from './gate.ts';
export type { ConversationSettings, GateDeps, GateState } from './gate-state.ts';
export type { TaskRoute } from './tasks/task-id.ts';
export type { GateRefusalCode, GateReply, GateRequest } from './gate-request.ts';
export { RefusalBudget } from './refusal-budget.ts';
export { missingScopes } from './required-scopes.ts';
export {
  isOfSession,
  ServerEntry,
  type Caller,
  type Route,
  type RouteResult,
  type ServerContext,
} from './server-entry.ts';
export {
  askerOf,
  type AskingClient,
  type ClientSide,
  type ResumedCall,
  type RetryingClient,
} from './client-side.ts';
