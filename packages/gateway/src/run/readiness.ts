import type { AuditLog } from '../audit/index.ts';
import type { UpstreamHealth } from '../upstream/index.ts';

/** A store that failed within this time counts as not answering; it is asked every second. */
const STORE_FRESH_MS = 5000;

export interface Problem {
  readonly part: string;
  readonly problem: string;
}

/** What keeps a gateway from doing its work, told to whoever asks `/readyz`; in words that say nothing of the inside. */
export class Readiness {
  readonly #now: () => number;
  #auditFailed = false;
  #storeFailedAt = -Infinity;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The same log, whose success and failure are noticed. */
  watch(audit: AuditLog): AuditLog {
    return {
      append: async (entry) => {
        try {
          await audit.append(entry);
          this.#auditFailed = false;
        } catch (error) {
          this.#auditFailed = true;
          throw error;
        }
      },
      [Symbol.asyncDispose]: async () => {
        await audit[Symbol.asyncDispose]();
      },
    };
  }

  storeFailed(): void {
    this.#storeFailedAt = this.#now();
  }

  /**
   * @param needed Servers that are to run from the start.
   * @param parts What keeps other parts from doing their work, if anything.
   */
  problems(
    needed: ReadonlySet<string>,
    upstreams: readonly UpstreamHealth[],
    parts: { readonly codeMode?: string | undefined } = {},
  ): readonly Problem[] {
    const problems: Problem[] = [];
    if (this.#auditFailed) {
      problems.push({ part: 'audit', problem: 'cannot be written, so calls are refused' });
    }
    if (this.#now() - this.#storeFailedAt < STORE_FRESH_MS) {
      problems.push({ part: 'store', problem: 'does not answer' });
    }
    if (parts.codeMode !== undefined) {
      problems.push({ part: 'code mode', problem: parts.codeMode });
    }
    for (const { server, state } of upstreams) {
      if (state === 'failed' && needed.has(server)) {
        problems.push({ part: `server ${server}`, problem: 'does not run' });
      }
    }
    return problems;
  }
}
