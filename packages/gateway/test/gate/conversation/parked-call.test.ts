import { describe, expect, it } from 'vitest';
import { compilePatternSet } from '@smcp/policy';
import type { InputRequest, InputResponses, JsonObject } from '@smcp/protocol';
import type { GateReply, GateRequest } from '../../../src/gate/index.ts';
import { DONE, FakeUpstream } from '../fake-upstream.ts';
import {
  ACCEPT,
  ALICE,
  askedIn,
  asPrincipal,
  BOB,
  buildGate,
  EVERYTHING,
  FORM,
  resultOf,
  retrying,
  ROOTS,
  toolCall,
  type GateFixture,
} from '../gate-fixture.ts';

/** A handshake-era tool that asks each of these one after the other, then says what it heard. */
function asker(questions: readonly InputRequest[]): FakeUpstream {
  return new FakeUpstream('handshake', async ({ options }) => {
    const heard: JsonObject[] = [];
    for (const question of questions) {
      heard.push((await options.client?.ask?.(question, new AbortController().signal)) ?? {});
    }
    return { ...DONE, heard };
  });
}

function retry(
  state: string,
  responses: InputResponses,
  more: Partial<GateRequest> = {},
  args: JsonObject = {},
) {
  return toolCall({ client: retrying(EVERYTHING, { state, responses }), ...more }, args);
}

async function begin({ gate }: GateFixture): Promise<{ readonly state: string; readonly id: string }> {
  const { state, ids } = askedIn(await gate.call(toolCall({ client: retrying() })));
  return { state, id: ids[0] ?? '' };
}

function codeOf(reply: GateReply): string {
  return reply.ok ? 'ok' : reply.code;
}

describe('a parked call', () => {
  it('goes on over several rounds', async () => {
    const upstream = asker([FORM, ROOTS, FORM]);
    await using fixture = await buildGate(upstream);
    const first = await begin(fixture);
    const second = askedIn(await fixture.gate.call(retry(first.state, { [first.id]: ACCEPT })));
    expect(Object.values(second.requests).map(({ method }) => method)).toEqual(['roots/list']);
    const third = askedIn(
      await fixture.gate.call(retry(second.state, { [second.ids[0] ?? '']: { roots: [] } })),
    );
    const reply = await fixture.gate.call(
      retry(third.state, { [third.ids[0] ?? '']: { action: 'decline' } }),
    );
    expect(resultOf(reply)).toMatchObject({ heard: [ACCEPT, { roots: [] }, { action: 'decline' }] });
    expect(upstream.arrived).toHaveLength(1);
    expect(fixture.records('outcome')).toMatchObject([
      { questions: { 'elicitation/create': { accept: 1, decline: 1 }, 'roots/list': { answered: 1 } } },
    ]);
  });

  it('asks again for what was not answered', async () => {
    const upstream = new FakeUpstream('handshake', async ({ options }) => {
      const { signal } = new AbortController();
      const heard = await Promise.all([
        options.client?.ask?.(FORM, signal),
        options.client?.ask?.(ROOTS, signal),
      ]);
      return { ...DONE, heard: heard.map((answer) => answer ?? null) };
    });
    await using fixture = await buildGate(upstream);
    const first = askedIn(await fixture.gate.call(toolCall({ client: retrying() })));
    expect(first.ids).toHaveLength(2);
    const none = askedIn(await fixture.gate.call(retry(first.state, {})));
    expect(none.ids).toEqual(first.ids);
    const some = askedIn(await fixture.gate.call(retry(none.state, { [first.ids[0] ?? '']: ACCEPT })));
    expect(some.ids).toEqual(first.ids.slice(1));
    const reply = await fixture.gate.call(retry(some.state, { [some.ids[0] ?? '']: { roots: [] } }));
    expect(resultOf(reply)).toMatchObject({ heard: [ACCEPT, { roots: [] }] });
  });

  it('calls a question by the name that its server gives it, once, and never by one of ours', async () => {
    const named = (name: unknown): InputRequest => ({
      ...FORM,
      params: { ...FORM.params, _meta: { 'smcp/input-key': name as string } },
    });
    const upstream = asker([named('user_name'), named('user_name'), named('q7'), named('x'.repeat(129))]);
    await using fixture = await buildGate(upstream);
    let { state, ids } = askedIn(await fixture.gate.call(toolCall({ client: retrying() })));
    const seen = [...ids];
    for (let n = 0; n < 3; n += 1) {
      ({ state, ids } = askedIn(await fixture.gate.call(retry(state, { [ids[0] ?? '']: ACCEPT }))));
      seen.push(...ids);
    }
    expect(seen).toEqual(['user_name', 'q2', 'q3', 'q4']);
  });

  it('is answered at once where the client sent the answer to a named question before it was asked', async () => {
    const named = { ...FORM, params: { ...FORM.params, _meta: { 'smcp/input-key': 'user_name' } } };
    const upstream = asker([named]);
    await using fixture = await buildGate(upstream);
    const good = { state: undefined, responses: { user_name: ACCEPT, other: { action: 'decline' } } };
    const reply = await fixture.gate.call(toolCall({ client: retrying(EVERYTHING, good) }));
    expect(resultOf(reply)).toMatchObject({ heard: [ACCEPT] });
    const bad = { state: undefined, responses: { user_name: { action: 'perhaps' } } };
    const asked = askedIn(await fixture.gate.call(toolCall({ client: retrying(EVERYTHING, bad) })));
    expect(asked.ids).toEqual(['user_name']);
  });

  it('takes each answer once, also when the client sends an old one again', async () => {
    const upstream = asker([FORM, ROOTS]);
    await using fixture = await buildGate(upstream);
    const first = await begin(fixture);
    await fixture.gate.call(retry(first.state, { [first.id]: ACCEPT }));
    const again = askedIn(await fixture.gate.call(retry(first.state, { [first.id]: { action: 'decline' } })));
    const reply = await fixture.gate.call(retry(again.state, { [again.ids[0] ?? '']: { roots: [] } }));
    expect(resultOf(reply)).toMatchObject({ heard: [ACCEPT, { roots: [] }] });
    expect(codeOf(await fixture.gate.call(retry(again.state, {})))).toBe('STATE_INVALID');
    expect(upstream.arrived).toHaveLength(1);
  });

  it('is awaited by one request at a time', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const upstream = new FakeUpstream('handshake', async ({ options }) => {
      const heard = await options.client?.ask?.(FORM, new AbortController().signal);
      await promise;
      return { ...DONE, heard: heard ?? null };
    });
    await using fixture = await buildGate(upstream);
    const { state, id } = await begin(fixture);
    const one = fixture.gate.call(retry(state, { [id]: ACCEPT }));
    const two = await fixture.gate.call(retry(state, { [id]: { action: 'decline' } }));
    expect(codeOf(two)).toBe('STATE_INVALID');
    resolve(undefined);
    expect(resultOf(await one)).toMatchObject({ heard: ACCEPT });
    expect(upstream.arrived).toHaveLength(1);
  });

  it('refuses an answer that is none, and stays open for a better one', async () => {
    await using fixture = await buildGate(asker([FORM]));
    const { state, id } = await begin(fixture);
    for (const wrong of [{}, { action: 'yes' }, { action: 'accept', content: [] }]) {
      expect(codeOf(await fixture.gate.call(retry(state, { [id]: wrong })))).toBe('STATE_INVALID');
    }
    expect(resultOf(await fixture.gate.call(retry(state, { [id]: ACCEPT })))).toMatchObject({
      heard: [ACCEPT],
    });
  });

  it.each([
    ['another principal (A51)', asPrincipal(BOB), {}],
    ['another tenant (A53)', asPrincipal({ ...BOB, id: 'key:alice', tenant: 'other' }), {}],
    [
      'the same principal on behalf of somebody (A36)',
      asPrincipal({
        ...ALICE,
        delegation: {
          grants: [{ delegator: 'key:bob', roles: ['eng'], scope: compilePatternSet(['box:*']) }],
        },
      }),
      {},
    ],
    ['another argument (A34)', {}, { depth: 2 }],
    ['another tool (A34)', { action: { kind: 'tool', server: 'box', name: 'fill' } }, {}],
    ['another method', { method: 'prompts/get', action: { kind: 'prompt', server: 'box', name: 'dig' } }, {}],
  ] as [string, Partial<GateRequest>, JsonObject][])('does not go on for %s', async (_what, more, args) => {
    const upstream = asker([FORM]);
    upstream.tools = [{ name: 'dig' }, { name: 'fill' }];
    await using fixture = await buildGate(upstream);
    const { state, id } = await begin(fixture);
    const reply = await fixture.gate.call(retry(state, { [id]: ACCEPT }, more, args));
    expect(reply).toMatchObject({
      ok: false,
      code: 'STATE_INVALID',
      message: 'The requestState is not valid for this request',
    });
    expect(fixture.records('refusal')).toMatchObject([{ code: 'STATE_INVALID' }]);
    expect(fixture.gate.parkedCalls).toBe(1);
    expect(upstream.arrived).toHaveLength(1);
  });

  it.each([
    ['tampered with', (state: string) => `${state}-TAMPERED`],
    ['made up', () => 'eyJraW5kIjoicGFya2VkIn0'],
    ['empty', () => ''],
    ['endless', () => 'A'.repeat(200_000)],
  ])('does not go on with a state that is %s', async (_what, change) => {
    await using fixture = await buildGate(asker([FORM]));
    const { state, id } = await begin(fixture);
    const reply = await fixture.gate.call(retry(change(state), { [id]: ACCEPT }));
    expect(codeOf(reply)).toBe('STATE_INVALID');
  });

  it('does not go on in another gateway, nor after the call is over', async () => {
    await using one = await buildGate(asker([FORM]));
    await using two = await buildGate(asker([FORM]));
    const { state, id } = await begin(one);
    expect(codeOf(await two.gate.call(retry(state, { [id]: ACCEPT })))).toBe('STATE_INVALID');
    expect(codeOf(await one.gate.call(retry(state, { [id]: ACCEPT })))).toBe('ok');
    expect(codeOf(await one.gate.call(retry(state, { [id]: ACCEPT })))).toBe('STATE_INVALID');
  });

  it('is given up when the policy no longer allows it', async () => {
    const upstream = asker([FORM]);
    await using fixture = await buildGate(upstream);
    const { state, id } = await begin(fixture);
    fixture.reload({ name: 'eng', line: 1, allow: [], deny: [{ patterns: ['box:*'], line: 1 }] });
    expect(codeOf(await fixture.gate.call(retry(state, { [id]: ACCEPT })))).toBe('DENIED');
    expect(fixture.gate.parkedCalls).toBe(0);
    expect(upstream.arrived[0]?.options.signal?.aborted).toBe(true);
  });

  it('is given up when nobody comes back in time, and that is recorded', async () => {
    const upstream = asker([FORM]);
    await using fixture = await buildGate(upstream, { conversation: { askTimeoutMs: 30 } });
    const { state, id } = await begin(fixture);
    await expect.poll(() => fixture.records('outcome').length).toBe(1);
    expect(fixture.records('outcome')).toMatchObject([
      { outcome: 'cancelled', error: 'The client did not come back with answers in time' },
    ]);
    expect(fixture.gate.parkedCalls).toBe(0);
    expect(codeOf(await fixture.gate.call(retry(state, { [id]: ACCEPT })))).toBe('STATE_INVALID');
  });

  it('ends upstream when the client goes away while it waits', async () => {
    const upstream = new FakeUpstream('handshake', async ({ options }) => {
      await options.client?.ask?.(FORM, new AbortController().signal);
      return await new Promise<never>(() => {});
    });
    await using fixture = await buildGate(upstream);
    const { state, id } = await begin(fixture);
    const client = new AbortController();
    const waiting = fixture.gate.call(retry(state, { [id]: ACCEPT }, { signal: client.signal }));
    client.abort();
    expect(codeOf(await waiting)).toBe('CANCELLED');
    expect(upstream.arrived[0]?.options.signal?.aborted).toBe(true);
    expect(fixture.records('outcome')).toMatchObject([{ outcome: 'cancelled' }]);
    expect(fixture.gate.parkedCalls).toBe(0);
  });

  it('ends upstream when the client goes away before anything was asked', async () => {
    const upstream = new FakeUpstream('handshake', async () => await new Promise<never>(() => {}));
    await using fixture = await buildGate(upstream);
    const client = new AbortController();
    const waiting = fixture.gate.call(toolCall({ client: retrying(), signal: client.signal }));
    await expect.poll(() => upstream.arrived.length).toBe(1);
    client.abort();
    expect(codeOf(await waiting)).toBe('CANCELLED');
  });

  it('outlives the request that began it', async () => {
    const upstream = asker([FORM]);
    await using fixture = await buildGate(upstream);
    const client = new AbortController();
    const { state, ids } = askedIn(
      await fixture.gate.call(toolCall({ client: retrying(), signal: client.signal })),
    );
    client.abort();
    expect(codeOf(await fixture.gate.call(retry(state, { [ids[0] ?? '']: ACCEPT })))).toBe('ok');
  });

  it('keeps what it ended with for a client that is away', async () => {
    const withdrawn = new AbortController();
    const upstream = new FakeUpstream('handshake', async ({ options }) => {
      await options.client?.ask?.(FORM, withdrawn.signal).catch(() => undefined);
      return DONE;
    });
    await using fixture = await buildGate(upstream);
    const { state, id } = await begin(fixture);
    withdrawn.abort();
    await expect.poll(() => fixture.records('outcome').length).toBe(1);
    expect(resultOf(await fixture.gate.call(retry(state, { [id]: ACCEPT })))).toEqual(DONE);
    expect(fixture.gate.parkedCalls).toBe(0);
  });

  it('holds its slot until it has ended', async () => {
    const upstream = asker([FORM]);
    await using fixture = await buildGate(upstream, { server: { limits: { concurrency: 1 } } });
    const { state, id } = await begin(fixture);
    expect(codeOf(await fixture.gate.call(toolCall()))).toBe('RATE_LIMITED');
    expect(codeOf(await fixture.gate.call(retry(state, { [id]: ACCEPT })))).toBe('ok');
    upstream.answer = () => DONE;
    expect(codeOf(await fixture.gate.call(toolCall()))).toBe('ok');
  });

  it('finds no room beyond the bounds, and the server gets no answer then', async () => {
    const upstream = new FakeUpstream('handshake', async ({ options }) => ({
      ...DONE,
      heard: (await options.client?.ask?.(FORM, new AbortController().signal)) ?? null,
    }));
    await using fixture = await buildGate(upstream, {
      conversation: { maxParkedPerPrincipal: 2, maxParked: 3 },
    });
    const call = async (who: Partial<GateRequest>) =>
      await fixture.gate.call(toolCall({ client: retrying(), ...who }));
    expect(askedIn(await call({})).ids).toHaveLength(1);
    expect(askedIn(await call({})).ids).toHaveLength(1);
    expect(resultOf(await call({}))).toMatchObject({ heard: { action: 'cancel' } });
    expect(askedIn(await call(asPrincipal(BOB))).ids).toHaveLength(1);
    expect(resultOf(await call(asPrincipal(BOB)))).toMatchObject({ heard: { action: 'cancel' } });
    expect(fixture.gate.parkedCalls).toBe(3);
  });

  it('ends with its gate', async () => {
    const upstream = asker([FORM]);
    const fixture = await buildGate(upstream);
    await begin(fixture);
    await fixture[Symbol.asyncDispose]();
    expect(upstream.arrived[0]?.options.signal?.aborted).toBe(true);
  });
});

describe('Gate.heldBy()', () => {
  it('names the call that is open, also to a gate that does not have it', async () => {
    await using one = await buildGate(asker([FORM]));
    await using two = await buildGate(asker([FORM]));
    const { state } = await begin(one);
    expect(one.gate.heldBy(state, ALICE)).toBe('call-1');
    expect(two.gate.heldBy(state, ALICE)).toBe('call-1');
  });

  it('names nothing to others, and for what is no such state', async () => {
    await using fixture = await buildGate(asker([FORM]));
    const { state } = await begin(fixture);
    expect(fixture.gate.heldBy(state, BOB)).toBeUndefined();
    expect(fixture.gate.heldBy(`${state}x`, ALICE)).toBeUndefined();
    expect(fixture.gate.heldBy('', ALICE)).toBeUndefined();
    fixture.clock.at += 10 * 60_000;
    expect(fixture.gate.heldBy(state, ALICE)).toBeUndefined();
  });

  it('names nothing when any gate will do', async () => {
    const upstream = new FakeUpstream('modern', () => ({
      resultType: 'input_required',
      inputRequests: { who: { ...FORM } },
    }));
    await using fixture = await buildGate(upstream);
    const { state } = await begin(fixture);
    expect(fixture.gate.heldBy(state, ALICE)).toBeUndefined();
  });
});

describe('a call whose server waits by itself', () => {
  function upstream(): FakeUpstream {
    return new FakeUpstream('modern', ({ params }) =>
      params['inputResponses'] === undefined
        ? { resultType: 'input_required', inputRequests: { who: { ...FORM } }, requestState: 's' }
        : { ...DONE, heard: params['inputResponses'] },
    );
  }

  it('is decided, limited and recorded anew in each round', async () => {
    await using fixture = await buildGate(upstream(), { server: { limits: { rate: { calls: '2/h' } } } });
    const { state, id } = await begin(fixture);
    expect(codeOf(await fixture.gate.call(retry(state, { [id]: ACCEPT })))).toBe('ok');
    expect(codeOf(await fixture.gate.call(retry(state, { [id]: ACCEPT })))).toBe('RATE_LIMITED');
    fixture.reload({ name: 'eng', line: 1, allow: [], deny: [] });
    expect(codeOf(await fixture.gate.call(retry(state, { [id]: ACCEPT })))).toBe('DENIED');
    expect(fixture.records('call')).toHaveLength(2);
    expect(fixture.records('refusal')).toMatchObject([{ continues: 'call-1' }, { continues: 'call-1' }]);
  });

  it('goes on in another gateway with the same key', async () => {
    await using one = await buildGate(upstream());
    await using two = await buildGate(upstream());
    const { state, id } = await begin(one);
    expect(resultOf(await two.gate.call(retry(state, { [id]: ACCEPT })))).toMatchObject({
      heard: { who: ACCEPT },
    });
  });

  it('does not go on for another principal, or with other arguments (A34)', async () => {
    await using fixture = await buildGate(upstream());
    const { state, id } = await begin(fixture);
    expect(codeOf(await fixture.gate.call(retry(state, { [id]: ACCEPT }, asPrincipal(BOB))))).toBe(
      'STATE_INVALID',
    );
    expect(codeOf(await fixture.gate.call(retry(state, { [id]: ACCEPT }, {}, { depth: 1 })))).toBe(
      'STATE_INVALID',
    );
  });

  it('takes the same arguments in another writing for the same', async () => {
    await using fixture = await buildGate(upstream());
    const one = await fixture.gate.call(toolCall({ client: retrying() }, { a: 1, b: { c: [1, 'x'] } }));
    const { state, ids } = askedIn(one);
    const reply = await fixture.gate.call(
      retry(state, { [ids[0] ?? '']: ACCEPT }, {}, { b: { c: [1, 'x'] }, a: 1.0 }),
    );
    expect(codeOf(reply)).toBe('ok');
  });

  it('does not go on after its time', async () => {
    await using fixture = await buildGate(upstream());
    const { state, id } = await begin(fixture);
    fixture.clock.at += 10 * 60_000;
    expect(codeOf(await fixture.gate.call(retry(state, { [id]: ACCEPT })))).toBe('STATE_INVALID');
  });

  it('refuses an answer that is none before the server sees it', async () => {
    const server = upstream();
    await using fixture = await buildGate(server);
    const { state, id } = await begin(fixture);
    expect(codeOf(await fixture.gate.call(retry(state, { [id]: { action: 'maybe' } })))).toBe(
      'STATE_INVALID',
    );
    expect(server.arrived).toHaveLength(1);
  });

  it('gives the server only what it asked for', async () => {
    await using fixture = await buildGate(upstream());
    const { state } = await begin(fixture);
    const reply = await fixture.gate.call(retry(state, { other: ACCEPT, __proto__: ACCEPT }));
    expect(resultOf(reply)).toMatchObject({ heard: {} });
  });
});
