import { isJsonObject, JsonError, readJson, type JsonLimits, type JsonObject } from '@smcp/protocol';

const LIMITS: JsonLimits = { maxLength: 256 * 1024, maxDepth: 64, maxNodes: 20_000 };

/** Arguments that can be compared, or why they cannot. */
export type ReadArgs =
  | { readonly ok: true; readonly args: JsonObject }
  | { readonly ok: false; readonly why: string };

/** Reads arguments so that two texts with the same value mean the same to every reader. */
export function readArgs(text: string): ReadArgs {
  try {
    const { value, exactNumbers } = readJson(text, LIMITS);
    if (!isJsonObject(value)) return { ok: false, why: 'its arguments are not an object' };
    if (!exactNumbers) {
      return {
        ok: false,
        why: 'its arguments hold a number beyond 2^53, which is not exact; pass it as text',
      };
    }
    return { ok: true, args: value };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return { ok: false, why: `its arguments cannot be compared: ${error.message}` };
  }
}
