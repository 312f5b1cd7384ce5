import type { JsonValue } from '@smcp/protocol';
import type { EngineSession, Language, Outcome, ScriptEngine } from '@smcp/sandbox';
import type { NamedServer } from '../bindings/named.ts';
import type { CheckReply, ScriptChecker } from '../check/check.ts';
import { CodeModeError } from '../code-mode-error.ts';
import { capabilitySummary } from '../discovery/capability-summary.ts';
import { createDiscovery } from '../discovery/create-discovery.ts';
import type { ToolIndexCache } from '../discovery/search/index-cache.ts';
import { guestDataOf } from '../guest/guest-data-of.ts';
import type { OutputStore } from '../output/output-store.ts';
import type { ScriptSessions } from '../session/script-sessions.ts';
import type { SessionUse } from '../session/session-use.ts';
import type { CodeModeSettings } from '../settings.ts';
import type { CallHook, CallHooks } from './call-hook.ts';
import { declareRun, type RunDeclarations } from './declarations.ts';
import type { ExecuteContext, ExecuteRequest, Execution } from './execution.ts';
import { mentionedServers } from './mentioned-servers.ts';
import { Progress } from './progress.ts';
import { relatedDeclarations } from './related-declarations.ts';
import { RunHost } from './run-host.ts';
import { RunServers } from './run-servers.ts';
import { scriptName } from './script-name.ts';

export interface ExecutorOptions {
  readonly engine: Pick<ScriptEngine, 'open'>;
  readonly checker: Pick<ScriptChecker, 'check'>;
  readonly sessions: Pick<ScriptSessions, 'use'>;
  readonly hooks: CallHooks;
  readonly outputs: OutputStore;
  readonly indexes: ToolIndexCache;
  readonly settings: CodeModeSettings;
  /** What is evaluated before a script, by its language. */
  readonly preludes: Readonly<Partial<Record<Language, string>>>;
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
}

/** A saved script on its way to be executed. */
export interface SavedRun {
  /** Name of the script in errors. */
  readonly name: string;
  readonly args: JsonValue;
  /** Declares the global `args`. */
  readonly declaration: string;
}

const SECOND_MS = 1000;

interface Prepared {
  readonly request: ExecuteRequest;
  readonly context: ExecuteContext;
  readonly saved: SavedRun | undefined;
  readonly servers: RunServers;
  readonly use: SessionUse | undefined;
}

/** Executes scripts: loads what they use, checks them, runs them, and lets nothing but their calls out. */
export class Executor {
  readonly #options: ExecutorOptions;

  constructor(options: ExecutorOptions) {
    this.#options = options;
  }

  /**
   * Executes one script to its end. What the script does is never an error here.
   *
   * @throws {CodeModeError} `SERVER_UNKNOWN` and `SERVER_UNAVAILABLE` for servers that the request names, `SESSION_BUSY`, `SESSION_LIMIT`, `PLAN_UNKNOWN`,
   *   `PLAN_DIFFERS`, `CHECKER_FAILED`, `ARGUMENT_INVALID`; in all these cases nothing was run.
   * @throws {SandboxError} When no place to run in can be opened.
   */
  async execute(request: ExecuteRequest, context: ExecuteContext, saved?: SavedRun): Promise<Execution> {
    const { owner, tenant, principal, host, signal } = context;
    const { sessions, settings, hooks } = this.#options;
    signal.throwIfAborted();
    await using use =
      request.session === undefined
        ? undefined
        : await sessions.use({ owner, tenant, principal }, request.session, signal);
    const servers = new RunServers({ host, loadOnUse: settings.loadOnUse });
    await servers.loadNamed(request.servers ?? [], signal);
    const mentioned = this.#mentioned(request.code, servers, use);
    await servers.loadMentioned(mentioned, signal);
    const prepared: Prepared = { request, context, saved, servers, use };
    const declared = declareRun(servers, mentioned, settings.maxDescriptionChars, saved?.declaration);
    const checked = await this.#check(prepared, declared);
    if (checked?.ok === false) {
      const { diagnostics, more } = checked;
      const { maxDescriptionChars } = settings;
      return {
        status: 'checked',
        diagnostics,
        more,
        declarations: relatedDeclarations(diagnostics, request.code, declared, maxDescriptionChars),
        ...(use?.note === undefined ? {} : { notes: [use.note] }),
      };
    }
    const { mode, code, language } = request;
    const hook = mode.kind === 'run' ? undefined : await hooks.open({ mode, owner, code, language });
    const outcome = await this.#run(prepared, hook);
    return this.#finish(prepared, outcome, hook, checked?.declares);
  }

  /** Servers that the script names, and those of earlier runs of the session, whose functions may use them. */
  #mentioned(code: string, servers: RunServers, use: SessionUse | undefined): readonly NamedServer[] {
    const named = new Set(mentionedServers(code, servers.all));
    return servers.all.filter((server) => named.has(server) || use?.memory.servers.has(server.name));
  }

  async #check(
    { request, context, saved, use }: Prepared,
    { files }: RunDeclarations,
  ): Promise<CheckReply | undefined> {
    const { checker, settings } = this.#options;
    const { code, language } = request;
    if (!settings.check || language === 'python') return undefined;
    return checker.check({
      code,
      language,
      name: saved?.name ?? scriptName(language),
      declarations: files,
      earlier: use?.memory.earlier,
      wantsDeclares: use !== undefined,
      owner: context.owner,
      signal: context.signal,
    });
  }

  async #run(
    { request, context, saved, servers, use }: Prepared,
    hook: CallHook | undefined,
  ): Promise<Outcome> {
    const { engine, outputs, settings, preludes, now, indexes } = this.#options;
    const { code, language, mode } = request;
    const prelude = preludes[language];
    if (prelude === undefined) {
      throw new CodeModeError('ARGUMENT_INVALID', `${language} is not available here`);
    }
    const discovery = createDiscovery({ host: context.host, settings, indexes });
    const host = new RunHost({
      context,
      mode: mode.kind,
      servers,
      discovery,
      outputs,
      hook,
      progress: new Progress(context.onProgress, now),
      maxInputChars: settings.limits.callInputBytes,
      now,
    });
    const data = guestDataOf({
      servers: servers.all,
      ifLoaded: (server) => servers.ifLoaded(server),
      discovered: discovery.discoveredServers(true).filter((each) => typeof each !== 'string'),
      summary: capabilitySummary(settings),
      mode: mode.kind === 'preview' ? 'preview' : 'run',
      loadOnUse: settings.loadOnUse,
      args: saved?.args,
    });
    const wallMs = (request.timeout ?? settings.timeoutSeconds) * SECOND_MS;
    const options = { limits: { ...settings.limits, wallMs }, signal: context.signal };
    const source = { language, code, name: saved?.name ?? scriptName(language), prelude, data };
    if (use !== undefined) return use.engine.run(source, host, options);
    const place: EngineSession = await engine.open({
      owner: context.owner,
      persistent: false,
      signal: context.signal,
    });
    await using _ = place;
    return await place.run(source, host, options);
  }

  #finish(
    { servers, use }: Prepared,
    outcome: Outcome,
    hook: CallHook | undefined,
    declares: string | undefined,
  ): Execution {
    const used = servers.loaded.map(({ server }) => server.name);
    const lost = use?.lost();
    if (use !== undefined && lost === undefined) {
      // A script that failed half-way has declared what stood before that.
      if (declares !== undefined) use.memory.earlier = declares;
      for (const name of used) use.memory.servers.add(name);
    }
    const notes = [use?.note, lost, notAwaited(outcome)].filter((note) => note !== undefined);
    return { status: 'ran', outcome, plan: hook?.finish(), servers: used, notes };
  }
}

/** A script that ends well while calls of its own are under way has most likely forgotten to wait for them; they are given up with it. */
function notAwaited({ status, calls }: Outcome): string | undefined {
  const open = calls.filter(({ tookMs }) => tookMs === undefined).length;
  return status === 'ok' && open > 0
    ? `${open === 1 ? '1 call was' : `${open} calls were`} still under way when the script ended, and may not have been made: await every call`
    : undefined;
}
