import type { JsonObject } from '@smcp/protocol';
import type { UpstreamListener } from '../../../upstream/index.ts';

export interface PublicListenerOptions {
  readonly principal: () => string;
  readonly asker?: (() => string) | undefined;
  /** Told the message as it is for the client, and the URI by which the server knows the resource that it speaks of. */
  readonly hear: (method: string, params: JsonObject, uri: string | undefined) => void;
}

/** What one client hears of one server, with the URIs by which the client knows the resources. */
export class PublicListener implements UpstreamListener {
  readonly #options: PublicListenerOptions;
  readonly #publicUris = new Map<string, string>();

  constructor(options: PublicListenerOptions) {
    this.#options = options;
  }

  /** Who listens: two clients count as one listener only when the same people stand behind them. */
  get principal(): string {
    return this.#options.principal();
  }

  get asker(): string | undefined {
    return this.#options.asker?.();
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
    const { hear } = this.#options;
    if (method !== 'notifications/resources/updated' || typeof uri !== 'string') {
      hear(method, params, undefined);
      return;
    }
    const publicUri = this.#publicUris.get(uri) ?? uri;
    hear(method, publicUri === uri ? params : { ...params, uri: publicUri }, uri);
  }
}
