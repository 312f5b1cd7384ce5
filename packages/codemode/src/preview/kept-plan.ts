import type { JsonObject } from '@smcp/protocol';
import { canonicalJson } from '@smcp/protocol';
import { canonicalDigest } from './canonical-digest.ts';
import type { Plan } from './plan.ts';

/** A planned call with what is needed to tell it again. */
export interface KeptCall {
  readonly server: string;
  /** Name by which the server knows the tool. */
  readonly tool: string;
  readonly args: JsonObject;
  /** Whether the script sees the untouched result. */
  readonly raw: boolean;
}

/** A plan that can be applied. */
export interface KeptPlan {
  readonly digest: string;
  /** Tells the script that it is of. */
  readonly script: string;
  readonly calls: readonly KeptCall[];
  /** What keeping it takes, roughly. */
  readonly bytes: number;
}

export interface PlannedScript {
  readonly language: string;
  readonly code: string;
}

export function scriptOf({ language, code }: PlannedScript): string {
  return canonicalDigest('smcp previewed script', { language, code });
}

export function makePlan(script: PlannedScript, calls: readonly KeptCall[], made: number): [Plan, KeptPlan] {
  const planned = calls.map(({ server, tool, args }) => ({ server, tool, args }));
  const { language, code } = script;
  const digest = canonicalDigest('smcp plan', { language, code, calls: planned });
  return [
    { digest, calls: planned, made },
    { digest, script: scriptOf(script), calls, bytes: 2 * canonicalJson(planned).length },
  ];
}

/** What a server says of a tool; whether it may be called at all is the gate's to decide. */
export function isReadOnly(annotations: JsonObject | undefined): boolean {
  return annotations?.['readOnlyHint'] === true;
}
