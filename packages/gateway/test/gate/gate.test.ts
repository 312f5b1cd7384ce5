import { describe, expect, it } from 'vitest';
import { compilePolicy, type Principal } from '@smcp/policy';
import { readJson } from '@smcp/protocol';
import { createRedactor, type AuditEntry, type AuditLog } from '../../src/audit/index.ts';
import { CatalogStore } from '../../src/catalog/index.ts';
import { configSchema } from '../../src/config/index.ts';
import { Gate, RefusalBudget, ServerEntry, type GateRequest } from '../../src/gate/index.ts';
import { createLimiter } from '../../src/limit/index.ts';
import { createTelemetry } from '../../src/telemetry/index.ts';
import { UpstreamPool } from '../../src/upstream/index.ts';
import { startHttpUpstream } from '../helpers/http-upstream.ts';

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
const LIMITS = { maxLength: 1e6, maxDepth: 64, maxNodes: 1e5 };

/** A real gate in front of one real server; only the audit log is the test's own. */
async function build(url: string, audit: AuditLog, settings: Record<string, unknown> = {}) {
  const config = configSchema.parse({
    servers: { box: { url, ...settings } },
    roles: { eng: { allow: ['box:*'] } },
  });
  const now = (): number => performance.now();
  const pool = new UpstreamPool({ clientInfo: { name: 'test', version: '1' }, logger: silent, now });
  const context = {
    pool,
    folder: '/',
    env: {},
    now,
    catalogs: new CatalogStore(now),
    onListChanged: () => undefined,
    maxPerPrincipal: 2,
  };
  const [server] = Object.entries(config.servers);
  if (server === undefined) {
    throw new TypeError('The configuration has no server');
  }
  const gate = new Gate(
    {
      policy: compilePolicy({
        roles: [
          {
            name: 'eng',
            line: 1,
            allow: [{ patterns: ['box:*'], line: 1 }],
            deny: [{ patterns: ['box:drop_*'], line: 2 }],
          },
        ],
        source: { file: 'smcp.yaml' },
      }),
      policyId: 'one',
      servers: new Map([['box', new ServerEntry(server[0], server[1], context)]]),
      limiter: createLimiter({
        settings: { principal: config.limits.principal, servers: config.servers },
        clock: now,
      }),
      refusals: new RefusalBudget(config.audit.refusals, now),
      redactor: createRedactor({ patterns: [], secretValues: () => [] }),
      keepArguments: true,
    },
    {
      audit,
      telemetry: createTelemetry({
        settings: { ...config.telemetry, metrics: false },
        resourceVersion: '1',
        instanceId: 'x',
        logger: silent,
      }),
      logger: silent,
      now: () => new Date(0),
      micros: () => performance.now() * 1000,
      newCallId: () => 'call-1',
    },
  );
  return { gate, pool };
}

function memoryAudit(
  fail: (entry: AuditEntry) => boolean = () => false,
): AuditLog & { readonly entries: AuditEntry[] } {
  const entries: AuditEntry[] = [];
  return {
    entries,
    append: async (entry) => {
      if (fail(entry)) {
        throw new Error('No space left');
      }
      entries.push(entry);
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function request(name: string, args: unknown, more: Partial<GateRequest> = {}): GateRequest {
  const principal: Principal = { id: 'key:alice', kind: 'key', tenant: 'default', roles: ['eng'] };
  return {
    caller: { principal, credential: () => undefined },
    door: 'test',
    action: { kind: 'tool', server: 'box', name },
    method: 'tools/call',
    document: readJson(
      JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
      LIMITS,
    ),
    ...more,
  };
}

describe('Gate.call()', () => {
  it('records an allowed call before it is sent, and its outcome after [S1-18] [S1-53]', async () => {
    await using upstream = await startHttpUpstream(['open']);
    const executedAtRecord: string[][] = [];
    const audit = memoryAudit(() => {
      executedAtRecord.push([...upstream.executed]);
      return false;
    });
    const { gate, pool } = await build(upstream.url, audit);
    await using _ = pool;
    expect(await gate.call(request('open', { id: 7 }))).toMatchObject({ ok: true });
    expect(upstream.executed).toEqual(['open']);
    expect(executedAtRecord).toEqual([[], ['open']]);
    expect(audit.entries).toMatchObject([
      {
        type: 'call',
        principal: 'key:alice',
        name: 'open',
        arguments: { id: 7 },
        decision: { effect: 'allow', rule: 'roles.eng.allow[0]' },
      },
      { type: 'outcome', call: 'call-1', outcome: 'ok' },
    ]);
  });

  it('does not make a call that cannot be recorded (A98)', async () => {
    await using upstream = await startHttpUpstream(['open']);
    const { gate, pool } = await build(
      upstream.url,
      memoryAudit((entry) => entry.type === 'call'),
    );
    await using _ = pool;
    expect(await gate.call(request('open', {}))).toMatchObject({ ok: false, code: 'AUDIT_UNAVAILABLE' });
    expect(upstream.executed).toEqual([]);
  });

  it('still refuses, and says so, when a refusal cannot be recorded', async () => {
    await using upstream = await startHttpUpstream(['drop_all']);
    const { gate, pool } = await build(
      upstream.url,
      memoryAudit(() => true),
    );
    await using _ = pool;
    expect(await gate.call(request('drop_all', {}))).toMatchObject({ ok: false, code: 'DENIED' });
    expect(upstream.executed).toEqual([]);
  });

  it('does not send a tool that the server does not list (A74)', async () => {
    await using upstream = await startHttpUpstream(['open']);
    const audit = memoryAudit();
    const { gate, pool } = await build(upstream.url, audit);
    await using _ = pool;
    for (const name of ['Open', 'open ', 'ｏｐｅｎ', 'open/', 'open\n']) {
      expect(await gate.call(request(name, {}))).toMatchObject({ ok: false, code: 'UNKNOWN' });
    }
    expect(upstream.executed).toEqual([]);
    expect(audit.entries.map(({ type }) => type)).toEqual(Array.from({ length: 5 }, () => 'refusal'));
  });

  it('says that nothing was sent when the server cannot be reached, and records a refusal', async () => {
    const audit = memoryAudit();
    const { gate, pool } = await build('http://127.0.0.1:1/mcp', audit);
    await using _ = pool;
    expect(await gate.call(request('open', {}))).toMatchObject({ ok: false, code: 'UNAVAILABLE' });
    expect(audit.entries).toMatchObject([{ type: 'refusal', code: 'UNAVAILABLE' }]);
  });

  it('refuses over the limit without asking the server, and lets go of the slot after each call', async () => {
    await using upstream = await startHttpUpstream(['open']);
    const { gate, pool } = await build(upstream.url, memoryAudit(), { limits: { concurrency: 1 } });
    await using _ = pool;
    const replies = await Promise.all([gate.call(request('open', {})), gate.call(request('open', {}))]);
    expect(replies.map((reply) => (reply.ok ? 'ok' : reply.code)).sort()).toEqual(['RATE_LIMITED', 'ok']);
    expect(await gate.call(request('open', {}))).toMatchObject({ ok: true });
  });

  it('a caller that has gone is not served', async () => {
    await using upstream = await startHttpUpstream(['open']);
    const { gate, pool } = await build(upstream.url, memoryAudit());
    await using _ = pool;
    await gate.call(request('open', {}));
    expect(await gate.call(request('open', {}, { signal: AbortSignal.abort() }))).toMatchObject({
      ok: false,
      code: 'CANCELLED',
    });
    expect(upstream.executed).toEqual(['open']);
  });

  it('redacts configured arguments and known token forms before they are recorded (A97)', async () => {
    await using upstream = await startHttpUpstream(['open']);
    const audit = memoryAudit();
    const { gate, pool } = await build(upstream.url, audit, { tools: { open: { redact: ['card.number'] } } });
    await using _ = pool;
    await gate.call(
      request('open', {
        card: { number: '4111 1111', name: 'A' },
        note: 'use ghp_0123456789abcdefghijABCDEFGHIJ012345',
      }),
    );
    const text = JSON.stringify(audit.entries);
    expect(text).not.toContain('4111');
    expect(text).not.toContain('ghp_0123456789');
    expect(text).toContain('"name":"A"');
  });

  it('records so many refusals of one caller, then counts, and says how many it left out', async () => {
    await using upstream = await startHttpUpstream(['open']);
    const audit = memoryAudit();
    const { gate, pool } = await build(upstream.url, audit);
    await using _ = pool;
    for (let n = 0; n < 650; n += 1) {
      await gate.call(request('drop_all', {}));
    }
    expect(audit.entries.length).toBeGreaterThanOrEqual(600);
    expect(audit.entries.length).toBeLessThan(650);
  });

  it('bounds the connections that one principal has of its own, and leaves the others theirs', async () => {
    await using upstream = await startHttpUpstream(['open']);
    const { gate, pool } = await build(upstream.url, memoryAudit(), { scope: 'session' });
    await using _ = pool;
    const call = async (who: string, session: string): Promise<string> => {
      const principal: Principal = { id: who, kind: 'key', tenant: 'default', roles: ['eng'] };
      const reply = await gate.call(
        request('open', {}, { caller: { principal, session, credential: () => undefined } }),
      );
      return reply.ok ? 'ok' : reply.code;
    };
    expect(await call('key:alice', 'one')).toBe('ok');
    expect(await call('key:alice', 'two')).toBe('ok');
    expect(await call('key:alice', 'three')).toBe('RATE_LIMITED');
    expect(await call('key:alice', 'one')).toBe('ok');
    expect(await call('key:bob', 'three')).toBe('ok');
  });
});
