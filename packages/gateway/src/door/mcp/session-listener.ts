import type { JsonObject } from '@smcp/protocol';
import type { UpstreamListener } from '../../upstream/index.ts';

/** What one session hears of one server, with the URIs by which its client knows the resources. */
export class SessionListener implements UpstreamListener {
  readonly #principal: () => string;
  readonly #hear: (method: string, params: JsonObject, uri: string | undefined) => void;
  readonly #publicUris = new Map<string, string>();

  /** @param hear Told the message as it is for the client, and the URI by which the server knows the resource that it speaks of. */
  constructor(
    principal: () => string,
    hear: (method: string, params: JsonObject, uri: string | undefined) => void,
  ) {
    this.#principal = principal;
    this.#hear = hear;
  }

  /** Who listens: two sessions count as one listener only when the same people stand behind them. */
  get principal(): string {
    return this.#principal();
  }

  /** From now on the client is told of `uri` as `publicUri`. */
  name(uri: string, publicUri: string): void {
    if (uri === publicUri) {
      this.#publicUris.delete(uri);
    } else {
      this.#publicUris.set(uri, publicUri);
    }
  }

  notification(method: string, params: JsonObject): void {
    const { uri } = params;
    if (method !== 'notifications/resources/updated' || typeof uri !== 'string') {
      this.#hear(method, params, undefined);
      return;
    }
    const publicUri = this.#publicUris.get(uri) ?? uri;
    this.#hear(method, publicUri === uri ? params : { ...params, uri: publicUri }, uri);
  }
}
