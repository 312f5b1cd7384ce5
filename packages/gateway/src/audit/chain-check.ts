import type { KeyObject } from 'node:crypto';
import type { AuditAnchor } from '../store/index.ts';
import type { CheckpointEntry } from './audit-log.ts';
import { checkSignature } from './checkpoint.ts';
import type { FileLine } from './read-lines.ts';
import { genesis, ifRecordLine, type ChainPosition, type ParsedLine } from './record.ts';

/**
 * `MALFORMED`: a line is no record; `CHANGED`: its bytes do not have its hash; `BROKEN_CHAIN`: it does not continue the record before; `MISSING`: numbers are
 * left out; `REORDERED`, `DUPLICATED`: it stands in a wrong place, or a second time; `BAD_CHECKPOINT`: it signs another position than its own;
 * `BAD_SIGNATURE`, `FOREIGN_KEY`, `FOREIGN_WRITER`: it was not signed, or not by this gateway, or not for this writer; `CUT`: the log ends before the anchor;
 * `ANCHOR_MISMATCH`: the anchored record was replaced; `NO_ANCHOR`: the store knows nothing of this writer; `WRITER_MISSING`: its whole folder is gone;
 * `DAMAGED`: the gateway itself found loss or change when it started.
 */
export type AuditProblemCode =
  | 'MALFORMED'
  | 'CHANGED'
  | 'BROKEN_CHAIN'
  | 'MISSING'
  | 'REORDERED'
  | 'DUPLICATED'
  | 'BAD_CHECKPOINT'
  | 'BAD_SIGNATURE'
  | 'FOREIGN_KEY'
  | 'FOREIGN_WRITER'
  | 'CUT'
  | 'ANCHOR_MISMATCH'
  | 'NO_ANCHOR'
  | 'WRITER_MISSING'
  | 'DAMAGED';

export interface AuditProblem {
  /** File in the folder of the writer; absent when the problem is with no single file. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  readonly seq?: number;
  readonly code: AuditProblemCode;
  readonly message: string;
}

/** Where a line stands. */
export interface LinePlace {
  readonly file: string;
  readonly line: number;
}

const MAX_PROBLEMS = 1000;
const MAX_GAPS = 1000;

interface Gap {
  from: number;
  to: number;
  readonly place: LinePlace;
}

/**
 * Follows one chain from its beginning and notes every deviation. Memory is bounded, whatever the lines hold; problems beyond the first thousand are
 * counted only.
 */
export class ChainCheck {
  readonly problems: AuditProblem[] = [];
  /** All problems, listed or not. */
  problemCount = 0;
  records = 0;
  checkpoints = 0;
  /** Number of the newest record covered by a good signature; zero when none is. */
  signedThrough = 0;
  firstTime: string | undefined;
  lastTime: string | undefined;

  readonly #writer: string;
  readonly #publicKey: KeyObject;
  readonly #anchor: AuditAnchor | undefined;
  readonly #start: ChainPosition;
  #end: ChainPosition;
  #gaps: Gap[] = [];
  #anchorSeen = false;

  constructor(options: {
    readonly writer: string;
    readonly publicKey: KeyObject;
    /** Read from the store before the first line. */
    readonly anchor: AuditAnchor | undefined;
  }) {
    this.#writer = options.writer;
    this.#publicKey = options.publicKey;
    this.#anchor = options.anchor;
    const { anchor } = options;
    this.#start =
      anchor === undefined
        ? genesis(options.writer)
        : { seq: anchor.prunedSequence, hash: anchor.prunedHash };
    this.#end = this.#start;
    if (anchor === undefined)
      this.#note('NO_ANCHOR', `The store has no anchor of ${options.writer}, so a cut end cannot be noticed`);
  }

  addLine(line: FileLine, place: LinePlace): void {
    const record = ifRecordLine(line.bytes);
    if (record === undefined) {
      this.#note('MALFORMED', `The line is not a record`, place);
      return;
    }
    if (!record.intact)
      this.#note('CHANGED', `Record ${record.seq} was changed: it does not have its hash`, place, record.seq);
    if (record.entry === undefined)
      this.#note('MALFORMED', `Record ${record.seq} is of no known shape`, place, record.seq);
    this.records++;
    const before = this.#end;
    if (this.#place(record, place)) this.#end = { seq: record.seq, hash: record.hash };
    this.#checkAnchor(record, place);
    this.#checkEntry(record, before, place);
  }

  /** Notes what is known only after the last line. */
  finish(): void {
    for (const gap of this.#gaps) {
      const which = gap.from === gap.to ? `Record ${gap.from} is` : `Records ${gap.from} to ${gap.to} are`;
      this.#note('MISSING', `${which} missing before this line`, gap.place, gap.from);
    }
    const anchor = this.#anchor;
    if (anchor === undefined || this.#anchorSeen) return;
    if (this.#end.seq < anchor.sequence) {
      this.#note(
        'CUT',
        `The log ends with record ${this.#end.seq}, but record ${anchor.sequence} was anchored`,
      );
    } else {
      this.#note(
        'ANCHOR_MISMATCH',
        `Record ${anchor.sequence}, which was anchored, is not in the log`,
        undefined,
        anchor.sequence,
      );
    }
  }

  /** Whether the record moves the end of the chain on. */
  #place(record: ParsedLine, place: LinePlace): boolean {
    const wanted = this.#end.seq + 1;
    if (record.seq === this.#start.seq && record.hash !== this.#start.hash) {
      this.#note(
        'BROKEN_CHAIN',
        `Record ${record.seq} is not the one before the oldest kept file`,
        place,
        record.seq,
      );
    }
    if (this.records === 1 && record.seq <= this.#start.seq) {
      // Left over from an interrupted removal of old files; joins the kept part further down.
      return true;
    }
    if (!record.intact && record.prev === this.#end.hash) {
      // It stands where it belongs, whatever number it was given since.
      this.#end = { seq: wanted, hash: record.hash };
      return false;
    }
    if (record.seq < wanted) {
      const late = this.#closeGap(record.seq);
      const code = late ? 'REORDERED' : 'DUPLICATED';
      this.#note(
        code,
        `Record ${record.seq} stands ${late ? 'after later ones' : 'in the log again'}`,
        place,
        record.seq,
      );
      return false;
    }
    if (record.seq > wanted) this.#openGap(wanted, record.seq - 1, place);
    else if (record.prev !== this.#end.hash) {
      this.#note(
        'BROKEN_CHAIN',
        `Record ${record.seq} does not continue the record before it`,
        place,
        record.seq,
      );
    }
    return true;
  }

  #openGap(first: number, to: number, place: LinePlace): void {
    // Up to the pruned position files may be gone, also while they are read.
    const from = Math.max(first, this.#start.seq + 1);
    if (from > to) return;
    const last = this.#gaps.at(-1);
    if (this.#gaps.length >= MAX_GAPS && last !== undefined) last.to = to;
    else this.#gaps.push({ from, to, place });
  }

  /** A record that was missed turned up; false when it was not missed. */
  #closeGap(seq: number): boolean {
    const index = this.#gaps.findIndex((gap) => gap.from <= seq && seq <= gap.to);
    const gap = this.#gaps[index];
    if (gap === undefined) return false;
    const parts = [
      { ...gap, to: seq - 1 },
      { ...gap, from: seq + 1 },
    ];
    this.#gaps.splice(index, 1, ...parts.filter((part) => part.from <= part.to));
    return true;
  }

  #checkAnchor(record: ParsedLine, place: LinePlace): void {
    const anchor = this.#anchor;
    if (anchor === undefined || record.seq !== anchor.sequence || this.#anchorSeen) return;
    this.#anchorSeen = true;
    if (record.hash === anchor.hash) return;
    this.#note('ANCHOR_MISMATCH', `Record ${record.seq} is not the one that was anchored`, place, record.seq);
  }

  #checkEntry({ seq, entry }: ParsedLine, before: ChainPosition, place: LinePlace): void {
    if (entry === undefined) return;
    this.firstTime ??= entry.time;
    this.lastTime = entry.time;
    if (entry.type === 'checkpoint') this.#checkCheckpoint(seq, entry, before, place);
    if (entry.type === 'system' && entry.event === 'audit.damaged') {
      this.#note(
        'DAMAGED',
        `The gateway found damage when it started: ${JSON.stringify(entry.detail ?? {})}`,
        place,
        seq,
      );
    }
  }

  #checkCheckpoint(seq: number, entry: CheckpointEntry, before: ChainPosition, place: LinePlace): void {
    this.checkpoints++;
    if (entry.writer !== this.#writer) {
      this.#note(
        'FOREIGN_WRITER',
        `Checkpoint ${seq} belongs to writer ${entry.writer.slice(0, 80)}`,
        place,
        seq,
      );
      return;
    }
    const signature = checkSignature(entry, this.#publicKey);
    if (signature === 'foreign') {
      this.#note(
        'FOREIGN_KEY',
        `Checkpoint ${seq} was signed with another key (${entry.key.slice(0, 80)})`,
        place,
        seq,
      );
    } else if (signature === 'bad') {
      this.#note('BAD_SIGNATURE', `Checkpoint ${seq} has a wrong signature`, place, seq);
    } else if (this.records > 1 && (entry.hash !== before.hash || entry.sequence !== before.seq)) {
      this.#note('BAD_CHECKPOINT', `Checkpoint ${seq} does not sign the record before it`, place, seq);
    } else {
      this.signedThrough = entry.sequence;
    }
  }

  #note(code: AuditProblemCode, message: string, place?: LinePlace, seq?: number): void {
    this.problemCount++;
    if (this.problems.length >= MAX_PROBLEMS) return;
    this.problems.push({ ...place, ...(seq === undefined ? {} : { seq }), code, message });
  }
}
