import type { Plan } from '../preview/plan.ts';
import type { ToolDefinition, ToolReply } from '../tool-host.ts';

/** A call of a script on its way to the gate. */
export interface HookedCall {
  readonly server: string;
  /** The tool as its server lists it. */
  readonly tool: ToolDefinition;
  /** JSON text of an object, as the script gave it. Placeholders of a preview stand in it as `{"$result": n, "path": [...]}`. */
  readonly args: string;
  /** Whether the script gets the untouched `CallToolResult`; otherwise paths of placeholders lead into the unwrapped value. */
  readonly raw: boolean;
}

/**
 * What becomes of a call before the gate is asked:
 *
 * - `make` it goes to the gate
 * - `record` it is not made; the script goes on with a placeholder for what planned call `planned` (from 1) would give
 * - `refuse` it is not made, and the script gets a `ToolError` with this code and message
 */
export type CallVerdict =
  | { readonly kind: 'make' }
  | { readonly kind: 'record'; readonly planned: number }
  | { readonly kind: 'refuse'; readonly code: string; readonly message: string };

/** Stands between one execution and the gate. `before` is asked in the order in which the script made its calls. */
export interface CallHook {
  before(call: HookedCall): CallVerdict | Promise<CallVerdict>;
  /** Told of every call that was made, and how it ended. Must not throw. */
  after(call: HookedCall, reply: ToolReply): void;
  /** After the run: the plan, when there is one. */
  finish(): Plan | undefined;
}

/** Makes the hook of an execution that is not a plain run. */
export interface CallHooks {
  /** @throws {CodeModeError} `PLAN_UNKNOWN` when `apply` names no plan of this owner, `PLAN_DIFFERS` when it is of another script. */
  open(options: CallHookOptions): CallHook | Promise<CallHook>;
}

export interface CallHookOptions {
  readonly mode: { readonly kind: 'preview' } | { readonly kind: 'apply'; readonly plan: string };
  readonly owner: string;
  readonly code: string;
  readonly language: string;
}
