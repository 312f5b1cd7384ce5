import type { AnswererKind, ApprovalTable, NewApproval } from '../store/index.ts';
import type {
  Answerer,
  AnswerOutcome,
  Approval,
  ApprovalQuestion,
  ApprovalSettings,
  ApprovalSubject,
  UseOutcome,
  Verdict,
} from './approval.ts';
import { MAX_SHOWN_LENGTH } from './shown-call.ts';
import { subjectKey } from './subject-key.ts';

const SECOND_MS = 1000;
const DAY_MS = 24 * 60 * 60 * SECOND_MS;
/** What became of questions is in the audit log; here it only helps operators to look back. */
const KEEP_MS = 7 * DAY_MS;
const KEEP_ENTRIES = 10_000;
const MAX_LISTED = 1000;
/** Room for the notice that a text was cut. */
const MAX_STORED_LENGTH = MAX_SHOWN_LENGTH + 200;

export interface ApprovalDeskOptions {
  readonly table: ApprovalTable;
  readonly settings: ApprovalSettings;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Makes unguessable ids, `apr-…`. */
  readonly newId: () => string;
}

/**
 * Where calls wait for a person, and where an approval is used up by the one call that it is about.
 *
 * Holds nothing itself: several desks, also of different processes, over one store are one desk. Whenever the store fails, a method rejects with its
 * `StoreError` and nothing counts as approved. Does not decide which calls need approval.
 */
export class ApprovalDesk {
  readonly #table: ApprovalTable;
  readonly #settings: ApprovalSettings;
  readonly #clock: () => number;
  readonly #newId: () => string;

  constructor({ table, settings, clock, newId }: ApprovalDeskOptions) {
    this.#table = table;
    this.#settings = settings;
    this.#clock = clock;
    this.#newId = newId;
  }

  /** Whether the user of the client may answer; if not, it is not to be asked. */
  get asksCaller(): boolean {
    return this.#settings.answeredBy.includes('caller');
  }

  /**
   * Gives the question about a call: the one that is current, be it `pending`, `approved` or `denied`, else a new pending one. A denial stays current until
   * the question would have expired, so that asking again and again wears nobody out.
   *
   * @throws {RangeError} When `shown` is longer than `renderShown` makes it.
   */
  async ask(question: ApprovalQuestion): Promise<Approval | 'TOO_MANY'> {
    if (question.shown.length > MAX_STORED_LENGTH) {
      throw new RangeError(
        `Arguments shown have ${question.shown.length} characters, at most ${MAX_STORED_LENGTH} are kept`,
      );
    }
    const now = this.#clock();
    const subject = subjectKey(question);
    const current = await this.#table.ifCurrent(subject, iso(now));
    if (current !== undefined) return current;

    const { maxPending, maxPendingPerPrincipal } = this.#settings;
    await this.#table.prune(iso(now - KEEP_MS), KEEP_ENTRIES, iso(now));
    const entry = this.#toEntry(question, subject, now);
    if (await this.#table.add(entry, { maxPending, maxPendingPerPrincipal })) {
      return { ...entry, status: 'pending' };
    }
    // Either there are too many, or somebody asked the same in between.
    return (await this.#table.ifCurrent(subject, iso(now))) ?? 'TOO_MANY';
  }

  /** Answers an open question, once. A caller that answers about another call than its own is told that there is no such question. */
  async answer(id: string, verdict: Verdict, answerer: Answerer): Promise<AnswerOutcome> {
    const found = await this.#table.get(id);
    if (found === undefined) return 'unknown';
    if (answerer.by === 'caller' && subjectKey(answerer.subject) !== found.subject) return 'unknown';
    if (!this.#mayAnswer(found, answerer.by)) return 'forbidden';
    const now = this.#clock();
    const common = {
      atIso: iso(now),
      by: answerer.by === 'caller' ? 'caller' : `operator:${answerer.user}`,
    };
    const answered = await this.#table.answer(
      id,
      verdict === 'deny'
        ? { status: 'denied', ...common }
        : { status: 'approved', ...common, validUntilIso: iso(now + found.validSeconds * SECOND_MS) },
    );
    if (answered) return 'ok';
    const after = await this.#table.get(id);
    if (after === undefined) return 'unknown';
    return after.status === 'pending' ? 'expired' : 'answered';
  }

  /**
   * Uses up the approval of a call. `approved` is given once for each approval, whatever happens at the same time elsewhere; make the call then and only then.
   * Whatever else is given leaves the approval as it is.
   *
   * @param id The question that was asked about this very call. Absent: whichever question about it is current.
   */
  async use(subject: ApprovalSubject, id?: string): Promise<UseOutcome> {
    const now = this.#clock();
    const key = subjectKey(subject);
    const found = await (id === undefined ? this.#table.ifCurrent(key, iso(now)) : this.#table.get(id));
    if (found === undefined) return 'unknown';
    if (found.subject !== key) return 'mismatch';
    const outcome = this.#worth(found, now);
    if (outcome !== 'approved') return outcome;
    return (await this.#table.use(found.id, key, iso(now))) ? 'approved' : 'used';
  }

  /** The approval that `use` would use up for this call, if there is one: for a client that repeats a call after somebody approved it elsewhere. */
  async ifApproved(subject: ApprovalSubject): Promise<Approval | undefined> {
    const now = this.#clock();
    const found = await this.#table.ifCurrent(subjectKey(subject), iso(now));
    return found !== undefined && this.#worth(found, now) === 'approved' ? found : undefined;
  }

  async get(id: string): Promise<Approval | undefined> {
    return await this.#table.get(id);
  }

  /** The newest questions, at most 1000; open ones only unless `all`. */
  async list({ all = false }: { readonly all?: boolean } = {}): Promise<readonly Approval[]> {
    return all
      ? await this.#table.list(MAX_LISTED)
      : await this.#table.listPending(MAX_LISTED, iso(this.#clock()));
  }

  #toEntry(question: ApprovalQuestion, subject: string, now: number): NewApproval {
    // A session is part of the subject alone: whoever knows it could take it over.
    const { session: _session, delegation = [], ...shared } = question;
    const { expireSeconds, validSeconds, answeredBy } = this.#settings;
    return {
      ...shared,
      id: this.#newId(),
      subject,
      delegation,
      createdAt: iso(now),
      expiresAt: iso(now + expireSeconds * SECOND_MS),
      validSeconds,
      answerers: answeredBy,
    };
  }

  /** Both what was set when the question was asked and what is set now must let it. */
  #mayAnswer({ answerers }: Approval, kind: AnswererKind): boolean {
    return answerers.includes(kind) && this.#settings.answeredBy.includes(kind);
  }

  #worth(approval: Approval, now: number): UseOutcome {
    const { status, expiresAt, validUntil, answeredBy } = approval;
    const at = iso(now);
    if (status === 'pending') return at < expiresAt ? 'pending' : 'expired';
    if (status !== 'approved') return status;
    if (validUntil === undefined || at >= validUntil) return 'expired';
    return this.#mayAnswer(approval, answeredBy === 'caller' ? 'caller' : 'operator') ? 'approved' : 'denied';
  }
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
