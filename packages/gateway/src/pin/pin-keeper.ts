import type { JsonObject } from '@smcp/protocol';
import type { AuditLog } from '../audit/index.ts';
import { PROMPTS, TOOLS, type DefinitionFilter, type ListKind } from '../catalog/index.ts';
import type { ServerConfig } from '../config/schema.ts';
import { reasonOf } from '../lib/reason-of.ts';
import type { DefinitionKey, DefinitionKind, PinTable } from '../store/index.ts';
import type { Logger } from '../telemetry/telemetry.ts';
import { UpstreamError, type ServerDescription } from '../upstream/index.ts';
import { PinNotes } from './pin-notes.ts';
import { planDefinitions, type Plan } from './pin-plan.ts';
import { readPinned } from './read-pinned.ts';
import { readDefinitions, type SeenDefinition } from './seen-definition.ts';
import { identityOf } from './server-identity.ts';
import { Turns } from './turns.ts';

/** Others may change the same pins at the same time; a plan is made anew so often. */
const MAX_TRIES = 5;
const MAX_NAMED = 5;

export interface PinKeeperOptions {
  readonly pins: PinTable;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly logger: Logger;
  readonly now: () => Date;
}

/** One list as it is to be compared. */
interface SeenList {
  readonly server: string;
  readonly config: ServerConfig;
  readonly folder: string;
  readonly kind: DefinitionKind;
  readonly items: ReadonlyMap<string, JsonObject>;
  readonly description: ServerDescription;
  readonly source: object;
}

/**
 * Compares what servers list with what is pinned of them, before anybody is told. All partitions of callers share the pins of a server.
 *
 * Promises: what is offered is pinned, on disk, before it is offered; what was decided is recorded before it takes effect; and when the store or
 * the audit log cannot be written, nothing of the server is offered.
 */
export class PinKeeper {
  readonly #options: PinKeeperOptions;
  readonly #notes: PinNotes;
  /** The lists of one server are compared one after another. */
  readonly #turns = new Turns();
  /** Versions of pins that catalogues rest on. */
  readonly #versions = new Map<string, number>();
  /** Which catalogue has shown last what is held; another one must not release it. */
  readonly #shownBy = new Map<string, WeakRef<object>>();
  #heldCount = 0;

  constructor(options: PinKeeperOptions) {
    this.#options = options;
    this.#notes = new PinNotes(options.audit, options.now);
  }

  /** How many servers, tools and prompts are withheld, as far as this process knows. */
  get heldCount(): number {
    return this.#heldCount;
  }

  /** The filter for the lists of a server; undefined when its pinning is off. */
  filterFor(server: string, config: ServerConfig, folder: string): DefinitionFilter | undefined {
    if (config.pinning.mode === 'off') {
      return undefined;
    }
    return {
      settings: JSON.stringify(config.pinning),
      filter: async (kind, items, description, source) => {
        const pinned = ifPinned(kind);
        return pinned === undefined
          ? items
          : await this.#filter({ server, config, folder, kind: pinned, items, description, source });
      },
    };
  }

  /**
   * Looks at what others have written. Returns the servers whose pins are not those that their catalogues rest on; each is returned once.
   *
   * @throws {StoreError} when the store does not answer.
   */
  async takeChanges(): Promise<readonly string[]> {
    const { pins } = this.#options;
    const versions = new Map((await pins.servers()).map(({ server, version }) => [server, version]));
    this.#heldCount = await pins.countHeld();
    const changed: string[] = [];
    for (const [server, known] of this.#versions) {
      const version = versions.get(server) ?? 0;
      if (version !== known) {
        this.#versions.set(server, version);
        changed.push(server);
      }
    }
    return changed;
  }

  async #filter(list: SeenList): Promise<ReadonlyMap<string, JsonObject>> {
    const { server, kind, items } = list;
    try {
      const seen = await readDefinitions(items);
      const { offered } = await this.#turns.take(server, async () => await this.#compare(list, seen));
      return new Map(
        [...items].flatMap(([name, item]) => {
          const form = offered.get(name);
          return form === undefined ? [] : [[name, form === 'as listed' ? item : form]];
        }),
      );
    } catch (cause) {
      this.#options.logger.error('definitions could not be compared, so none is offered', {
        server,
        kind,
        reason: reasonOf(cause),
      });
      throw new UpstreamError(
        'UPSTREAM_UNAVAILABLE',
        `What server "${server}" offers cannot be compared with what is pinned of it`,
        { cause },
      );
    }
  }

  async #compare(list: SeenList, seen: readonly SeenDefinition[]): Promise<Plan> {
    const { server } = list;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const facts = {
        ...(await readPinned(this.#options.pins, list, seen)),
        settings: list.config.pinning,
        identity: identityOf(list.config, list.folder, list.description.serverInfo),
        atIso: this.#options.now().toISOString(),
      };
      const basis = facts.known?.version ?? 0;
      this.#versions.set(server, basis);
      const planned = planDefinitions(facts);
      const plan = { ...planned, released: planned.released.filter((key) => this.#mayRelease(list, key)) };
      if (!isChange(plan) || (await this.#apply(list, basis, plan))) {
        this.#noteShown(list, plan);
        return plan;
      }
    }
    throw new Error(`The pins of server "${server}" were changed by others again and again`);
  }

  /** Returns false when others were faster. */
  async #apply({ server, kind }: SeenList, basis: number, plan: Plan): Promise<boolean> {
    const { pins, logger } = this.#options;
    await this.#notes.write(server, kind, plan);
    const { change, newlyHeld: hold, released: release } = plan;
    const version = await pins.write(server, { basis, ...change, hold, release });
    if (version === undefined) {
      return false;
    }
    this.#versions.set(server, version);
    this.#heldCount = await pins.countHeld();
    if (hold.length > 0) {
      logger.warn('definitions withheld; see smcp servers diff', {
        server,
        count: hold.length,
        names: hold
          .slice(0, MAX_NAMED)
          .map(({ name, reason }) => `${name} (${reason})`)
          .join(', '),
      });
    }
    return true;
  }

  #mayRelease({ server, source }: SeenList, key: DefinitionKey): boolean {
    const shownBy = this.#shownBy.get(shownKey(server, key))?.deref();
    return shownBy === undefined || shownBy === source;
  }

  #noteShown({ server, source }: SeenList, { held, released }: Plan): void {
    for (const key of released) {
      this.#shownBy.delete(shownKey(server, key));
    }
    const shown = new WeakRef(source);
    for (const key of held) {
      this.#shownBy.set(shownKey(server, key), shown);
    }
  }
}

function ifPinned(kind: ListKind): DefinitionKind | undefined {
  if (kind === TOOLS) {
    return 'tool';
  }
  return kind === PROMPTS ? 'prompt' : undefined;
}

function isChange({ change, newlyHeld, released }: Plan): boolean {
  return (
    change.identity !== undefined || change.pins !== undefined || newlyHeld.length > 0 || released.length > 0
  );
}

function shownKey(server: string, { kind, name }: DefinitionKey): string {
  return `${server}\n${kind}\n${name}`;
}
