import { CodeMode, createScriptChecker, SavedScripts, type ScriptChecker } from '@smcp/codemode';
import { createJavaScriptEngine, type JavaScriptEngine } from '@smcp/sandbox';
import type { BuiltinService } from '../builtin/index.ts';
import type { CodeModeConfig } from '../config/schema.ts';
import type { Gate, ServerContext } from '../gate/index.ts';
import type { Store } from '../store/index.ts';
import { CodeService, type CodeServiceDeps } from './code-service.ts';
import { toCodeModeSettings } from './code-settings.ts';
import { schemaFault } from './script-arguments.ts';
import { ScriptsService } from './scripts-service.ts';
import { SessionServers } from './session-servers.ts';

export interface OpenCodeModeOptions {
  readonly config: CodeModeConfig;
  readonly store: Pick<Store, 'scripts'>;
  readonly gate: () => Gate;
  /** Whether the login behind a principal is still good; asked before each call of a script. Absent: as long as the script runs. */
  readonly isCurrent?: CodeServiceDeps['isCurrent'];
  /** Whether callers are told which rule denied a call. */
  readonly showReasons: () => boolean;
  /** What servers that scripts add are made with. */
  readonly context: () => ServerContext;
  /** Whether a text holds a secret of the configuration. */
  readonly holdsSecret: (text: string) => boolean;
  /** Milliseconds since 1970 of a clock that never runs back. */
  readonly now: () => number;
  /** Folders to look for `bwrap` in, as in `PATH`. */
  readonly searchPath: string | undefined;
  /** Told of all that scripts print, as they print; not of what saved scripts print. Must not throw. */
  readonly onOutput?: CodeServiceDeps['onOutput'];
}

/** Code mode of one gateway: the engine, the checker, and its tools behind the gate. */
export interface OpenedCodeMode extends AsyncDisposable {
  readonly codeMode: CodeMode;
  readonly engine: JavaScriptEngine;
  readonly services: readonly BuiltinService[];
  /** Looks at the saved scripts; gives whether a list of them that was shown is another now. */
  scriptsChanged(): Promise<boolean>;
}

const SESSIONS_SHARE = 0.75;

/** Starts what runs scripts. The processes come up in the background; whoever is first waits for them. */
export function openCodeMode(options: OpenCodeModeOptions): OpenedCodeMode {
  const { config, store, gate, context, now, searchPath, holdsSecret, onOutput, showReasons, isCurrent } =
    options;
  const settings = toCodeModeSettings(config);
  const engine = createJavaScriptEngine({
    containment: config.containment,
    level: config.level,
    pool: {
      warm: config.runners.warm,
      max: config.runners.max,
      // Sessions keep theirs while nobody uses them; what is left is for everybody's single scripts.
      maxPersistent: Math.max(1, Math.floor(config.runners.max * SESSIONS_SHARE)),
      maxPerOwner: config.runners.max_per_principal,
    },
    searchPath,
  });
  const checker: ScriptChecker = createScriptChecker();
  const scripts = new SavedScripts({ table: store.scripts, now, holdsSecret, schemaFault });
  const sessionServers = new SessionServers();
  const codeMode = new CodeMode({
    engine,
    checker,
    scripts,
    settings,
    now,
    onSessionEnd: (owner, session) => {
      sessionServers.end(owner, session);
    },
  });
  const deps = {
    codeMode,
    gate,
    maxArgumentChars: settings.limits.callInputBytes,
    showReasons,
    isCurrent,
    sessionServers,
    adding: () => ({ hosts: config.add_servers, context: context() }),
    onOutput,
  };
  const scriptsService = new ScriptsService(deps);
  return {
    codeMode,
    engine,
    services: [new CodeService(deps), scriptsService],
    scriptsChanged: async () => await scriptsService.takeChanged(),
    [Symbol.asyncDispose]: async () => {
      await codeMode[Symbol.asyncDispose]();
      await checker[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
    },
  };
}
