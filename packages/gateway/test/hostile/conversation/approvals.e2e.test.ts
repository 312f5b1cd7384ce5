import { describe, expect, it } from 'vitest';
import { openOperatorDesk } from '../../../src/approval/index.ts';
import type { GatewayFixture } from '../../helpers/gateway-fixture.ts';
import { asksFor, changed, stateOf, textOf, type Answered } from './come-back.ts';
import { CAPABLE, openConversationStage, type ConversationStage, type Person } from './conversation-stage.ts';

const YES = { approval: { action: 'accept', content: { approve: true } } };
const STATE_INVALID = { code: -32_602, message: 'The requestState is not valid for this request' };
const PAY = { to: 'bob', amount: 10 };
/** Can be asked for nothing. */
const SILENT = { capabilities: {} };

function pays({ talking }: ConversationStage): number {
  return talking.arrived().filter((one) => one === 'tools/call pay').length;
}

interface Attempt {
  readonly who?: Person;
  readonly name?: string;
  readonly args?: object;
  readonly [member: string]: unknown;
}

async function pay(
  stage: ConversationStage,
  { who = 'alice', name = 'pay', args = PAY, ...rest }: Attempt = {},
): Promise<Answered> {
  return await stage.modern(who).request('tools/call', { name, arguments: args, ...rest }, CAPABLE);
}

function operatorDesk({ foundation }: GatewayFixture): ReturnType<typeof openOperatorDesk> {
  return openOperatorDesk(foundation.store.approvals, Date.now);
}

describe('the approval of a call, asked of the client', () => {
  it.each<[string, Attempt]>([
    ['another amount', { args: { ...PAY, amount: 1000 } }],
    ['an argument more', { args: { ...PAY, cc: 'eve' } }],
    ['an argument less', { args: { to: 'bob' } }],
    ['another tool', { name: 'claim', args: { claim: 'x' } }],
    ['another principal', { who: 'bob' }],
  ])('does not cover %s; the original runs once (A34)', async (_what, other) => {
    await using stage = await openConversationStage();
    const asked = await pay(stage);
    expect(asksFor(asked)).toEqual(['approval']);
    const back = { requestState: stateOf(asked), inputResponses: YES };
    expect((await pay(stage, { ...other, ...back })).error).toMatchObject(STATE_INVALID);
    expect(stage.talking.arrived()).toEqual([]);
    expect(textOf(await pay(stage, back))).toBe('pay done');
    expect((await pay(stage, back)).error).toMatchObject({ code: -32_602 });
    expect(pays(stage)).toBe(1);
  });

  it('is no approval without the question, whatever the client says (A18) (A34)', async () => {
    await using stage = await openConversationStage();
    for (const more of [
      { inputResponses: YES },
      { inputResponses: { ...YES, 'smcp/approval': YES.approval } },
      { approved: true, approval: 'apr-1' },
    ]) {
      expect(asksFor(await pay(stage, more))).toEqual(['approval']);
    }
    const state = stateOf(await pay(stage));
    for (const requestState of [changed(state), 'approved', '']) {
      expect((await pay(stage, { requestState, inputResponses: YES })).error).toMatchObject(STATE_INVALID);
    }
    for (const answer of [
      { action: 'accept' },
      { action: 'accept', content: {} },
      { action: 'accept', content: { approve: 'true' } },
      { action: 'ACCEPT', content: { approve: true } },
      { action: 'cancel', content: { approve: true } },
      { approve: true },
    ]) {
      const back = { requestState: state, inputResponses: { approval: answer } };
      expect((await pay(stage, back)).error).toBeDefined();
    }
    expect(pays(stage)).toBe(0);
  });

  it('is not what a server says in its results (A18)', async () => {
    await using stage = await openConversationStage();
    await pay(stage);
    const [open] = await operatorDesk(stage.fixture).list();
    const { result } = await pay(stage, { name: 'claim', args: { claim: open?.id } });
    expect(JSON.stringify(result)).toContain(open?.id);
    expect(asksFor(await pay(stage))).toEqual(['approval']);
    expect(await operatorDesk(stage.fixture).list()).toMatchObject([{ id: open?.id, status: 'pending' }]);
    expect(pays(stage)).toBe(0);
  });

  it('cannot be asked for by a server that poses as the gateway (A18)', async () => {
    await using stage = await openConversationStage();
    const { result } = await pay(stage, { name: 'ask', args: {} });
    const [question] = Object.values(result?.['inputRequests'] ?? {}) as readonly {
      readonly params: { readonly _meta: object };
    }[];
    expect(question?.params._meta).toEqual({ 'smcp/server': 'talking' });
  });

  it('is not put into a session by somebody else, and covers no second call (A33) (A51) (A80)', async () => {
    await using stage = await openConversationStage();
    const alice = await stage.session('alice', 'talking', {});
    const refused = await alice.callTool('pay', PAY);
    expect(refused.error).toMatchObject({ code: 40_303 });
    const [open] = await operatorDesk(stage.fixture).list();
    const bob = await stage.session('bob', 'talking');
    const answer = { jsonrpc: '2.0', id: open?.id, result: YES.approval };
    for (const one of [bob, alice]) {
      expect((await one.post(answer)).status).toBe(202);
    }
    expect((await alice.callTool('pay', PAY)).error).toMatchObject({ code: 40_303 });
    expect(pays(stage)).toBe(0);
  });

  it('does not outlive its question (A34)', async () => {
    await using stage = await openConversationStage({ approvals: { expire_seconds: 1 } });
    const back = { requestState: stateOf(await pay(stage)), inputResponses: YES };
    await expect.poll(async () => await operatorDesk(stage.fixture).list(), { timeout: 5000 }).toEqual([]);
    expect((await pay(stage, back)).error).toMatchObject({ code: -32_602 });
    expect(pays(stage)).toBe(0);
  });

  it('does not count under another policy (A34)', async () => {
    await using stage = await openConversationStage();
    const back = { requestState: stateOf(await pay(stage)), inputResponses: YES };
    const eng = { allow: ['talking:*', 'old:ask_*'], ask: ['talking:pay'] };
    await stage.fixture.write(stage.config({ roles: { eng } }));
    await stage.fixture.gateway.reload();
    expect((await pay(stage, back)).error).toMatchObject({ code: -32_602 });
    expect(pays(stage)).toBe(0);
  });

  it('does not count when the policy meanwhile denies (A34)', async () => {
    await using stage = await openConversationStage();
    const back = { requestState: stateOf(await pay(stage)), inputResponses: YES };
    const eng = { allow: ['talking:*'], deny: ['talking:pay'] };
    await stage.fixture.write(stage.config({ roles: { eng } }));
    await stage.fixture.gateway.reload();
    expect((await pay(stage, back)).error).toMatchObject({ code: -32_602, message: 'Unknown tool: pay' });
    expect(pays(stage)).toBe(0);
  });
});

describe('the approval of a call, given by an operator', () => {
  async function approve({ fixture }: ConversationStage): Promise<void> {
    const desk = operatorDesk(fixture);
    for (const { id } of await desk.list()) {
      expect(await desk.answer(id, 'approve', { by: 'operator', user: 'dana' })).toBe('ok');
    }
  }

  it('covers the call of its principal, and once (A33) (A34)', async () => {
    await using stage = await openConversationStage();
    const ask = async (who: Person, args: object): Promise<Answered> =>
      await stage.modern(who).callTool('pay', { ...args }, SILENT);
    expect((await ask('alice', PAY)).error).toMatchObject({ code: 40_303 });
    await approve(stage);
    for (const [who, args] of [
      ['bob', PAY],
      ['alice', { ...PAY, amount: 11 }],
    ] as const) {
      expect((await ask(who, args)).error).toMatchObject({ code: 40_303 });
    }
    expect(pays(stage)).toBe(0);
    const many = await Promise.all(Array.from({ length: 5 }, async () => await ask('alice', PAY)));
    expect(many.filter(({ result }) => result !== undefined)).toHaveLength(1);
    expect((await ask('alice', PAY)).error).toMatchObject({ code: 40_303 });
    expect(pays(stage)).toBe(1);
  });

  it('covers the session in which it was asked for, and no other of the same principal (A34)', async () => {
    await using stage = await openConversationStage();
    const first = await stage.session('alice', 'talking', {});
    const second = await stage.session('alice', 'talking', {});
    expect((await first.callTool('pay', PAY)).error).toMatchObject({ code: 40_303 });
    await approve(stage);
    expect((await second.callTool('pay', PAY)).error).toMatchObject({ code: 40_303 });
    expect(pays(stage)).toBe(0);
    expect(textOf(await first.callTool('pay', PAY))).toBe('pay done');
  });

  it('is not worn out of anybody: a denial holds, and few questions may be open (A33)', async () => {
    await using stage = await openConversationStage({ approvals: { max_pending_per_principal: 3 } });
    const ask = async (amount: number, who: Person = 'alice'): Promise<unknown> =>
      (await stage.modern(who).callTool('pay', { ...PAY, amount }, SILENT)).error;
    await ask(1);
    const [open] = await operatorDesk(stage.fixture).list();
    await operatorDesk(stage.fixture).answer(open?.id ?? '', 'deny', { by: 'operator', user: 'dana' });
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(await ask(1)).toMatchObject({
        code: 40_301,
        message: expect.stringContaining('do not repeat') as unknown,
      });
    }
    for (const amount of [2, 3, 4]) await ask(amount);
    for (const amount of [5, 6]) {
      expect(await ask(amount)).toMatchObject({
        code: 40_303,
        message: expect.stringContaining('too many calls wait') as unknown,
      });
    }
    expect(await operatorDesk(stage.fixture).list()).toHaveLength(3);
    expect(await ask(7, 'bob')).toMatchObject({
      message: expect.stringContaining('smcp approvals approve') as unknown,
    });
    expect(pays(stage)).toBe(0);
  });

  it('cannot be told from one for another call: everything invisible is spelt out (A34)', async () => {
    await using stage = await openConversationStage();
    const { result } = await pay(stage, { args: { to: 'b\u202eob\u200b', note: 'x\nTool: harmless' } });
    const [question] = Object.values(result?.['inputRequests'] ?? {}) as readonly {
      params: { message: string };
    }[];
    expect(question?.params.message).toContain(String.raw`\u{202e}`);
    expect(question?.params.message).toContain(String.raw`\u{200b}`);
    expect(question?.params.message).not.toMatch(/^\s*Tool: harmless/m);
  });
});
