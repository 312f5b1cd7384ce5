import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../src/audit/index.ts';
import { ChannelError } from '../../../src/worker/channel/channel-error.ts';
import { WorkerAuditLog } from '../../../src/worker/audit/worker-audit-log.ts';
import { answering } from '../linked.ts';
import { callEntry, outcomeEntry, refusalEntry, TIME } from './entries.ts';

describe('WorkerAuditLog.append()', () => {
  it('resolves when the primary has written the entry, and not before', async () => {
    const written = Promise.withResolvers<null>();
    const channel = answering(() => written.promise);
    const log = new WorkerAuditLog(channel);
    let resolved = false;
    const appended = log.append(callEntry('call-1.a')).then(() => {
      resolved = true;
    });
    await new Promise(setImmediate);
    expect(resolved).toBe(false);
    written.resolve(null);
    await appended;
    expect(resolved).toBe(true);
  });

  it('sends the entry as it is to be written, with the call that begins or ends', async () => {
    const channel = answering(() => null);
    const log = new WorkerAuditLog(channel);
    const system: AuditEntry = { type: 'system', time: TIME, event: 'pin.held' };
    await log.append(callEntry('call-1.a'));
    await log.append(outcomeEntry('call-1.a'));
    await log.append(refusalEntry('call-1.b'));
    await log.append(system);
    expect(channel.said).toEqual([
      ['append', { type: 'call', call: 'call-1.a', json: JSON.stringify(callEntry('call-1.a')) }],
      ['outcome', { type: 'outcome', call: 'call-1.a', json: JSON.stringify(outcomeEntry('call-1.a')) }],
      ['append', { type: 'refusal', caller: 'acme alice', json: JSON.stringify(refusalEntry('call-1.b')) }],
      ['append', { type: 'system', json: JSON.stringify(system) }],
    ]);
  });

  it.each(['AUDIT_UNWRITABLE', 'AUDIT_CLOSED', 'AUDIT_TOO_LARGE', 'AUDIT_INVALID'])(
    'rejects with %s of the primary',
    async (remoteCode) => {
      const log = new WorkerAuditLog(
        answering(() => {
          throw new ChannelError('CHANNEL_REFUSED', 'The disk is full', { remoteCode });
        }),
      );
      await expect(log.append(callEntry('call-1.a'))).rejects.toMatchObject({
        name: 'AuditError',
        code: remoteCode,
        message: 'The disk is full',
      });
    },
  );

  it.each(['CHANNEL_CLOSED', 'CHANNEL_FULL'] as const)('rejects without a primary (%s)', async (code) => {
    const log = new WorkerAuditLog(
      answering(() => {
        throw new ChannelError(code, 'gone');
      }),
    );
    await expect(log.append(callEntry('call-1.a'))).rejects.toMatchObject({ code: 'AUDIT_UNWRITABLE' });
  });

  it('rejects what has no JSON form, without asking', async () => {
    const channel = answering(() => null);
    const detail: Record<string, unknown> = { huge: 10n };
    const entry = { ...callEntry('call-1.a'), decision: detail } as unknown as AuditEntry;
    await expect(new WorkerAuditLog(channel).append(entry)).rejects.toMatchObject({ code: 'AUDIT_INVALID' });
    expect(channel.said).toEqual([]);
  });

  it('does not wait for the writing of an outcome, but rejects it without a primary', async () => {
    const channel = answering(async () => await new Promise(() => undefined));
    await new WorkerAuditLog(channel).append(outcomeEntry('call-1.a'));
    expect(channel.said).toHaveLength(1);
    const closed = {
      ...answering(() => {
        throw new ChannelError('CHANNEL_CLOSED', 'gone');
      }),
      isOpen: false,
    };
    await expect(new WorkerAuditLog(closed).append(outcomeEntry('call-1.a'))).rejects.toMatchObject({
      code: 'AUDIT_UNWRITABLE',
    });
  });

  it('waits at the end for what is on its way', async () => {
    const written = Promise.withResolvers<null>();
    const log = new WorkerAuditLog(answering(() => written.promise));
    const order: string[] = [];
    const appended = log.append(callEntry('call-1.a')).then(() => order.push('written'));
    const disposed = log[Symbol.asyncDispose]().then(() => order.push('disposed'));
    written.resolve(null);
    await Promise.all([appended, disposed]);
    expect(order).toEqual(['written', 'disposed']);
  });
});
