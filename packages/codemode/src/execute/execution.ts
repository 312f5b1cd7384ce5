import type { Language, Outcome, OutputStream } from '@smcp/sandbox';
import type { JsonObject } from '@smcp/protocol';
import type { Diagnostic } from '../check/check.ts';
import type { Plan } from '../preview/plan.ts';
import type { ToolHost } from '../tool-host.ts';

/** What the arguments of `smcp_execute` say, once read. */
export interface ExecuteRequest {
  readonly code: string;
  /** Default `typescript`. */
  readonly language: Language;
  /** Name of a script session: made when there is none of that name, kept afterwards. Absent: nothing is kept. */
  readonly session?: string | undefined;
  /** Servers to load before the run. Others are loaded on first use, when the settings allow it. */
  readonly servers?: readonly string[] | undefined;
  /** Seconds. */
  readonly timeout?: number | undefined;
  /** `run`, `preview` (only what is annotated read-only is done), or `apply` of an earlier preview with its digest. */
  readonly mode:
    | { readonly kind: 'run' }
    | { readonly kind: 'preview' }
    | { readonly kind: 'apply'; readonly plan: string };
}

/** For whom it is executed. */
export interface ExecuteContext {
  /** Equal for executions that may share state, and for no others: tenant and principal. */
  readonly owner: string;
  readonly tenant: string;
  /** Id of the principal, for the records and for those who look after sessions. */
  readonly principal: string;
  readonly host: ToolHost;
  /** Scripts above this one; default 0. */
  readonly depth?: number | undefined;
  readonly signal: AbortSignal;
  /** Told of what the script prints and calls while it runs. Must not throw. */
  readonly onProgress?: ((note: ProgressNote) => void) | undefined;
  /** Told of all that the script prints, as it prints. Must not throw. */
  readonly onOutput?: ((stream: OutputStream, text: string) => void) | undefined;
}

export interface ProgressNote {
  /** Calls made so far. */
  readonly calls: number;
  readonly message: string;
}

/** How an execution ended. */
export type Execution =
  | {
      readonly status: 'checked';
      /** The script was not run: it does not fit the declarations. */
      readonly diagnostics: readonly Diagnostic[];
      readonly more: number;
      /** The declarations of tools that the diagnostics are about. */
      readonly declarations: readonly string[];
      /** As when it ran: a name may be unknown because its session has ended. */
      readonly notes?: readonly string[] | undefined;
    }
  | {
      readonly status: 'ran';
      readonly outcome: Outcome;
      readonly plan?: Plan | undefined;
      /** Servers that were loaded before the run, or used in it. */
      readonly servers: readonly string[];
      /** What the caller has to be told besides, such as that a session is new. */
      readonly notes: readonly string[];
    };

/** What `tools/call` of `smcp_execute` answers (MCP `CallToolResult`). */
export interface ExecuteResult {
  readonly content: readonly { readonly type: 'text'; readonly text: string }[];
  readonly structuredContent: JsonObject;
  readonly isError?: boolean | undefined;
}
