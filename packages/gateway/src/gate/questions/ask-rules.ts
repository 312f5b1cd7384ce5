import type { JsonObject } from '@smcp/protocol';
import type { ServerConfig } from '../../config/schema.ts';
import { capabilitiesFor, type Askable } from './capabilities.ts';
import { createPageRule, type PageRule } from './page-hosts.ts';

/** What one server may ask the clients behind its calls. */
export class AskRules {
  readonly mayShowPage: PageRule;
  readonly #mayAsk: readonly Askable[];
  /** Most clients declare the same with every call, and those with a session the same object. */
  readonly #known = new WeakMap<JsonObject, JsonObject>();

  constructor({
    may_ask,
    elicitation_hosts,
    url,
  }: Pick<ServerConfig, 'may_ask' | 'elicitation_hosts' | 'url'>) {
    this.#mayAsk = may_ask;
    this.mayShowPage = createPageRule(url, elicitation_hosts);
  }

  /** What of the capabilities of a client the server gets to know. */
  capabilitiesFor(declared: JsonObject): JsonObject {
    const known = this.#known.get(declared);
    if (known !== undefined) {
      return known;
    }
    const made = capabilitiesFor(declared, this.#mayAsk);
    this.#known.set(declared, made);
    return made;
  }
}
