import { isJsonObject } from '@smcp/protocol';
import { capturePrimordials } from '../guest/primordials.ts';
import { createResultReader } from '../guest/unwrap-result.ts';
import { ifJson } from './if-json.ts';
import type { Reference } from './reference.ts';

/** What a reference leads to: not known as long as its call has not been made, otherwise the value, undefined where there is none. */
export type Looked = { readonly known: false } | { readonly known: true; readonly value: unknown };

const UNKNOWN: Looked = { known: false };
const INDEX = /^(?:0|[1-9][0-9]{0,8})$/;

/** Results of the planned calls that others depend on, as the script sees them. */
export class CallResults {
  readonly #results = new Map<number, unknown>();
  readonly #reader = createResultReader(capturePrimordials());

  /**
   * @param result JSON text of a `CallToolResult`.
   * @param raw Whether the script sees it untouched.
   */
  keep(planned: number, result: string, raw: boolean): void {
    const parsed = ifJson(result);
    // What is no JSON the script cannot have read, and one that is an error it gets thrown: nothing can depend on either.
    if (parsed === undefined || (!raw && this.#reader.isError(parsed))) return;
    this.#results.set(planned, raw ? parsed : this.#reader.unwrap(parsed));
  }

  look({ planned, path }: Reference): Looked {
    if (!this.#results.has(planned)) return UNKNOWN;
    return { known: true, value: path.reduce(memberOf, this.#results.get(planned)) };
  }
}

/** Own members only: what JavaScript adds to every value is not in the result. */
function memberOf(value: unknown, step: string | number): unknown {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return INDEX.test(String(step)) ? list[Number(step)] : undefined;
  }
  return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}
