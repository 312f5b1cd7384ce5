import type { JsonObject } from '@smcp/protocol';
import type { BuiltinCall, BuiltinService } from '../builtin/index.ts';
import { SCRIPTS_SERVER } from '../builtin/names.ts';
import { contextOf, type CodeServiceDeps } from './code-service.ts';
import { toListedTool } from './saved-tools.ts';
import { textResult, toCallResult } from './text-result.ts';

/**
 * Saved scripts as tools. Who may use one is decided by policy like for any tool (`scripts:<name>`); it runs with the rights of who calls it, in the servers that it
 * was approved for.
 */
export class ScriptsService implements BuiltinService {
  readonly name = SCRIPTS_SERVER;
  readonly listed = true;
  readonly #deps: CodeServiceDeps;

  constructor(deps: CodeServiceDeps) {
    this.#deps = deps;
  }

  isOffered(): boolean {
    return true;
  }

  async tools(tenant: string): Promise<readonly JsonObject[]> {
    const { codeMode } = this.#deps;
    return (await codeMode.savedTools(tenant)).map(toListedTool);
  }

  async call(call: BuiltinCall): Promise<JsonObject> {
    const { codeMode } = this.#deps;
    const script = await codeMode.ifSaved(call.caller.principal.tenant, call.tool);
    if (script === undefined) {
      return textResult(`There is no script ${JSON.stringify(call.tool.slice(0, 64))} in force`, true);
    }
    return toCallResult(await codeMode.executeSaved(script, call.args, contextOf(call, this.#deps)));
  }
}
