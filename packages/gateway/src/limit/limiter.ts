import type { RateConfig } from '../config/schema.ts';
import { checkMax } from './concurrency.ts';
import { LimitTable } from './limit-table.ts';
import type { Limit, LimitCode, LimitRefusal, LimitSpec } from './limit.ts';
import { parseRate } from './rate.ts';
import { compileToolSettings } from './tool-settings.ts';

export interface LimitConfig {
  readonly rate?: RateConfig | undefined;
  readonly concurrency?: number | undefined;
}

/** The limits of a configuration: `{ principal: config.limits.principal, servers: config.servers }`. */
export interface LimiterSettings {
  /** For each principal. */
  readonly principal: LimitConfig;
  readonly servers: Readonly<
    Record<string, { readonly limits: LimitConfig; readonly tools: Readonly<Record<string, LimitConfig>> }>
  >;
}

export interface LimiterOptions {
  readonly settings: LimiterSettings;
  /** Monotonic milliseconds, such as `performance.now`. */
  readonly clock: () => number;
  /** Principals remembered, and tools per server. Default: 100,000. */
  readonly maxEntries?: number;
}

export interface LimitRequest {
  /** The authenticated principal, whichever of its keys or names it came with. */
  readonly principalId: string;
  readonly tenant: string;
  readonly server: string;
  readonly tool: string;
}

export type LimitScope = 'principal' | 'server' | 'tool';

export type Admission =
  | {
      readonly ok: true;
      /** To be called when the call has ended, however it ended; further calls do nothing. */
      readonly release: () => void;
    }
  | {
      readonly ok: false;
      readonly code: LimitCode;
      readonly scope: LimitScope;
      /** For `TOO_MANY_IN_FLIGHT` a guess. */
      readonly retryAfterMs: number;
      readonly message: string;
    };

/** What the gate needs of a limiter. One that asks another process answers later. */
export interface CallLimiter {
  acquire(request: LimitRequest): Admission | Promise<Admission>;
}

/**
 * Says whether a call may happen now.
 *
 * A call must fit the limits of its tool, its server and its principal, in this order; one that is refused costs nothing at any of them. A tool's and a server's limit are shared by all
 * callers, each tool has its own even when one glob configures many.
 */
export interface Limiter extends CallLimiter {
  acquire(request: LimitRequest): Admission;
  /** Takes over other settings. Limits that stay keep their state; in changed ones what was used stays used. Calls in flight keep their place. */
  reconfigure(settings: LimiterSettings): void;
}

const DEFAULT_MAX_ENTRIES = 100_000;
const UNLIMITED: Admission = Object.freeze({ ok: true, release: () => {} });

/**
 * Creates a limiter.
 *
 * @throws {SyntaxError | RangeError} Also from `reconfigure`, which then changes nothing: when a rate or number is malformed. A validated `Config` never is.
 */
export function createLimiter(options: LimiterOptions): Limiter {
  const { clock, maxEntries = DEFAULT_MAX_ENTRIES } = options;
  let specs = compile(options.settings);
  const principals = new LimitTable(() => specs.principal, clock, maxEntries);
  const servers = new LimitTable((server) => specs.server(server), clock, maxEntries);
  const tools = new Map<string, LimitTable>();

  const toolLimit = (server: string, tool: string): Limit | null => {
    if (!specs.hasToolLimits(server)) return null;
    let table = tools.get(server);
    if (table === undefined) {
      table = new LimitTable((name) => specs.tool(server, name), clock, maxEntries);
      tools.set(server, table);
    }
    return table.get(tool);
  };

  return {
    acquire({ principalId, tenant, server, tool }) {
      const ofTool = toolLimit(server, tool);
      const refusedByTool = ofTool?.enter();
      if (refusedByTool !== undefined) return refuse('tool', refusedByTool);

      const ofServer = specs.hasServerLimits ? servers.get(server) : null;
      const refusedByServer = ofServer?.enter();
      if (refusedByServer !== undefined) {
        ofTool?.undo();
        return refuse('server', refusedByServer);
      }

      const ofPrincipal =
        specs.principal === undefined ? null : principals.get(principalKey(tenant, principalId));
      const refusedByPrincipal = ofPrincipal?.enter();
      if (refusedByPrincipal !== undefined) {
        ofServer?.undo();
        ofTool?.undo();
        return refuse('principal', refusedByPrincipal);
      }

      if (ofTool === null && ofServer === null && ofPrincipal === null) return UNLIMITED;
      let held = true;
      return {
        ok: true,
        release: () => {
          if (!held) return;
          held = false;
          ofTool?.leave();
          ofServer?.leave();
          ofPrincipal?.leave();
        },
      };
    },
    reconfigure(settings) {
      specs = compile(settings);
      principals.change(() => specs.principal);
      servers.change((server) => specs.server(server));
      for (const [server, table] of tools) {
        if (specs.hasToolLimits(server)) table.change((name) => specs.tool(server, name));
        else tools.delete(server);
      }
    },
  };
}

const SUBJECTS: Readonly<Record<LimitScope, string>> = {
  principal: 'this caller',
  server: 'this server',
  tool: 'this tool',
};

function refuse(scope: LimitScope, refusal: LimitRefusal): Admission {
  const { code, retryAfterMs, limit } = refusal;
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  const reached = code === 'RATE_LIMITED' ? 'Rate limit' : 'Limit of calls at the same time';
  return {
    ok: false,
    code,
    scope,
    retryAfterMs,
    message: `${reached} of ${SUBJECTS[scope]} reached (${limit}), retry after ${seconds} s`,
  };
}

/** The length keeps apart what a mere separator could confuse. */
function principalKey(tenant: string, principalId: string): string {
  return `${tenant.length}:${tenant}${principalId}`;
}

/** Everything parsed once, so that a call only looks up. */
function compile(settings: LimiterSettings) {
  const servers = new Map<string, LimitSpec>();
  const tools = new Map<string, (tool: string) => LimitSpec | undefined>();
  for (const [name, server] of Object.entries(settings.servers)) {
    const own = toSpec(server.limits.rate, server.limits.concurrency);
    if (own !== undefined) servers.set(name, own);
    // All are read, not only until the first: a malformed one is found now and not by a call.
    const limited = Object.values(server.tools).filter(
      (tool) => toSpec(tool.rate, tool.concurrency) !== undefined,
    );
    const byTool = compileToolSettings(server.tools);
    if (limited.length > 0)
      tools.set(name, (tool) => toSpec(byTool.get(tool, 'rate'), byTool.get(tool, 'concurrency')));
  }
  return {
    principal: toSpec(settings.principal.rate, settings.principal.concurrency),
    hasServerLimits: servers.size > 0,
    server: (name: string) => servers.get(name),
    hasToolLimits: (server: string) => tools.has(server),
    tool: (server: string, tool: string) => tools.get(server)?.(tool),
  };
}

function toSpec(rate: RateConfig | undefined, concurrency: number | undefined): LimitSpec | undefined {
  if (rate === undefined && concurrency === undefined) return undefined;
  return {
    rate: rate === undefined ? undefined : parseRate(rate),
    concurrency: checkMax(concurrency ?? Infinity),
  };
}
