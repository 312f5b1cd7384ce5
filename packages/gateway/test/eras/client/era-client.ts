import type { Era, JsonObject } from '@smcp/protocol';
import type { Changing } from '../server/world.ts';

/** How long a client waits for the answer to a call. */
export const CALL_TIMEOUT_MS = 20_000;

/** A real client of one era, driven in one way whatever the era is. Rejects with what the SDK rejects with. */
export interface EraClient extends AsyncDisposable {
  readonly era: Era;
  /** Every message that arrived, as it was on the wire. */
  readonly received: readonly JsonObject[];
  /** Questions that were put to the user, oldest first. */
  readonly asked: readonly Question[];
  /** What the user answers; replaced by `forget()`. */
  answers: Answers;
  /** Forgets messages and questions and goes back to the usual answers. */
  forget(): void;
  listTools(): Promise<readonly Named[]>;
  callTool(name: string, args?: Record<string, unknown>, options?: CallOptions): Promise<JsonObject>;
  /** Calls a tool in the way of somebody who takes tasks, and gives the result that the task ends with. */
  callAsTask(name: string): Promise<TaskEnd>;
  listPrompts(): Promise<readonly Named[]>;
  getPrompt(name: string, args?: Record<string, string>): Promise<JsonObject>;
  listResources(): Promise<readonly Named[]>;
  listTemplates(): Promise<readonly Named[]>;
  readResource(uri: string): Promise<JsonObject>;
  complete(of: CompletionOf, argument: string, typed: string): Promise<readonly string[]>;
  /** Wants log messages from this level on. */
  setLogLevel(level: 'debug' | 'info'): Promise<void>;
  /** Wants to be told of changes, until disposed of. */
  listen(to: { readonly list?: Changing; readonly uri?: string }): Promise<AsyncDisposable>;
}

export interface Named {
  readonly name: string;
  readonly uri?: string;
  readonly uriTemplate?: string;
  readonly [key: string]: unknown;
}

export interface CallOptions {
  readonly meta?: JsonObject;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

export interface TaskEnd {
  readonly result: JsonObject;
  /** True when a task was made for it; false when the result came at once. */
  readonly task: boolean;
}

export type CompletionOf =
  | { readonly type: 'ref/prompt'; readonly name: string }
  | { readonly type: 'ref/resource'; readonly uri: string };

export interface Question {
  readonly method: string;
  readonly params: Record<string, unknown>;
}

export interface FormAnswer {
  readonly action: 'accept' | 'decline' | 'cancel';
  readonly content?: Record<string, string>;
}

export interface Answers {
  readonly elicit: (params: Record<string, unknown>) => FormAnswer | Promise<FormAnswer>;
  readonly sample: string;
  readonly roots: readonly string[];
}
