import { createValueCheck, type ValueCheck } from '@smcp/policy';
import type { JsonObject } from '@smcp/protocol';
import type { SavedScript } from '@smcp/codemode';
import { reasonOf } from '../lib/reason-of.ts';

const MAX_KEPT = 200;
const MAX_REASON = 300;

/** Why arguments cannot be checked against a schema; undefined when they can. */
export function schemaFault(schema: JsonObject): string | undefined {
  const made = ifCheck(schema);
  return typeof made === 'string' ? made : undefined;
}

/** Checks the arguments of saved scripts; what was compiled for a version is kept while it is used. */
export class ScriptArguments {
  readonly #checks = new Map<string, ValueCheck | string>();
  readonly #maxKept: number;

  constructor(maxKept = MAX_KEPT) {
    this.#maxKept = maxKept;
  }

  /** What is wrong with arguments, or with the schema that they are to satisfy. */
  faultOf(
    { digest, inputSchema }: Pick<SavedScript, 'digest' | 'inputSchema'>,
    args: JsonObject,
  ): string | undefined {
    const check = this.#checks.get(digest) ?? ifCheck(inputSchema);
    this.#checks.delete(digest);
    this.#checks.set(digest, check);
    const [oldest] = this.#checks.keys();
    if (this.#checks.size > this.#maxKept && oldest !== undefined) {
      this.#checks.delete(oldest);
    }
    return typeof check === 'string' ? `its schema cannot be used: ${check}` : check(args);
  }
}

function ifCheck(schema: JsonObject): ValueCheck | string {
  try {
    return createValueCheck(schema);
  } catch (error) {
    return reasonOf(error).slice(0, MAX_REASON);
  }
}
