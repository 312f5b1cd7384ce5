import type { JsonObject } from '@smcp/protocol';
import type { Language } from '@smcp/sandbox';
import { CodeModeError } from '../code-mode-error.ts';
import type { SavedScript, ScriptTable } from './saved-script.ts';
import { scanScript } from './scan/scan-script.ts';
import { scriptDigest } from './script-digest.ts';
import { quoted, scriptInvalid } from './script-invalid.ts';
import { readScriptRequest, type ReadScriptOptions } from './script-request.ts';
import { toolOf, type SavedTool } from './script-tool.ts';
import { Turns } from './turns.ts';

/** How much may be saved. Rejected and retired versions beyond `maxSettled` are forgotten, oldest first. */
export interface SavedScriptLimits {
  /** Names per tenant that wait or are approved. */
  readonly maxNames: number;
  readonly maxWaiting: number;
  readonly maxWaitingPerOwner: number;
  readonly maxSettled: number;
}

export const DEFAULT_SAVED_SCRIPT_LIMITS: SavedScriptLimits = Object.freeze({
  maxNames: 200,
  maxWaiting: 100,
  maxWaitingPerOwner: 10,
  maxSettled: 500,
});

export interface SavedScriptsOptions {
  readonly table: ScriptTable;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Languages that scripts can be saved in. Default TypeScript and JavaScript. */
  readonly languages?: readonly Language[] | undefined;
  readonly limits?: SavedScriptLimits | undefined;
  /** Whether a text holds a credential that the host keeps. */
  readonly holdsSecret?: ((text: string) => boolean) | undefined;
  /** Why arguments cannot be checked against a schema; undefined when they can. */
  readonly schemaFault?: ((schema: JsonObject) => string | undefined) | undefined;
}

/** Who saves, and what that one may reach. */
export interface SaveContext extends Pick<ReadScriptOptions, 'serverNamed'> {
  readonly tenant: string;
  /** Id of the principal. */
  readonly principal: string;
}

/** One version of a script, with the digest of what was looked at. */
export interface VersionKey {
  readonly tenant: string;
  readonly name: string;
  readonly version: number;
  readonly digest: string;
}

const LANGUAGES: readonly Language[] = ['typescript', 'javascript'];

/**
 * Scripts that become tools. Saving one only proposes it: nothing that was saved runs before an operator has approved that very version, and what is in force
 * stays so until then. A script is the tenant's, and runs with the rights of whoever calls it, in the servers that it was approved for.
 */
export class SavedScripts {
  readonly #table: ScriptTable;
  readonly #now: () => number;
  readonly #languages: readonly Language[];
  readonly #limits: SavedScriptLimits;
  readonly #holdsSecret: ((text: string) => boolean) | undefined;
  readonly #schemaFault: SavedScriptsOptions['schemaFault'];
  readonly #turns = new Turns();

  constructor({ table, now, languages = LANGUAGES, limits, holdsSecret, schemaFault }: SavedScriptsOptions) {
    this.#table = table;
    this.#now = now;
    this.#languages = languages;
    this.#limits = limits ?? DEFAULT_SAVED_SCRIPT_LIMITS;
    this.#holdsSecret = holdsSecret;
    this.#schemaFault = schemaFault;
  }

  /**
   * Keeps a script as the next version of its name, waiting for approval. The same as the newest version saves nothing and gives that one.
   *
   * @param request What the script asked for: an attacker's words.
   * @throws {CodeModeError} `SCRIPT_INVALID` for what is wrong with it, for a credential in it, and for what was rejected before; `SCRIPT_LIMIT`.
   */
  async save(request: unknown, context: SaveContext): Promise<SavedScript> {
    const { tenant, principal, serverNamed } = context;
    const script = readScriptRequest(request, { languages: this.#languages, serverNamed });
    const fault = this.#schemaFault?.(script.inputSchema);
    if (fault !== undefined) {
      throw scriptInvalid(`"input" is a schema that arguments cannot be checked against: ${fault}`);
    }
    const { secrets, findings } = scanScript(script, this.#holdsSecret);
    if (secrets.length > 0) {
      throw scriptInvalid(
        `The script is not saved, for it holds credentials: ${secrets.slice(0, 3).join('; ')}. Take them out; the gateway adds those of servers itself`,
      );
    }
    const digest = scriptDigest(tenant, script);
    return this.#turns.take(tenant, async () => {
      const known = await this.#ifSaved(tenant, script.name, digest);
      if (known !== undefined) return known;
      await this.#checkRoom(tenant, principal, script.name);
      return this.#table.add({
        ...script,
        tenant,
        digest,
        findings,
        savedBy: principal,
        savedAt: this.#now(),
      });
    });
  }

  inForce(tenant: string, name: string): Promise<SavedScript | undefined> {
    return this.#table.inForce(tenant, name);
  }

  /** The scripts in force as tools, in the order of their names. */
  async tools(tenant: string): Promise<readonly SavedTool[]> {
    const scripts = await this.#table.listInForce(tenant);
    return scripts.map(toolOf).sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** All versions of all names, for operators; of every tenant when none is given. */
  list(tenant?: string): Promise<readonly SavedScript[]> {
    return this.#table.list(tenant);
  }

  /**
   * Puts a waiting version in force; versions approved before are retired.
   *
   * @param by Who answers, such as `operator:alice`.
   * @throws {CodeModeError} `SCRIPT_UNKNOWN`; `SCRIPT_INVALID` when the digest is another, it does not wait any more, or a newer one is in force.
   */
  async approve(key: VersionKey, by: string): Promise<SavedScript> {
    const { tenant, name } = key;
    return this.#turns.take(tenant, async () => {
      const script = await this.#waiting(key);
      const inForce = await this.#table.inForce(tenant, name);
      if (inForce !== undefined && inForce.version > script.version) {
        throw scriptInvalid(
          `Version ${script.version} of "${name}" is older than version ${inForce.version}, which is in force; retire that first, or have the older one saved again`,
        );
      }
      const answered = await this.#settle(script, 'approved', by);
      await this.#retire(tenant, name, by, script.version);
      return answered;
    });
  }

  /** Refuses a waiting version for good: the same script is not asked about again. Throws as `approve` does. */
  async reject(key: VersionKey, by: string): Promise<SavedScript> {
    return this.#turns.take(key.tenant, async () => this.#settle(await this.#waiting(key), 'rejected', by));
  }

  /**
   * Takes a script out of force; no older version comes back.
   *
   * @throws {CodeModeError} `SCRIPT_UNKNOWN` when none is in force.
   */
  async retire(tenant: string, name: string, by: string): Promise<void> {
    await this.#turns.take(tenant, async () => {
      const retired = await this.#retire(tenant, name, by, Infinity);
      if (retired === 0) throw new CodeModeError('SCRIPT_UNKNOWN', `No script ${quoted(name)} is in force`);
    });
  }

  /** The version that says the same already, if it stands. */
  async #ifSaved(tenant: string, name: string, digest: string): Promise<SavedScript | undefined> {
    const versions = await this.#table.versions(tenant, name);
    const [newest] = versions.filter(({ state }) => state === 'waiting' || state === 'approved');
    if (newest?.digest === digest) return newest;
    const rejected = versions.find((version) => version.digest === digest && version.state === 'rejected');
    if (rejected !== undefined) {
      throw scriptInvalid(
        `This very script was rejected as version ${rejected.version} of "${name}"; change what was wrong, or ask an operator`,
      );
    }
    return undefined;
  }

  async #checkRoom(tenant: string, principal: string, name: string): Promise<void> {
    const { maxNames, maxWaiting, maxWaitingPerOwner, maxSettled } = this.#limits;
    await this.#table.prune(tenant, maxSettled);
    const counts = await this.#table.count(tenant, principal);
    const remedy = 'until an operator has answered some of them';
    if (counts.ownWaiting >= maxWaitingPerOwner) {
      throw limited(
        `${counts.ownWaiting} scripts that you saved wait for approval; no more are taken ${remedy}`,
      );
    }
    if (counts.waiting >= maxWaiting) {
      throw limited(`${counts.waiting} scripts of the tenant wait for approval; no more are taken ${remedy}`);
    }
    if (counts.names < maxNames) return;
    const versions = await this.#table.versions(tenant, name);
    if (versions.some(({ state }) => state === 'waiting' || state === 'approved')) return;
    throw limited(
      `The tenant has ${counts.names} saved scripts, at most ${maxNames}; an operator can retire some`,
    );
  }

  async #waiting({ tenant, name, version, digest }: VersionKey): Promise<SavedScript> {
    const versions = await this.#table.versions(tenant, name);
    const script = versions.find((each) => each.version === version);
    if (script === undefined) {
      throw new CodeModeError('SCRIPT_UNKNOWN', `There is no version ${version} of a script ${quoted(name)}`);
    }
    if (script.digest !== digest) {
      throw scriptInvalid(
        `Version ${version} of "${name}" has another digest than the one that was looked at`,
      );
    }
    if (script.state !== 'waiting') throw settled(script);
    return script;
  }

  async #settle(script: SavedScript, to: 'approved' | 'rejected', by: string): Promise<SavedScript> {
    const at = this.#now();
    // Another process may have answered in the meantime; the table lets one answer through.
    if (!(await this.#table.answer(script, { from: ['waiting'], to, by, at }))) throw settled(script);
    return { ...script, state: to, answeredBy: by, answeredAt: at };
  }

  /** Oldest first, so that none of them comes into force on the way. */
  async #retire(tenant: string, name: string, by: string, below: number): Promise<number> {
    const versions = await this.#table.versions(tenant, name);
    const approved = versions.filter(({ state, version }) => state === 'approved' && version < below);
    for (const script of approved.toReversed()) {
      await this.#table.answer(script, { from: ['approved'], to: 'retired', by, at: this.#now() });
    }
    return approved.length;
  }
}

function settled({ name, version }: SavedScript): CodeModeError {
  return scriptInvalid(`Version ${version} of "${name}" does not wait for an answer any more`);
}

function limited(message: string): CodeModeError {
  return new CodeModeError('SCRIPT_LIMIT', message);
}
