import type { Catalog, CatalogStore } from '../catalog/index.ts';
import { servers } from '../config/schema/server.ts';
import { ServerEntry, type Caller, type RouteResult, type ServerContext } from '../gate/index.ts';
import type { BuiltinService } from './builtin-service.ts';
import { BuiltinUpstream } from './builtin-upstream.ts';

export interface BuiltinContext extends ServerContext {
  /** Version that the tools say they have. */
  readonly version: string;
}

const DAY_SECONDS = 86_400;

/** A server of the gateway's own, reached in this process; everything before and after it is as with any other. */
export class BuiltinServer extends ServerEntry {
  readonly service: BuiltinService;
  readonly #catalogs: CatalogStore;
  readonly #version: string;

  constructor(service: BuiltinService, context: BuiltinContext) {
    // What its calls may take and ask is bounded where they are made: a script by its own limits, each of its calls by its own server.
    const { [service.name]: config } = servers.parse({
      [service.name]: {
        command: service.name,
        may_ask: ['elicitation', 'sampling', 'roots'],
        timeout_seconds: DAY_SECONDS,
        max_result_bytes: 64 * 1024 * 1024,
      },
    });
    if (config === undefined) {
      throw new TypeError(`No configuration for ${service.name}`);
    }
    const { definitionFilter: _, ...rest } = context;
    super(service.name, config, rest);
    this.service = service;
    this.#catalogs = context.catalogs;
    this.#version = context.version;
  }

  override get isListed(): boolean {
    return this.service.listed;
  }

  override offers(tool: string): boolean {
    return this.service.isOffered(tool);
  }

  override route(caller: Caller): RouteResult {
    const upstream = new BuiltinUpstream(this.service, caller, this.#version);
    return { ok: true, route: { upstream, catalog: this.catalogFor(caller) } };
  }

  /** Tenants have tools of their own. */
  override catalogFor({ principal }: Caller): Catalog {
    return this.#catalogs.get(`${this.keyPrefix}${principal.tenant}`);
  }
}
