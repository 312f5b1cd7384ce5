import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readdir, readFile, rm, writeFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  openAuditLog,
  readAudit,
  verifyAudit,
  type AuditError,
  type AuditLog,
  type AuditLogOptions,
  type AuditRecord,
  type AuditSettings,
  type AuditVerdict,
  type CallEntry,
  type OutcomeEntry,
  type ReadAuditOptions,
} from '../../src/audit/index.ts';
import type { AuditAnchor, AuditAnchorTable } from '../../src/store/index.ts';

/** Keeps anchors in memory; `failing` makes every write reject. */
export class MemoryAnchors implements AuditAnchorTable {
  readonly anchors = new Map<string, AuditAnchor>();
  readonly puts: AuditAnchor[] = [];
  failing = false;

  async list(): Promise<readonly AuditAnchor[]> {
    return [...this.anchors.values()];
  }

  async get(writer: string): Promise<AuditAnchor | undefined> {
    return this.anchors.get(writer);
  }

  async put(anchor: AuditAnchor): Promise<void> {
    if (this.failing) throw new Error('The store is away');
    this.puts.push(anchor);
    this.anchors.set(anchor.writer, anchor);
  }
}

/** A temporary audit folder with its keys, store and a clock that moves only when told. */
export class AuditPlace implements AsyncDisposable {
  readonly directory: string;
  readonly anchors = new MemoryAnchors();
  readonly signingKey: KeyObject = generateKeyPairSync('ed25519').privateKey;
  readonly errors: AuditError[] = [];
  nowMs = Date.parse('2026-08-01T00:00:00.000Z');

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async create(): Promise<AuditPlace> {
    return new AuditPlace(await mkdtemp(join(tmpdir(), 'smcp-audit-')));
  }

  get publicKey(): KeyObject {
    return createPublicKey(this.signingKey);
  }

  open(settings: Partial<AuditSettings> = {}, more: Partial<AuditLogOptions> = {}): Promise<AuditLog> {
    return openAuditLog({
      directory: this.directory,
      writer: 'gateway',
      signingKey: this.signingKey,
      store: { audit: this.anchors },
      clock: () => this.nowMs,
      settings: { sync: 'os', segmentBytes: 1024 * 1024, checkpointRecords: 1000, ...settings },
      onError: (error) => this.errors.push(error),
      lockTimeoutMs: 0,
      ...more,
    });
  }

  verify(): Promise<AuditVerdict> {
    return verifyAudit({
      directory: this.directory,
      store: { audit: this.anchors },
      publicKey: this.publicKey,
    });
  }

  /** Codes of all problems of all writers, each once. */
  async problemCodes(): Promise<readonly string[]> {
    const { writers } = await this.verify();
    return [...new Set(writers.flatMap(({ problems }) => problems.map(({ code }) => code)))];
  }

  async read(filter: NonNullable<ReadAuditOptions['filter']> = {}): Promise<readonly AuditRecord[]> {
    return await collect(readAudit({ directory: this.directory, filter }));
  }

  path(...segments: string[]): string {
    return join(this.directory, ...segments);
  }

  async segments(writer = 'gateway'): Promise<readonly string[]> {
    return (await readdir(this.path(writer))).filter((file) => file.endsWith('.jsonl')).sort();
  }

  async lines(file = '00000001.jsonl', writer = 'gateway'): Promise<string[]> {
    return (await readFile(this.path(writer, file), 'utf8')).split('\n').slice(0, -1);
  }

  async writeLines(lines: readonly string[], file = '00000001.jsonl', writer = 'gateway'): Promise<void> {
    await writeFile(this.path(writer, file), lines.map((line) => `${line}\n`).join(''));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

export function callEntry(call: string, more: Partial<CallEntry> = {}): CallEntry {
  return {
    time: '2026-08-01T00:00:00.000Z',
    type: 'call',
    call,
    principal: 'key:alice',
    tenant: 'default',
    door: 'mcp',
    server: 'github',
    kind: 'tool',
    name: 'create_issue',
    method: 'tools/call',
    decision: {
      effect: 'allow',
      rule: 'roles.dev.allow[0]',
      source: { file: 'smcp.yaml', line: 7, commit: 'c0ffee', dirty: false },
      reasons: [],
    },
    policyMicros: 37,
    ...more,
  };
}

export function outcomeEntry(call: string, more: Partial<OutcomeEntry> = {}): OutcomeEntry {
  return {
    time: '2026-08-01T00:00:01.000Z',
    type: 'outcome',
    call,
    outcome: 'ok',
    upstreamMicros: 1200,
    ...more,
  };
}

/** Appends `count` calls, each in its own batch. */
export async function appendCalls(log: AuditLog, count: number, prefix = 'call'): Promise<void> {
  for (let index = 0; index < count; index++) await log.append(callEntry(`${prefix}-${index}`));
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
