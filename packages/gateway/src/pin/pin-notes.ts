import type { AuditLog } from '../audit/index.ts';
import type { DefinitionKind } from '../store/index.ts';
import type { Plan } from './pin-plan.ts';

const MAX_LISTED = 50;
const MAX_NAME_CHARS = 128;

/** Records what is about to be decided of a list, one record for each kind of decision. Names are cut, and at most 50 are listed beside their count. */
export class PinNotes {
  readonly #audit: Pick<AuditLog, 'append'>;
  readonly #now: () => Date;

  constructor(audit: Pick<AuditLog, 'append'>, now: () => Date) {
    this.#audit = audit;
    this.#now = now;
  }

  /** @throws {AuditError} when it cannot be recorded. */
  async write(server: string, kind: DefinitionKind, plan: Plan): Promise<void> {
    const { pinned, accepted, newlyHeld, released, versionChange } = plan;
    if (pinned.length > 0) {
      await this.#note('definitions.pinned', { server, kind, by: 'first use', ...listed(pinned, shown) });
    }
    if (versionChange !== undefined) {
      await this.#note('server.version_changed', { server, ...versionChange });
    }
    if (accepted.length > 0) {
      const changes = listed(accepted, ({ name, rules }) => ({ name: shown(name), rules }));
      await this.#note('definitions.accepted', { server, kind, by: 'rule', ...changes });
    }
    if (newlyHeld.length > 0) {
      const changes = listed(newlyHeld, ({ kind, name, reason, pinnedDigest, seenDigest }) => ({
        kind,
        name: shown(name),
        reason,
        ...(pinnedDigest === undefined ? {} : { pinned: pinnedDigest }),
        seen: seenDigest,
      }));
      await this.#note('definitions.held', { server, ...changes });
    }
    if (released.length > 0) {
      const changes = listed(released, ({ kind, name }) => ({ kind, name: shown(name) }));
      await this.#note('definitions.released', { server, ...changes });
    }
  }

  async #note(event: string, detail: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#audit.append({ type: 'system', time: this.#now().toISOString(), event, detail });
  }
}

function listed<T, S>(
  all: readonly T[],
  show: (one: T) => S,
): { readonly count: number; readonly names: readonly S[] } {
  return { count: all.length, names: all.slice(0, MAX_LISTED).map(show) };
}

function shown(name: string): string {
  return name.slice(0, MAX_NAME_CHARS).toWellFormed();
}
