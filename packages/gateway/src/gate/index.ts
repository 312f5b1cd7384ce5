export { Gate, type GateDeps, type GateState } from './gate.ts';
export type { GateRefusalCode, GateReply, GateRequest } from './gate-request.ts';
export { RefusalBudget } from './refusal-budget.ts';
export {
  isOfSession,
  ServerEntry,
  type Caller,
  type Route,
  type RouteResult,
  type ServerContext,
} from './server-entry.ts';
