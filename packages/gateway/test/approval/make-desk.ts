import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ApprovalDesk,
  type Approval,
  type ApprovalQuestion,
  type ApprovalSettings,
} from '../../src/approval/index.ts';
import { openSqliteStore, type ApprovalTable } from '../../src/store/index.ts';

export const START = Date.parse('2026-11-20T14:00:00.000Z');
export const SECOND = 1000;

const SETTINGS: ApprovalSettings = {
  expireSeconds: 900,
  validSeconds: 300,
  maxPending: 1000,
  maxPendingPerPrincipal: 20,
  answeredBy: ['caller', 'operator'],
};

/** A desk over a store of its own, with a clock that stands still. */
export interface DeskPlace extends AsyncDisposable {
  readonly desk: ApprovalDesk;
  readonly table: ApprovalTable;
  readonly path: string;
  /** Milliseconds since 1970; to be set. */
  now: number;
  /** A further desk over the same store, as another process or a reloaded gateway has it. */
  another(settings?: Partial<ApprovalSettings>): ApprovalDesk;
}

export async function makeDesk(settings: Partial<ApprovalSettings> = {}): Promise<DeskPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'smcp-approval-'));
  const path = join(folder, 'state.db');
  const store = openSqliteStore(path);
  const table = store.approvals;
  let made = 0;
  const open = (more: Partial<ApprovalSettings>): ApprovalDesk =>
    new ApprovalDesk({
      table,
      settings: { ...SETTINGS, ...more },
      clock: () => place.now,
      newId: () => `apr-${++made}`,
    });
  const place: DeskPlace = {
    desk: open(settings),
    table,
    path,
    now: START,
    another: (more = settings) => open(more),
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return place;
}

/** What alice's client wants to post. */
export function question(more: Partial<ApprovalQuestion> = {}): ApprovalQuestion {
  return {
    principal: 'key:alice',
    tenant: 'default',
    server: 'slack',
    kind: 'tool',
    name: 'post_message',
    method: 'tools/call',
    digest: `sha256:${'a'.repeat(64)}`,
    rule: 'roles.eng.ask[0]',
    policy: 'policy-1',
    shown: '{\n  "text": "hi"\n}',
    whole: true,
    ...more,
  };
}

/** Asks, and gives the question; for tests of what comes after it. */
export async function asked(desk: ApprovalDesk, about: ApprovalQuestion = question()): Promise<Approval> {
  const approval = await desk.ask(about);
  if (approval === 'TOO_MANY') throw new Error('Too many questions');
  return approval;
}

/** A pending approval as the desk gives it. */
export function approval(more: Partial<Approval> = {}): Approval {
  return {
    ...question(),
    id: 'apr-1',
    subject: 'sha256:subject',
    delegation: [],
    createdAt: '2026-11-20T14:00:00.000Z',
    expiresAt: '2026-11-20T14:15:00.000Z',
    validSeconds: 300,
    answerers: ['caller', 'operator'],
    status: 'pending',
    ...more,
  };
}
