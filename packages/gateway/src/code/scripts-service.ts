import { createHash } from 'node:crypto';
import type { JsonObject } from '@smcp/protocol';
import type { BuiltinCall, BuiltinService } from '../builtin/index.ts';
import { SCRIPTS_SERVER } from '../builtin/names.ts';
import { contextOf, type CodeServiceDeps } from './code-service.ts';
import { toListedTool } from './saved-tools.ts';
import { ScriptArguments } from './script-arguments.ts';
import { textResult, toCallResult } from './text-result.ts';

/**
 * Saved scripts as tools. Who may use one is decided by policy like for any tool (`scripts:<name>`); it runs with the rights of who calls it, in the servers that it
 * was approved for.
 */
export class ScriptsService implements BuiltinService {
  readonly name = SCRIPTS_SERVER;
  readonly listed = true;
  readonly #deps: CodeServiceDeps;
  /** Digests of what clients know, by tenant. */
  readonly #known = new Map<string, string>();
  readonly #arguments = new ScriptArguments();

  constructor(deps: CodeServiceDeps) {
    this.#deps = deps;
  }

  isOffered(): boolean {
    return true;
  }

  async tools(tenant: string): Promise<readonly JsonObject[]> {
    const tools = (await this.#deps.codeMode.savedTools(tenant)).map(toListedTool);
    if (!this.#known.has(tenant)) {
      this.#known.set(tenant, digestOf(tools));
    }
    return tools;
  }

  /** Whether a list that was shown is another now; each change is told once. */
  async takeChanged(): Promise<boolean> {
    let isChanged = false;
    for (const [tenant, before] of this.#known) {
      const now = digestOf(await this.tools(tenant));
      this.#known.set(tenant, now);
      isChanged ||= now !== before;
    }
    return isChanged;
  }

  async call(call: BuiltinCall): Promise<JsonObject> {
    const { codeMode } = this.#deps;
    const script = await codeMode.ifSaved(call.caller.principal.tenant, call.tool);
    if (script === undefined) {
      return textResult(`There is no script ${JSON.stringify(call.tool.slice(0, 64))} in force`, true);
    }
    const fault = this.#arguments.faultOf(script, call.args);
    if (fault !== undefined) {
      return textResult(`The arguments of "${script.name}" are refused: ${fault}`, true);
    }
    return toCallResult(await codeMode.executeSaved(script, call.args, contextOf(call, this.#deps)));
  }
}

function digestOf(tools: readonly JsonObject[]): string {
  return createHash('sha256').update(JSON.stringify(tools)).digest('base64url');
}
