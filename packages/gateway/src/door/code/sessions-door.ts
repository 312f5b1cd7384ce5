import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '@smcp/policy';
import type { ScriptSessions, SessionFilter, SessionInfo } from '@smcp/codemode';
import type { AuditLog } from '../../audit/index.ts';
import { CODE_SERVER } from '../../builtin/names.ts';
import type { Gate } from '../../gate/index.ts';
import { sendJson, type HttpDoor } from '../http/http-door.ts';

/** Who may use this tool in policy sees and ends the script sessions of everybody in the tenant. */
export const MANAGE_SESSIONS = 'manage_sessions';

export interface SessionsDoorDeps {
  readonly sessions: Pick<ScriptSessions, 'list' | 'endMatching'>;
  readonly gate: () => Pick<Gate, 'isVisible'>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly now: () => Date;
  readonly authenticate: (
    request: IncomingMessage,
    response: ServerResponse,
  ) => Promise<Principal | undefined>;
}

const PATH = '/code/sessions';
const NAME = /^[A-Za-z0-9_.-]{1,64}$/;

/**
 * Script sessions over HTTP: `GET /code/sessions`, `GET` and `DELETE /code/sessions/<name>`. Everybody sees their own; with `?owner=<principal>` (a `*` for all) those
 * who may manage them see others of their tenant. What scripts hold is in no answer.
 */
export class SessionsDoor implements HttpDoor {
  readonly #deps: SessionsDoorDeps;

  constructor(deps: SessionsDoorDeps) {
    this.#deps = deps;
  }

  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> {
    if (path !== PATH && !path.startsWith(`${PATH}/`)) {
      return false;
    }
    const principal = await this.#deps.authenticate(request, response);
    if (principal === undefined) {
      return true;
    }
    const name = path === PATH ? undefined : path.slice(PATH.length + 1);
    const filter = this.#filterOf(principal, request, name);
    if (filter === undefined) {
      sendJson(response, 404, { error: 'Unknown session' });
    } else if (request.method === 'GET' || request.method === 'HEAD') {
      this.#show(response, filter);
    } else if (request.method === 'DELETE' && name !== undefined) {
      await this.#end(response, principal, filter);
    } else {
      const allow = name === undefined ? 'GET, HEAD' : 'GET, HEAD, DELETE';
      sendJson(response, 405, { error: 'Method not allowed' }, { allow });
    }
    return true;
  }

  /** Which sessions are meant; undefined when there can be none, or none that this principal may know of. */
  #filterOf(
    principal: Principal,
    request: IncomingMessage,
    name: string | undefined,
  ): SessionFilter | undefined {
    if (name !== undefined && !NAME.test(name)) {
      return undefined;
    }
    const { tenant, id } = principal;
    const owner = new URL(request.url ?? '', 'http://gateway').searchParams.get('owner') ?? id;
    const action = { kind: 'tool', server: CODE_SERVER, name: MANAGE_SESSIONS } as const;
    if (owner !== id && !this.#deps.gate().isVisible(principal, action)) {
      return undefined;
    }
    return { tenant, owner: owner === '*' ? undefined : owner, name };
  }

  #show(response: ServerResponse, filter: SessionFilter): void {
    const sessions = this.#deps.sessions.list(filter).map(shown);
    if (filter.name !== undefined && sessions.length === 0) {
      sendJson(response, 404, { error: 'Unknown session' });
    } else {
      sendJson(response, 200, { sessions });
    }
  }

  async #end(response: ServerResponse, principal: Principal, filter: SessionFilter): Promise<void> {
    const { sessions, audit, now } = this.#deps;
    const detail = {
      by: principal.id,
      tenant: principal.tenant,
      owner: filter.owner ?? '*',
      name: filter.name,
    };
    await audit.append({ type: 'system', time: now().toISOString(), event: 'script_session.ended', detail });
    const ended = await sessions.endMatching(filter);
    sendJson(response, ended === 0 ? 404 : 200, ended === 0 ? { error: 'Unknown session' } : { ended });
  }
}

function shown(info: SessionInfo): Readonly<Record<string, unknown>> {
  const iso = (ms: number): string => new Date(ms).toISOString();
  const { name, owner, executions, running } = info;
  return {
    name,
    owner,
    executions,
    running,
    created_at: iso(info.createdAt),
    last_used_at: iso(info.lastUsedAt),
    expires_at: iso(Math.min(info.expiresAt, info.idleExpiresAt)),
  };
}
