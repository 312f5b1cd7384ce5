import { describe, expect, it } from 'vitest';
import { ApprovalDesk } from '../../src/approval/index.ts';
import { openOperatorDesk } from '../../src/approval/operator-desk.ts';
import { openSqliteStore } from '../../src/store/index.ts';
import { asked, makeDesk, question, SECOND, START } from './make-desk.ts';

const OPERATOR = { by: 'operator', user: 'root' } as const;
const CALLER = { by: 'caller', subject: question() } as const;

describe('ApprovalDesk.ask()', () => {
  it('makes a pending question with its times', async () => {
    await using place = await makeDesk();
    const made = await asked(place.desk, question({ delegation: ['key:bob'], session: 'ses-secret' }));
    const { session: _session, ...kept } = question({ delegation: ['key:bob'] });
    expect(made).toEqual({
      ...kept,
      id: 'apr-1',
      subject: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      status: 'pending',
      createdAt: '2026-11-20T14:00:00.000Z',
      expiresAt: '2026-11-20T14:15:00.000Z',
      validSeconds: 300,
      answerers: ['caller', 'operator'],
    });
    expect(await place.desk.get('apr-1')).toEqual(made);
  });

  it('gives the open question to whoever asks the same again', async () => {
    await using place = await makeDesk();
    const first = await asked(place.desk);
    place.now += 899 * SECOND;
    expect(await place.another().ask(question({ shown: 'other', whole: false }))).toEqual(first);
    expect(await place.desk.list()).toHaveLength(1);
  });

  it('gives the same to many who ask at once', async () => {
    await using place = await makeDesk();
    const desks = Array.from({ length: 8 }, () => place.another());
    const ids = await Promise.all(desks.map(async (desk) => (await asked(desk)).id));
    expect(new Set(ids).size).toBe(1);
  });

  it('makes a new one from the moment that the old one has expired', async () => {
    await using place = await makeDesk();
    const { id } = await asked(place.desk);
    place.now += 900 * SECOND;
    expect((await asked(place.desk)).id).not.toBe(id);
  });

  it('gives the approved one until it lapses or is used, then a new one', async () => {
    await using place = await makeDesk();
    const { id } = await asked(place.desk);
    await place.desk.answer(id, 'approve', OPERATOR);
    expect(await asked(place.desk)).toMatchObject({ id, status: 'approved' });
    await place.desk.use(question(), id);
    expect(await asked(place.desk)).toMatchObject({ id: 'apr-2', status: 'pending' });
  });

  it('gives the denied one until the question would have expired, so that nobody is worn out (A33)', async () => {
    await using place = await makeDesk();
    const { id } = await asked(place.desk);
    await place.desk.answer(id, 'deny', CALLER);
    place.now = START + 899 * SECOND;
    expect(await asked(place.desk)).toMatchObject({ id, status: 'denied' });
    place.now = START + 900 * SECOND;
    expect(await asked(place.desk)).toMatchObject({ status: 'pending' });
  });

  it('refuses more open questions of one principal than may be, and no others (A33)', async () => {
    await using place = await makeDesk({ maxPendingPerPrincipal: 2 });
    const ask = (digest: string, principal = 'key:alice', tenant = 'default') =>
      place.desk.ask(question({ digest, principal, tenant }));
    await ask('1');
    await ask('2');
    expect(await ask('3')).toBe('TOO_MANY');
    expect(await ask('2')).toMatchObject({ digest: '2' });
    expect(await ask('3', 'key:bob')).toMatchObject({ status: 'pending' });
    expect(await ask('3', 'key:alice', 'other')).toMatchObject({ status: 'pending' });
  });

  it('refuses more open questions in all than may be', async () => {
    await using place = await makeDesk({ maxPending: 2 });
    const ask = (principal: string) => place.desk.ask(question({ principal }));
    expect([await ask('key:a'), await ask('key:b'), await ask('key:c')]).toEqual([
      expect.objectContaining({ status: 'pending' }),
      expect.objectContaining({ status: 'pending' }),
      'TOO_MANY',
    ]);
  });

  it.each(['answered', 'expired'])('has room again when one is %s', async (how) => {
    await using place = await makeDesk({ maxPendingPerPrincipal: 1 });
    const { id } = await asked(place.desk, question({ digest: '1' }));
    if (how === 'answered') await place.desk.answer(id, 'deny', OPERATOR);
    else place.now += 900 * SECOND;
    expect(await place.desk.ask(question({ digest: '2' }))).toMatchObject({ status: 'pending' });
  });

  it('refuses a text longer than is ever shown', async () => {
    await using place = await makeDesk();
    await expect(place.desk.ask(question({ shown: 'x'.repeat(5000) }))).rejects.toThrow(RangeError);
  });

  it('forgets what is more than a week old', async () => {
    await using place = await makeDesk();
    const { id } = await asked(place.desk);
    place.now += 7 * 24 * 3600 * SECOND;
    await asked(place.desk, question({ digest: 'other' }));
    expect(await place.desk.get(id)).toBeDefined();
    place.now += 1;
    await asked(place.desk, question({ digest: 'third' }));
    expect(await place.desk.get(id)).toBeUndefined();
  });
});

describe('ApprovalDesk.answer()', () => {
  it.each([
    ['the caller', CALLER, 'caller'],
    ['an operator', OPERATOR, 'operator:root'],
  ] as const)('records that %s approved, and how long that is valid', async (_who, answerer, by) => {
    await using place = await makeDesk();
    const { id } = await asked(place.desk);
    place.now += 60 * SECOND;
    expect(await place.desk.answer(id, 'approve', answerer)).toBe('ok');
    expect(await place.desk.get(id)).toMatchObject({
      status: 'approved',
      answeredAt: '2026-11-20T14:01:00.000Z',
      answeredBy: by,
      validUntil: '2026-11-20T14:06:00.000Z',
    });
  });

  it('records a denial without a time of validity', async () => {
    await using place = await makeDesk();
    const { id } = await asked(place.desk);
    expect(await place.desk.answer(id, 'deny', CALLER)).toBe('ok');
    expect(await place.desk.get(id)).toMatchObject({ status: 'denied', answeredBy: 'caller' });
    expect(await place.desk.get(id)).not.toHaveProperty('validUntil');
  });

  it('knows no question that was not asked', async () => {
    await using place = await makeDesk();
    expect(await place.desk.answer('apr-9', 'approve', OPERATOR)).toBe('unknown');
  });

  it.each(['approve', 'deny'] as const)('does not take a second answer after %s', async (first) => {
    await using place = await makeDesk();
    const { id } = await asked(place.desk);
    await place.desk.answer(id, first, OPERATOR);
    const before = await place.desk.get(id);
    expect(await place.desk.answer(id, 'approve', CALLER)).toBe('answered');
    expect(await place.desk.answer(id, 'deny', CALLER)).toBe('answered');
    expect(await place.desk.get(id)).toEqual(before);
  });

  it('takes an answer until the last moment and none after it', async () => {
    await using place = await makeDesk();
    const early = await asked(place.desk, question({ digest: '1' }));
    const late = await asked(place.desk, question({ digest: '2' }));
    place.now = START + 900 * SECOND - 1;
    expect(await place.desk.answer(early.id, 'approve', OPERATOR)).toBe('ok');
    place.now += 1;
    expect(await place.desk.answer(late.id, 'approve', OPERATOR)).toBe('expired');
    expect(await place.desk.get(late.id)).toMatchObject({ status: 'pending' });
  });

  it('takes one answer of many that come at once', async () => {
    await using place = await makeDesk();
    const { id } = await asked(place.desk);
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        place.another().answer(id, index % 2 === 0 ? 'approve' : 'deny', OPERATOR),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'answered')).toHaveLength(5);
  });

  it.each([
    ['caller', OPERATOR],
    ['operator', CALLER],
  ] as const)('asked of the %s alone takes no other answer', async (only, other) => {
    await using place = await makeDesk({ answeredBy: [only] });
    const { id } = await asked(place.desk);
    expect(await place.desk.answer(id, 'approve', other)).toBe('forbidden');
    expect(await place.desk.get(id)).toMatchObject({ status: 'pending' });
    expect(place.desk.asksCaller).toBe(only === 'caller');
  });

  it('asked of the caller alone takes no answer at the desk of an operator, which has no configuration', async () => {
    await using place = await makeDesk({ answeredBy: ['caller'] });
    const { id } = await asked(place.desk);
    const desk = openOperatorDesk(place.table, () => place.now);
    expect(await desk.answer(id, 'approve', OPERATOR)).toBe('forbidden');
    expect(await desk.answer(id, 'approve', CALLER)).toBe('forbidden');
  });

  it('at the desk of an operator is valid as long as the question says', async () => {
    await using place = await makeDesk({ validSeconds: 42 });
    const { id } = await asked(place.desk);
    expect(await openOperatorDesk(place.table, () => place.now).answer(id, 'approve', OPERATOR)).toBe('ok');
    expect(await place.desk.get(id)).toMatchObject({ validUntil: '2026-11-20T14:00:42.000Z' });
  });
});

describe('ApprovalDesk.use()', () => {
  it('lets one call through, with the id or without it', async () => {
    await using place = await makeDesk();
    for (const withId of [true, false]) {
      const { id } = await asked(place.desk);
      await place.desk.answer(id, 'approve', OPERATOR);
      expect(await place.desk.use(question(), withId ? id : undefined)).toBe('approved');
      expect(await place.desk.get(id)).toMatchObject({ status: 'used', usedAt: '2026-11-20T14:00:00.000Z' });
    }
  });

  it('does not care how the arguments are shown', async () => {
    await using place = await makeDesk();
    const { id } = await asked(place.desk);
    await place.desk.answer(id, 'approve', OPERATOR);
    expect(await place.desk.use(question({ shown: '', whole: false }), id)).toBe('approved');
  });

  it.each(['pending', 'denied'] as const)('of a question that is %s says so', async (status) => {
    await using place = await makeDesk();
    const { id } = await asked(place.desk);
    if (status === 'denied') await place.desk.answer(id, 'deny', OPERATOR);
    expect(await place.desk.use(question(), id)).toBe(status);
    expect(await place.desk.use(question())).toBe(status);
    expect(await place.desk.ifApproved(question())).toBeUndefined();
  });

  it('of nothing is unknown', async () => {
    await using place = await makeDesk();
    expect(await place.desk.use(question())).toBe('unknown');
    expect(await place.desk.use(question(), 'apr-1')).toBe('unknown');
    expect(await place.desk.use(question(), "' OR 1=1 --")).toBe('unknown');
  });

  it('of a question that nobody answered in time is expired', async () => {
    await using place = await makeDesk();
    const { id } = await asked(place.desk);
    place.now += 900 * SECOND;
    expect(await place.desk.use(question(), id)).toBe('expired');
  });

  it('does not count an approval by somebody who may not answer any more', async () => {
    await using place = await makeDesk();
    const { id } = await asked(place.desk);
    await place.desk.answer(id, 'approve', CALLER);
    const reloaded = place.another({ answeredBy: ['operator'] });
    expect(await reloaded.use(question(), id)).toBe('denied');
    expect(await reloaded.ifApproved(question())).toBeUndefined();
  });

  it('lets one through of many that come at once', async () => {
    await using place = await makeDesk();
    const { id } = await asked(place.desk);
    await place.desk.answer(id, 'approve', OPERATOR);
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        place.another().use(question(), index % 2 === 0 ? id : undefined),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'approved')).toHaveLength(1);
  });

  it('does not let through what another user of the store has used in between', async () => {
    await using place = await makeDesk();
    const { id } = await asked(place.desk);
    await place.desk.answer(id, 'approve', OPERATOR);
    await using store = openSqliteStore(place.path);
    const found = await place.desk.get(id);
    const late = new ApprovalDesk({
      table: {
        ...place.table,
        // What was read a moment before the other user was faster.
        get: async () => found,
      },
      settings: {
        expireSeconds: 1,
        validSeconds: 1,
        maxPending: 1,
        maxPendingPerPrincipal: 1,
        answeredBy: ['operator'],
      },
      clock: () => place.now,
      newId: () => 'apr-x',
    });
    expect(await store.approvals.use(id, String(found?.subject), new Date(place.now).toISOString())).toBe(
      true,
    );
    expect(await late.use(question(), id)).toBe('used');
  });
});

describe('ApprovalDesk.ifApproved()', () => {
  it('finds what an operator approved elsewhere, and uses nothing up', async () => {
    await using place = await makeDesk();
    const { id } = await asked(place.desk);
    await openOperatorDesk(place.table, () => place.now).answer(id, 'approve', OPERATOR);
    expect(await place.desk.ifApproved(question())).toMatchObject({ id, status: 'approved' });
    expect(await place.desk.ifApproved(question())).toMatchObject({ id });
    expect(await place.desk.use(question(), id)).toBe('approved');
    expect(await place.desk.ifApproved(question())).toBeUndefined();
  });
});

describe('ApprovalDesk.list()', () => {
  it('has what can be answered, newest first, and everything when asked', async () => {
    await using place = await makeDesk();
    const old = await asked(place.desk, question({ digest: '1' }));
    place.now += 890 * SECOND;
    const denied = await asked(place.desk, question({ digest: '2' }));
    await place.desk.answer(denied.id, 'deny', OPERATOR);
    place.now += 10 * SECOND;
    const open = await asked(place.desk, question({ digest: '3' }));
    place.now += SECOND;
    const newest = await asked(place.desk, question({ digest: '4' }));
    expect((await place.desk.list()).map(({ id }) => id)).toEqual([newest.id, open.id]);
    const everything = [newest.id, open.id, denied.id, old.id];
    expect((await place.desk.list({ all: true })).map(({ id }) => id)).toEqual(everything);
  });
});

describe('ApprovalDesk', () => {
  it('approves nothing when the store fails (A40)', async () => {
    const place = await makeDesk();
    const { id } = await asked(place.desk);
    await place.desk.answer(id, 'approve', OPERATOR);
    await place[Symbol.asyncDispose]();
    const failure = { name: 'StoreError', code: 'STORE_UNAVAILABLE' };
    await expect(place.desk.ask(question())).rejects.toMatchObject(failure);
    await expect(place.desk.answer(id, 'approve', OPERATOR)).rejects.toMatchObject(failure);
    await expect(place.desk.use(question(), id)).rejects.toMatchObject(failure);
    await expect(place.desk.use(question())).rejects.toMatchObject(failure);
    await expect(place.desk.ifApproved(question())).rejects.toMatchObject(failure);
  });
});
