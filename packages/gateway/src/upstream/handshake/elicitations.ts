import { isJsonObject, type JsonObject, type JsonValue, type RpcErrorBody } from '@smcp/protocol';
import type { PendingCall } from '../pending-call.ts';

const MAX_REMEMBERED = 256;
const MAX_ID_LENGTH = 256;
/** A call that cannot go on before the user has visited a page. Of MCP 2025-11-25. */
const URL_ELICITATION_REQUIRED = -32_042;

export type Told =
  | { readonly to: 'call'; readonly call: PendingCall }
  | { readonly to: 'asker'; readonly asker: string };

/** Which call brought a user to which page of a server, so that word of its completion goes to that client and no other. Keeps the newest 256. */
export class Elicitations {
  readonly #owners = new Map<string, { readonly asker: string; readonly call: PendingCall | undefined }>();

  /** @param call Whose page it is, while that call waits. */
  remember(id: JsonValue | undefined, asker: string, call?: PendingCall): void {
    if (typeof id !== 'string' || id.length > MAX_ID_LENGTH) {
      return;
    }
    this.#owners.delete(id);
    this.#owners.set(id, { asker, call });
    if (this.#owners.size > MAX_REMEMBERED) {
      const [oldest] = this.#owners.keys();
      this.#owners.delete(oldest ?? '');
    }
  }

  /** A call of this asker was answered with pages to visit first. */
  rememberAll({ code, data }: RpcErrorBody, asker: string): void {
    const list = isJsonObject(data) ? data['elicitations'] : undefined;
    if (code !== URL_ELICITATION_REQUIRED || !Array.isArray(list)) {
      return;
    }
    for (const one of (list as readonly JsonValue[]).slice(0, MAX_REMEMBERED)) {
      if (isJsonObject(one)) {
        this.remember(one['elicitationId'], asker);
      }
    }
  }

  /** Whom the end of an elicitation concerns; undefined for one that we do not know. */
  ifConcerned(params: JsonObject): Told | undefined {
    const id = params['elicitationId'];
    const owner = typeof id === 'string' ? this.#owners.get(id) : undefined;
    if (owner === undefined) {
      return undefined;
    }
    const { asker, call } = owner;
    return call?.isPending === true ? { to: 'call', call } : { to: 'asker', asker };
  }
}
