import { createHash, randomBytes } from 'node:crypto';
import type { Principal } from '@smcp/policy';
import type { Catalog, CatalogStore, DefinitionFilter, ListKind } from '../catalog/index.ts';
import type { ServerConfig } from '../config/schema.ts';
import {
  callerCredentialHeader,
  injectCredential,
  type Injection,
  type InjectionResult,
} from '../credential/index.ts';
import { childEnvironment, type Upstream, type UpstreamPool, type UpstreamSpec } from '../upstream/index.ts';
import { AskRules } from './questions/ask-rules.ts';
import { createToolSettings, type GateToolSettings } from './tool-settings.ts';

/** Who asks, as far as the way out depends on it. */
export interface Caller {
  readonly principal: Principal;
  /** MCP session, when there is one; needed for `scope: session`. */
  readonly session?: string | undefined;
  /** The caller's own credential in the given header (lower case), if it sent one. */
  readonly credential: (header: string) => string | undefined;
}

export interface ServerContext {
  readonly pool: UpstreamPool;
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  /** Connections and processes that one principal may have of its own, over all servers. */
  readonly maxPerPrincipal: number;
  /** Catalogues of all servers; they outlive a reload as the upstreams do. */
  readonly catalogs: CatalogStore;
  /** Makes what compares a server's lists with what is pinned of it; without it everything is offered as it is listed. */
  readonly definitionFilter?:
    | ((server: string, config: ServerConfig, folder: string) => DefinitionFilter | undefined)
    | undefined;
  /** A list of this server changed. */
  readonly onListChanged: (server: string, kind: ListKind) => void;
}

/** A server reached for one caller. */
export interface Route {
  readonly upstream: Upstream;
  readonly catalog: Catalog;
}

export type RouteResult =
  | { readonly ok: true; readonly route: Route }
  | { readonly ok: false; readonly code: 'CREDENTIAL_MISSING' | 'RATE_LIMITED'; readonly message: string };

const REVISION_SALT = randomBytes(32);

/** One configured server: finds the upstream and the catalogue for a caller. Immutable; a changed configuration makes a new one. */
export class ServerEntry {
  readonly name: string;
  readonly config: ServerConfig;
  /** Who shares a connection or process. */
  readonly scope: 'shared' | 'principal' | 'session';
  /** Lower-case header for the caller's own credential, when the server takes one. */
  readonly credentialHeader: string | undefined;
  readonly toolSettings: (tool: string) => GateToolSettings;
  /** What it may ask the clients behind its calls. */
  readonly asks: AskRules;
  /** Beginning of the keys of all its upstreams; equal for equal configurations within one process. */
  readonly keyPrefix: string;
  readonly #context: ServerContext;
  readonly #filter: DefinitionFilter | undefined;

  constructor(name: string, config: ServerConfig, context: ServerContext) {
    this.name = name;
    this.config = config;
    this.scope = config.scope ?? (config.url === undefined ? 'shared' : 'principal');
    this.#context = context;
    this.#filter = context.definitionFilter?.(name, config, context.folder);
    this.credentialHeader = callerCredentialHeader(name, config);
    this.toolSettings = createToolSettings(config);
    this.asks = new AskRules(config);
    const revision = createHash('sha256')
      .update(REVISION_SALT)
      .update(JSON.stringify(reachability(config, context)))
      .digest('hex');
    this.keyPrefix = `${name}\n${revision}\n`;
  }

  /** Working folder of its process, unless the configuration names another. */
  get folder(): string {
    return this.#context.folder;
  }

  /** Whether it is one of those that the endpoint of all servers joins. */
  get isListed(): boolean {
    return true;
  }

  /** Whether a tool that it has is listed to clients. */
  offers(_tool: string): boolean {
    return true;
  }

  route(caller: Caller): RouteResult {
    const result = this.#inject(caller);
    if (!result.ok) {
      const header = this.credentialHeader === undefined ? '' : ` (${this.credentialHeader})`;
      return { ok: false, code: 'CREDENTIAL_MISSING', message: result.message + header };
    }
    const { injection } = result;
    // With the stored credential a server shows everybody the same; with their own, each credential may see something else.
    const catalogKey = this.#catalogKey(caller, injection);
    const catalog = this.#context.catalogs.get(catalogKey, this.#filter);
    const key = this.keyPrefix + this.#partition(caller, injection);
    const found = this.#context.pool.find(key);
    if (found !== undefined) {
      return { ok: true, route: { upstream: found, catalog } };
    }
    const owner = this.#owner(caller, injection);
    if (owner !== undefined && this.#context.pool.countOf(owner) >= this.#context.maxPerPrincipal) {
      return {
        ok: false,
        code: 'RATE_LIMITED',
        message: `Server "${this.name}" cannot be started: you have too many running; end a session or wait`,
      };
    }
    return { ok: true, route: { upstream: this.#create(key, owner, injection, catalogKey), catalog } };
  }

  /** The catalogue for a caller, without reaching for the server; undefined when the caller’s credential is missing. */
  catalogFor(caller: Caller): Catalog | undefined {
    const result = this.#inject(caller);
    return result.ok
      ? this.#context.catalogs.get(this.#catalogKey(caller, result.injection), this.#filter)
      : undefined;
  }

  #inject(caller: Caller): InjectionResult {
    const own = this.credentialHeader === undefined ? undefined : caller.credential(this.credentialHeader);
    return injectCredential(this.name, this.config, own);
  }

  #create(key: string, owner: string | undefined, injection: Injection, catalogKey: string): Upstream {
    const { catalogs, onListChanged, pool } = this.#context;
    return pool.create({
      key,
      owner,
      spec: this.#spec(injection),
      // The store may have let the catalogue go and made another since.
      onReady: () => {
        catalogs.peek(catalogKey)?.invalidate();
      },
      onNotification: (method) => {
        catalogs.changed(catalogKey, method, (kind) => {
          onListChanged(this.name, kind);
        });
      },
    });
  }

  /** A server that runs for one session may list what this session has switched on; every other shows the same to equal credentials. */
  #catalogKey(caller: Caller, injection: Injection): string {
    const who = this.scope === 'session' ? this.#partition(caller, injection) : injection.partition;
    return this.keyPrefix + who;
  }

  /** Whom an upstream is counted for: nobody, when everybody shares it. */
  #owner({ principal }: Caller, injection: Injection): string | undefined {
    return this.scope === 'shared' && injection.partition === ''
      ? undefined
      : `${principal.tenant}\n${principal.id}`;
  }

  #partition(caller: Caller, injection: Injection): string {
    const { scope } = this;
    const who = {
      shared: '',
      principal: caller.principal.id,
      session: caller.session ?? caller.principal.id,
    }[scope];
    return `${scope}\n${scope === 'shared' ? '' : caller.principal.tenant}\n${who}\n${injection.partition}`;
  }

  #spec(injection: Injection): UpstreamSpec {
    const { config } = this;
    const common = {
      server: this.name,
      startTimeoutMs: config.start_timeout_seconds * 1000,
      maxResultBytes: config.max_result_bytes,
      era: config.era,
      mayAsk: config.may_ask,
      // What runs from the start goes on running; what one caller’s own credential started does not.
      idleMs: config.start === 'eager' && injection.partition === '' ? Infinity : config.idle_seconds * 1000,
    };
    if (config.url !== undefined) {
      return {
        ...common,
        kind: 'http',
        url: new URL(config.url),
        transport: config.transport,
        headers: injection.headers,
      };
    }
    return {
      ...common,
      kind: 'stdio',
      command: config.command ?? '',
      args: config.args,
      env: childEnvironment(this.#context.env, config.env, injection.env),
      cwd: config.cwd ?? this.#context.folder,
    };
  }
}

/** Whether the upstream with this key serves one MCP session alone, so that nobody needs it when that has ended. */
export function isOfSession(key: string, session: string): boolean {
  return key.split('\n').includes(session);
}

/** The part of the configuration that decides whether a running upstream can be kept. */
function reachability(config: ServerConfig, context: ServerContext): readonly unknown[] {
  const { url, transport, command, args, env, cwd, credential_mode, credentials, scope } = config;
  const { start, start_timeout_seconds, max_result_bytes, idle_seconds, era, may_ask } = config;
  return [
    url,
    transport,
    command,
    args,
    env,
    cwd ?? context.folder,
    credential_mode,
    credentials,
    scope,
    start,
    start_timeout_seconds,
    max_result_bytes,
    idle_seconds,
    era,
    may_ask,
  ];
}
