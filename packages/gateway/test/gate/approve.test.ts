import { describe, expect, it } from 'vitest';
import type { RoleSpec } from '@smcp/policy';
import type { JsonObject } from '@smcp/protocol';
import type { GateReply, GateRequest } from '../../src/gate/index.ts';
import { DONE, FakeUpstream } from './fake-upstream.ts';
import {
  ACCEPT,
  asking,
  askedIn,
  asPrincipal,
  BOB,
  buildGate,
  EVERYTHING,
  FORM,
  resultOf,
  retrying,
  toolCall,
  type GateFixture,
} from './gate-fixture.ts';

const ASK: RoleSpec = {
  name: 'eng',
  line: 1,
  allow: [{ patterns: ['box:*'], line: 1 }],
  ask: [{ patterns: ['box:dig'], line: 2 }],
  deny: [],
};
const YES: JsonObject = { action: 'accept', content: { approve: true } };
const NO: JsonObject = { action: 'accept', content: { approve: false } };

async function build(upstream = new FakeUpstream('handshake', () => DONE), approvals = {}) {
  return await buildGate(upstream, { role: ASK, approvals });
}

function retry(
  state: string,
  answer: JsonObject | undefined,
  more: Partial<GateRequest> = {},
  args: JsonObject = { depth: 3 },
) {
  const responses = answer === undefined ? {} : { approval: answer };
  return toolCall({ client: retrying(EVERYTHING, { state, responses }), ...more }, args);
}

async function begin({ gate }: GateFixture): Promise<string> {
  return askedIn(await gate.call(toolCall({ client: retrying() }, { depth: 3 }))).state;
}

function codeOf(reply: GateReply): string {
  return reply.ok ? 'ok' : reply.code;
}

describe('approval by a modern client', () => {
  it('shows the exact call, runs it when its user says yes, and records both', async () => {
    const upstream = new FakeUpstream('handshake', () => DONE);
    await using fixture = await build(upstream);
    const first = await fixture.gate.call(toolCall({ client: retrying() }, { depth: 3 }));
    const { requests, state } = askedIn(first);
    expect(requests['approval']).toMatchObject({
      method: 'elicitation/create',
      params: { message: expect.stringContaining('"depth": 3'), _meta: { 'smcp/approval': 'apr-1' } },
    });
    expect(upstream.arrived).toEqual([]);
    expect(resultOf(await fixture.gate.call(retry(state, YES)))).toEqual(DONE);
    expect(fixture.entries).toMatchObject([
      { type: 'refusal', code: 'APPROVAL_ASKED', approval: 'apr-1', decision: { effect: 'ask' } },
      { type: 'call', continues: 'call-1', approval: 'apr-1', decision: { effect: 'ask' } },
      { type: 'outcome', outcome: 'ok' },
    ]);
  });

  it.each([
    ['says no', NO, 'NOT_APPROVED'],
    ['declines', { action: 'decline' }, 'NOT_APPROVED'],
    ['dismisses the question', { action: 'cancel' }, 'NOT_APPROVED'],
    ['answers something else', { action: 'accept', content: { approve: 'yes' } }, 'NOT_APPROVED'],
    ['answers nothing of use', { yes: true }, 'NOT_APPROVED'],
  ] as [string, JsonObject, string][])('does not run when the user %s', async (_what, answer, code) => {
    const upstream = new FakeUpstream('handshake', () => DONE);
    await using fixture = await build(upstream);
    const reply = await fixture.gate.call(retry(await begin(fixture), answer));
    expect(codeOf(reply)).toBe(code);
    expect(upstream.arrived).toEqual([]);
    expect(fixture.records('refusal').at(-1)).toMatchObject({ code, approval: 'apr-1' });
  });

  it('asks again when the client comes back without an answer', async () => {
    await using fixture = await build();
    const again = askedIn(await fixture.gate.call(retry(await begin(fixture), undefined)));
    expect(again.ids).toEqual(['approval']);
    expect(codeOf(await fixture.gate.call(retry(again.state, YES)))).toBe('ok');
  });

  it.each([
    ['another argument', {}, { depth: 4 }],
    ['one argument more', {}, { depth: 3, force: true }],
    ['another principal', asPrincipal(BOB), { depth: 3 }],
  ] as [string, Partial<GateRequest>, JsonObject][])(
    'does not run with %s; the original stays usable once (A34)',
    async (_what, more, args) => {
      const upstream = new FakeUpstream('handshake', () => DONE);
      await using fixture = await build(upstream);
      const state = await begin(fixture);
      expect(codeOf(await fixture.gate.call(retry(state, YES, more, args)))).toBe('STATE_INVALID');
      expect(upstream.arrived).toEqual([]);
      expect(codeOf(await fixture.gate.call(retry(state, YES)))).toBe('ok');
      expect(codeOf(await fixture.gate.call(retry(state, YES)))).toBe('STATE_INVALID');
      expect(upstream.arrived).toHaveLength(1);
    },
  );

  it('runs one call for one approval, whatever comes at the same time (A33)', async () => {
    const upstream = new FakeUpstream('handshake', () => DONE);
    await using fixture = await build(upstream);
    const state = await begin(fixture);
    const replies = await Promise.all(
      Array.from({ length: 5 }, async () => await fixture.gate.call(retry(state, YES))),
    );
    expect(replies.map(codeOf).filter((code) => code === 'ok')).toHaveLength(1);
    expect(upstream.arrived).toHaveLength(1);
  });

  it('does not run after the question has expired', async () => {
    await using fixture = await build(undefined, { expireSeconds: 60 });
    const state = await begin(fixture);
    fixture.clock.at += 60_000;
    expect(codeOf(await fixture.gate.call(retry(state, YES)))).toBe('STATE_INVALID');
  });

  it('does not run under another policy (A34)', async () => {
    await using fixture = await build();
    const state = await begin(fixture);
    fixture.reload({ ...ASK, allow: [...ASK.allow, { patterns: ['box:x'], line: 9 }] });
    expect(codeOf(await fixture.gate.call(retry(state, YES)))).toBe('STATE_INVALID');
  });

  it('is denied when the policy meanwhile denies', async () => {
    await using fixture = await build();
    const state = await begin(fixture);
    fixture.reload({ ...ASK, deny: [{ patterns: ['box:dig'], line: 9 }] });
    expect(codeOf(await fixture.gate.call(retry(state, YES)))).toBe('DENIED');
  });

  it('is not asked for what would be refused anyway', async () => {
    const upstream = new FakeUpstream('handshake', () => DONE);
    upstream.tools = [];
    await using fixture = await build(upstream);
    expect(codeOf(await fixture.gate.call(toolCall({ client: retrying() })))).toBe('UNKNOWN');
    expect(await fixture.desk?.list()).toEqual([]);
  });
});

describe('approval by a handshake-era client', () => {
  it('asks on its session and goes on', async () => {
    await using fixture = await build();
    const client = asking(() => YES);
    expect(resultOf(await fixture.gate.call(toolCall({ client })))).toEqual(DONE);
    expect(client.asked).toMatchObject([{ method: 'elicitation/create', params: { mode: 'form' } }]);
  });

  it.each([
    ['says no', async () => NO],
    ['fails', async () => await Promise.reject(new Error('gone'))],
  ])('does not run when the client %s', async (_what, answer) => {
    const upstream = new FakeUpstream('handshake', () => DONE);
    await using fixture = await build(upstream);
    expect(codeOf(await fixture.gate.call(toolCall({ client: asking(answer) })))).toBe('NOT_APPROVED');
    expect(upstream.arrived).toEqual([]);
  });
});

describe('approval by an operator', () => {
  it.each([
    ['no client side at all', undefined],
    ['a client without elicitation', retrying({ roots: {} })],
    ['a client that shows pages only', retrying({ elicitation: { url: {} } })],
  ])('%s is told how the call can be approved, and then runs once', async (_what, client) => {
    const upstream = new FakeUpstream('handshake', () => DONE);
    await using fixture = await build(upstream);
    const refused = await fixture.gate.call(toolCall({ client }));
    expect(refused).toMatchObject({ code: 'APPROVAL_REQUIRED', message: expect.stringContaining('apr-1') });
    expect(codeOf(await fixture.gate.call(toolCall({ client })))).toBe('APPROVAL_REQUIRED');
    expect(await fixture.desk?.answer('apr-1', 'approve', { by: 'operator', user: 'root' })).toBe('ok');
    expect(codeOf(await fixture.gate.call(toolCall({ client })))).toBe('ok');
    expect(codeOf(await fixture.gate.call(toolCall({ client })))).toBe('APPROVAL_REQUIRED');
    expect(upstream.arrived).toHaveLength(1);
  });

  it('a client is not asked when only operators answer', async () => {
    await using fixture = await build(undefined, { answeredBy: ['operator'] });
    const client = asking(() => YES);
    expect(codeOf(await fixture.gate.call(toolCall({ client })))).toBe('APPROVAL_REQUIRED');
    expect(client.asked).toEqual([]);
  });

  it('lets a client that was asked go on without an answer of its own', async () => {
    await using fixture = await build();
    const state = await begin(fixture);
    await fixture.desk?.answer('apr-1', 'approve', { by: 'operator', user: 'root' });
    expect(codeOf(await fixture.gate.call(retry(state, undefined)))).toBe('ok');
  });

  it('a denial holds for those who ask again', async () => {
    await using fixture = await build();
    await fixture.gate.call(toolCall());
    await fixture.desk?.answer('apr-1', 'deny', { by: 'operator', user: 'root' });
    expect(codeOf(await fixture.gate.call(toolCall()))).toBe('NOT_APPROVED');
    const client = asking(() => YES);
    expect(codeOf(await fixture.gate.call(toolCall({ client })))).toBe('NOT_APPROVED');
    expect(client.asked).toEqual([]);
  });

  it('refuses when too many wait', async () => {
    await using fixture = await build(undefined, { maxPendingPerPrincipal: 1 });
    await fixture.gate.call(toolCall({}, { depth: 1 }));
    expect(await fixture.gate.call(toolCall({}, { depth: 2 }))).toMatchObject({
      code: 'APPROVAL_REQUIRED',
      message: expect.stringContaining('too many'),
    });
  });
});

describe('approval and questions of the server', () => {
  function modernAsker(rounds = 1): FakeUpstream {
    return new FakeUpstream('modern', ({ params }) => {
      const at = Number(params['requestState'] ?? 0);
      return at < rounds
        ? { resultType: 'input_required', inputRequests: { who: { ...FORM } }, requestState: String(at + 1) }
        : DONE;
    });
  }

  it('one approval counts for all rounds of its call', async () => {
    await using fixture = await build(modernAsker(2));
    let reply = await fixture.gate.call(retry(await begin(fixture), YES));
    for (let round = 0; round < 2; round += 1) {
      const client = retrying(EVERYTHING, { state: askedIn(reply).state, responses: { who: ACCEPT } });
      reply = await fixture.gate.call(toolCall({ client }, { depth: 3 }));
    }
    expect(resultOf(reply)).toEqual(DONE);
    expect(fixture.records('call')).toMatchObject([
      { continues: 'call-1', approval: 'apr-1' },
      { continues: 'call-2', approval: 'apr-1' },
      { continues: 'call-3', approval: 'apr-1' },
    ]);
  });

  it('a round of an approved call does not run twice (A34)', async () => {
    const upstream = modernAsker();
    await using fixture = await build(upstream);
    const { state } = askedIn(await fixture.gate.call(retry(await begin(fixture), YES)));
    const client = retrying(EVERYTHING, { state, responses: { who: ACCEPT } });
    expect(codeOf(await fixture.gate.call(toolCall({ client }, { depth: 3 })))).toBe('ok');
    expect(codeOf(await fixture.gate.call(toolCall({ client }, { depth: 3 })))).toBe('STATE_INVALID');
    expect(upstream.arrived).toHaveLength(2);
  });

  it('a round of an approved call is made where the one before was, or not at all', async () => {
    await using one = await build(modernAsker());
    const upstream = modernAsker();
    await using two = await build(upstream);
    const { state } = askedIn(await one.gate.call(retry(await begin(one), YES)));
    expect(two.gate.heldBy(state, toolCall().caller.principal)).toBe('call-2');
    const client = retrying(EVERYTHING, { state, responses: { who: ACCEPT } });
    expect(codeOf(await two.gate.call(toolCall({ client }, { depth: 3 })))).toBe('STATE_INVALID');
    expect(upstream.arrived).toEqual([]);
    expect(codeOf(await one.gate.call(toolCall({ client }, { depth: 3 })))).toBe('ok');
  });

  it('a round that needed no approval when it began needs one now', async () => {
    const upstream = modernAsker();
    await using fixture = await buildGate(upstream, { approvals: {} });
    const { state } = askedIn(await fixture.gate.call(toolCall({ client: retrying() })));
    fixture.reload(ASK);
    const client = retrying(EVERYTHING, { state, responses: { who: ACCEPT } });
    expect(codeOf(await fixture.gate.call(toolCall({ client })))).toBe('STATE_INVALID');
    expect(upstream.arrived).toHaveLength(1);
  });

  it('an approved call is parked as any other', async () => {
    const upstream = new FakeUpstream('handshake', async ({ options }) => ({
      ...DONE,
      heard: (await options.client?.ask?.(FORM, new AbortController().signal)) ?? null,
    }));
    await using fixture = await build(upstream);
    const { state, ids } = askedIn(await fixture.gate.call(retry(await begin(fixture), YES)));
    const client = retrying(EVERYTHING, { state, responses: { [ids[0] ?? '']: ACCEPT } });
    expect(resultOf(await fixture.gate.call(toolCall({ client }, { depth: 3 })))).toMatchObject({
      heard: ACCEPT,
    });
  });
});

describe('without a desk, or with one that fails', () => {
  it('what needs approval is refused', async () => {
    const upstream = new FakeUpstream('handshake', () => DONE);
    await using fixture = await buildGate(upstream, { role: ASK });
    expect(codeOf(await fixture.gate.call(toolCall({ client: asking(() => YES) })))).toBe(
      'APPROVAL_REQUIRED',
    );
    expect(upstream.arrived).toEqual([]);
  });

  it('nothing runs when the store is gone', async () => {
    const upstream = new FakeUpstream('handshake', () => DONE);
    const fixture = await build(upstream);
    await fixture[Symbol.asyncDispose]();
    expect(codeOf(await fixture.gate.call(toolCall({ client: asking(() => YES) })))).toBe('UNAVAILABLE');
    expect(upstream.arrived).toEqual([]);
  });

  it('a tool that needs approval is listed', async () => {
    await using fixture = await build();
    const { principal } = toolCall().caller;
    expect(fixture.gate.isVisible(principal, { kind: 'tool', server: 'box', name: 'dig' })).toBe(true);
  });
});
