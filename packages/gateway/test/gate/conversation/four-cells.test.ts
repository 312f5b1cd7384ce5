import { describe, expect, it } from 'vitest';
import { isJsonObject, type JsonObject } from '@smcp/protocol';
import type { GateReply } from '../../../src/gate/index.ts';
import { DONE, FakeUpstream, type Arrived } from '../fake-upstream.ts';
import {
  ACCEPT,
  asking,
  askedIn,
  buildGate,
  EVERYTHING,
  FORM,
  NO_ROOTS,
  resultOf,
  retrying,
  ROOTS,
  toolCall,
} from '../gate-fixture.ts';

/** A modern tool that wants a form and roots, then says what it was answered. */
function modernAsker(): FakeUpstream {
  return new FakeUpstream('modern', ({ params }) =>
    params['inputResponses'] === undefined
      ? {
          resultType: 'input_required',
          inputRequests: { who: { ...FORM }, where: { ...ROOTS } },
          requestState: 'S"1',
        }
      : {
          resultType: 'complete',
          ...DONE,
          heard: params['inputResponses'],
          state: params['requestState'] ?? null,
        },
  );
}

/** A handshake-era tool that asks the same in the middle of its call. */
function handshakeAsker(): FakeUpstream {
  return new FakeUpstream('handshake', async ({ options }) => {
    const { signal } = new AbortController();
    const ask = options.client?.ask;
    const [who, where] = await Promise.all([ask?.(FORM, signal), ask?.(ROOTS, signal)]);
    return { ...DONE, heard: { who: who ?? null, where: where ?? null } };
  });
}

function answerTo(method: string): JsonObject {
  return method === 'roots/list' ? NO_ROOTS : ACCEPT;
}

describe('a question in the middle of a call', () => {
  it('handshake client, handshake server: is asked at once', async () => {
    await using fixture = await buildGate(handshakeAsker());
    const client = asking(({ method }) => answerTo(method));
    const reply = await fixture.gate.call(toolCall({ client }));
    expect(resultOf(reply)).toMatchObject({ heard: { who: ACCEPT, where: NO_ROOTS } });
    expect(client.asked.map(({ method }) => method)).toEqual(['elicitation/create', 'roots/list']);
    expect(client.asked[0]?.params).toMatchObject({ _meta: { 'smcp/server': 'box' } });
    expect(fixture.records('outcome')).toMatchObject([
      { outcome: 'ok', questions: { 'elicitation/create': { accept: 1 }, 'roots/list': { answered: 1 } } },
    ]);
  });

  it('handshake client, modern server: is asked, and the call sent again with the answers', async () => {
    const upstream = modernAsker();
    await using fixture = await buildGate(upstream);
    const client = asking(({ method }) => answerTo(method));
    const reply = await fixture.gate.call(toolCall({ client }, { depth: 3 }));
    expect(resultOf(reply)).toMatchObject({ heard: { who: ACCEPT, where: NO_ROOTS }, state: 'S"1' });
    expect(upstream.arrived).toHaveLength(2);
    expect(upstream.arrived.map(({ params }) => params['arguments'])).toEqual([{ depth: 3 }, { depth: 3 }]);
    expect(fixture.records('call')).toHaveLength(1);
    expect(fixture.records('outcome')).toMatchObject([{ outcome: 'ok', rounds: 2 }]);
  });

  it('modern client, modern server: is passed on, and its answers come with the next request', async () => {
    const upstream = modernAsker();
    await using fixture = await buildGate(upstream);
    const first = askedIn(await fixture.gate.call(toolCall({ client: retrying() }, { depth: 3 })));
    expect(first.ids).toEqual(['who', 'where']);
    expect(first.requests['who']?.params).toMatchObject({
      message: 'Who are you?',
      _meta: { 'smcp/server': 'box' },
    });
    expect(first.state).not.toContain('S"1');
    const resume = { state: first.state, responses: { who: ACCEPT, where: NO_ROOTS } };
    const reply = await fixture.gate.call(toolCall({ client: retrying(EVERYTHING, resume) }, { depth: 3 }));
    expect(resultOf(reply)).toMatchObject({ heard: { who: ACCEPT, where: NO_ROOTS }, state: 'S"1' });
    expect(fixture.records('call')).toMatchObject([
      { call: 'call-1' },
      { call: 'call-2', continues: 'call-1' },
    ]);
    expect(fixture.records('outcome')).toMatchObject([
      {
        outcome: 'input_required',
        questions: { 'elicitation/create': { asked: 1 }, 'roots/list': { asked: 1 } },
      },
      { outcome: 'ok', questions: { 'elicitation/create': { accept: 1 }, 'roots/list': { answered: 1 } } },
    ]);
  });

  it('modern client, handshake server: parks the call, and the next request goes on with it', async () => {
    const upstream = handshakeAsker();
    await using fixture = await buildGate(upstream);
    const first = askedIn(await fixture.gate.call(toolCall({ client: retrying() })));
    expect(Object.values(first.requests).map(({ method }) => method)).toEqual([
      'elicitation/create',
      'roots/list',
    ]);
    expect(fixture.gate.parkedCalls).toBe(1);
    expect(fixture.records('outcome')).toEqual([]);
    const responses = Object.fromEntries(
      Object.entries(first.requests).map(([id, { method }]) => [id, answerTo(method)]),
    );
    const reply = await fixture.gate.call(
      toolCall({ client: retrying(EVERYTHING, { state: first.state, responses }) }),
    );
    expect(resultOf(reply)).toMatchObject({ heard: { who: ACCEPT, where: NO_ROOTS } });
    expect(upstream.arrived).toHaveLength(1);
    expect(fixture.gate.parkedCalls).toBe(0);
    expect(fixture.records('call')).toHaveLength(1);
    expect(fixture.records('outcome')).toMatchObject([
      { call: 'call-1', outcome: 'ok', questions: { 'elicitation/create': { accept: 1 } } },
    ]);
  });
});

describe('what travels on which hop', () => {
  it('answers and state never reach a handshake-era server', async () => {
    const upstream = new FakeUpstream('handshake', () => DONE);
    await using fixture = await buildGate(upstream);
    await fixture.gate.call(
      toolCall(
        { client: retrying(EVERYTHING, { state: undefined, responses: { who: ACCEPT } }) },
        {},
        {
          inputResponses: { who: ACCEPT },
          requestState: 'x',
          _meta: { 'io.modelcontextprotocol/clientInfo': {}, a: 1 },
        },
      ),
    );
    expect(upstream.arrived[0]?.params).toEqual({ name: 'dig', arguments: {}, _meta: { a: 1 } });
  });

  it('answers that a client sends before anything was asked travel on as they are, without a state', async () => {
    const upstream = modernAsker();
    await using fixture = await buildGate(upstream);
    const resume = { state: undefined, responses: { who: ACCEPT, wrong_key: ACCEPT } };
    await fixture.gate.call(
      toolCall({ client: retrying(EVERYTHING, resume) }, {}, { inputResponses: resume.responses }),
    );
    expect(upstream.arrived[0]?.params['inputResponses']).toEqual(resume.responses);
    expect(upstream.arrived[0]?.params['requestState']).toBeUndefined();
  });

  it('no state is sent to a server that gave none', async () => {
    const upstream = new FakeUpstream('modern', ({ params }) =>
      params['inputResponses'] === undefined
        ? { resultType: 'input_required', inputRequests: { who: { ...FORM } } }
        : { ...DONE, had: Object.keys(params) },
    );
    await using fixture = await buildGate(upstream);
    const { state } = askedIn(await fixture.gate.call(toolCall({ client: retrying() })));
    const resume = { state, responses: { who: ACCEPT } };
    const reply = await fixture.gate.call(toolCall({ client: retrying(EVERYTHING, resume) }));
    expect(resultOf(reply)['had']).not.toContain('requestState');
  });

  it('a server that gives a state alone is sent it back', async () => {
    const upstream = new FakeUpstream('modern', ({ params }) =>
      params['requestState'] === undefined ? { resultType: 'input_required', requestState: 'later' } : DONE,
    );
    await using fixture = await buildGate(upstream);
    const { state, ids } = askedIn(await fixture.gate.call(toolCall({ client: retrying() })));
    expect(ids).toEqual([]);
    const reply = await fixture.gate.call(
      toolCall({ client: retrying(EVERYTHING, { state, responses: {} }) }),
    );
    expect(resultOf(reply)).toEqual(DONE);
    const other = await fixture.gate.call(toolCall({ client: asking(() => ACCEPT) }));
    expect(resultOf(other)).toEqual(DONE);
  });

  it('a server learns of the client what this declared and it may ask for', async () => {
    const upstream = new FakeUpstream('modern', () => DONE);
    await using fixture = await buildGate(upstream, { server: { may_ask: ['roots'] } });
    await fixture.gate.call(toolCall({ client: retrying() }));
    await fixture.gate.call(toolCall());
    expect(upstream.arrived.map(capabilitiesIn)).toEqual([{ roots: {} }, {}]);
  });

  it('sampling is off unless the operator says otherwise (A20)', async () => {
    const upstream = new FakeUpstream('modern', () => DONE);
    await using fixture = await buildGate(upstream);
    await fixture.gate.call(toolCall({ client: retrying() }));
    expect(capabilitiesIn(upstream.arrived[0])).toEqual({ elicitation: { form: {}, url: {} }, roots: {} });
  });

  it('a call of each client is asked about by itself', async () => {
    const upstream = new FakeUpstream('handshake', () => DONE);
    await using fixture = await buildGate(upstream);
    const session = { principal: toolCall().caller.principal, session: 'ses-1', credential: () => undefined };
    const client = asking(() => ACCEPT);
    await fixture.gate.call(toolCall({ client, caller: session }));
    await fixture.gate.call(toolCall({ client, caller: session }));
    await fixture.gate.call(toolCall({ client, caller: { ...session, session: 'ses-2' } }));
    await fixture.gate.call(toolCall({ client: retrying() }));
    await fixture.gate.call(toolCall({ client: retrying() }));
    const askers = upstream.arrived.map(({ options }) => options.client?.asker);
    expect(askers[0]).toBe(askers[1]);
    expect(new Set(askers).size).toBe(4);
  });

  it('progress comes under the token of the request that waits', async () => {
    const heard: unknown[] = [];
    const upstream = new FakeUpstream('handshake', async ({ options }) => {
      options.onNotification?.('notifications/progress', { progressToken: 1, progress: 1 });
      await options.client?.ask?.(FORM, new AbortController().signal);
      options.onNotification?.('notifications/progress', { progressToken: 1, progress: 2 });
      return DONE;
    });
    await using fixture = await buildGate(upstream);
    const withToken = (progressToken: string) => ({ _meta: { progressToken } });
    const onNotification = (_method: string, params: JsonObject): void => {
      heard.push([params['progressToken'], params['progress']]);
    };
    const { state, ids } = askedIn(
      await fixture.gate.call(toolCall({ client: retrying(), onNotification }, {}, withToken('one'))),
    );
    const responses = { [ids[0] ?? '']: ACCEPT };
    await fixture.gate.call(
      toolCall({ client: retrying(EVERYTHING, { state, responses }), onNotification }, {}, withToken('two')),
    );
    expect(heard).toEqual([
      ['one', 1],
      ['two', 2],
    ]);
  });
});

describe('a client that cannot be asked', () => {
  it.each([
    ['says nothing of itself', undefined],
    ['declares nothing', retrying({})],
    ['declares something else', retrying({ roots: {} })],
    ['is of the handshake era and declares nothing', asking(() => ACCEPT, {})],
  ])('is told what is missing when it %s', async (_what, client) => {
    const upstream = new FakeUpstream('modern', () => ({
      resultType: 'input_required',
      inputRequests: { who: { ...FORM } },
    }));
    await using fixture = await buildGate(upstream);
    expect(await fixture.gate.call(toolCall({ client }))).toMatchObject({
      ok: false,
      code: 'CAPABILITY_MISSING',
      required: { elicitation: { form: {} } },
    });
    expect(fixture.records('outcome')).toMatchObject([
      { questions: { 'elicitation/create': { refused: 1 } } },
    ]);
  });

  it('leaves a handshake-era server with an error to its question', async () => {
    const seen: unknown[] = [];
    const upstream = new FakeUpstream('handshake', ({ options }) => {
      seen.push(options.client?.ask);
      return DONE;
    });
    await using fixture = await buildGate(upstream);
    await fixture.gate.call(toolCall());
    await fixture.gate.call(toolCall({ client: retrying({}) }));
    expect(seen).toEqual([undefined, undefined]);
  });

  it('is not asked what the operator forbids, and only the log says why', async () => {
    const upstream = new FakeUpstream('modern', () => ({
      resultType: 'input_required',
      inputRequests: { who: { ...FORM } },
    }));
    await using fixture = await buildGate(upstream, { server: { may_ask: [] } });
    const reply = await fixture.gate.call(toolCall({ client: retrying() }));
    expect(reply).toMatchObject({ ok: false, code: 'RESULT_INVALID' });
    expect(JSON.stringify(reply)).not.toContain('may_ask');
    expect(fixture.logged.join('\n')).toContain('may_ask');
  });
});

describe('answers that are no result for this client', () => {
  it.each([
    ['a kind that nobody asked for', { resultType: 'partial' }],
    ['a kind that is no text', { resultType: 5 }],
    ['a task for a client that knows none', { resultType: 'task', taskId: 't-1', status: 'working' }],
    ['questions that are none', { resultType: 'input_required', inputRequests: { a: { method: 'ping' } } }],
    ['questions in a list', { resultType: 'input_required', inputRequests: [FORM] }],
    ['neither questions nor a state', { resultType: 'input_required' }],
    ['a state that is no text', { resultType: 'input_required', requestState: { a: 1 } }],
    [
      'more questions than anybody answers',
      {
        resultType: 'input_required',
        inputRequests: Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`q${n}`, ROOTS])),
      },
    ],
    ['a state that is too large', { resultType: 'input_required', requestState: 'x'.repeat(70_000) }],
  ] as [string, JsonObject][])('are refused: %s (A82)', async (_what, result) => {
    await using fixture = await buildGate(new FakeUpstream('modern', () => result));
    const reply = await fixture.gate.call(toolCall({ client: retrying() }));
    expect(reply).toMatchObject({ ok: false, code: 'RESULT_INVALID' });
    expect(fixture.records('outcome')).toMatchObject([{ error: expect.stringContaining('Server "box"') }]);
  });

  it('questions are an answer to some methods only', async () => {
    const upstream = new FakeUpstream('modern', () => ({
      resultType: 'input_required',
      inputRequests: { who: { ...FORM } },
    }));
    await using fixture = await buildGate(upstream);
    const reply = await fixture.gate.call(toolCall({ client: retrying(), method: 'completion/complete' }));
    expect(reply).toMatchObject({ ok: false, code: 'RESULT_INVALID' });
  });

  it('prompts and resources may ask as tools do', async () => {
    await using fixture = await buildGate(modernAsker());
    for (const [kind, method] of [
      ['prompt', 'prompts/get'],
      ['resource', 'resources/read'],
    ] as const) {
      const action = { kind, server: 'box', name: 'dig' };
      expect(
        askedIn(await fixture.gate.call(toolCall({ client: retrying(), method, action }))).ids,
      ).toHaveLength(2);
    }
  });

  it('a server that goes on asking is given up', async () => {
    const upstream = new FakeUpstream('modern', () => ({
      resultType: 'input_required',
      inputRequests: { who: { ...FORM } },
    }));
    await using fixture = await buildGate(upstream);
    const reply = await fixture.gate.call(toolCall({ client: asking(() => ACCEPT) }));
    expect(reply).toMatchObject({ ok: false, code: 'RESULT_INVALID' });
    expect(upstream.arrived).toHaveLength(8);
    expect(fixture.records('outcome')).toMatchObject([{ rounds: 8 }]);
  });

  it('questions without an answer end the call as one that the client gave up', async () => {
    const upstream = new FakeUpstream('modern', () => ({
      resultType: 'input_required',
      inputRequests: { where: { ...ROOTS } },
    }));
    await using fixture = await buildGate(upstream);
    const client = asking(async () => await Promise.reject(new Error('no')));
    expect(await fixture.gate.call(toolCall({ client }))).toMatchObject({ ok: false, code: 'CANCELLED' });
    expect(fixture.records('outcome')).toMatchObject([{ outcome: 'cancelled' }]);
  });
});

describe('what nobody should be asked (A21)', () => {
  const SECRET = {
    ...FORM,
    params: {
      ...FORM.params,
      requestedSchema: { type: 'object', properties: { password: { type: 'string' } } },
    },
  };

  function asks(inputRequests: JsonObject): FakeUpstream {
    return new FakeUpstream('modern', ({ params }) =>
      params['inputResponses'] === undefined
        ? { resultType: 'input_required', inputRequests, requestState: 's' }
        : { ...DONE, heard: params['inputResponses'] },
    );
  }

  it.each([
    ['modern', retrying()],
    ['handshake-era', asking(() => ACCEPT)],
  ])('is declined without asking a %s client', async (_era, client) => {
    await using fixture = await buildGate(asks({ pw: SECRET }));
    const reply = await fixture.gate.call(toolCall({ client }));
    expect(resultOf(reply)).toMatchObject({ heard: { pw: { action: 'decline' } } });
    expect('asked' in client ? client.asked : []).toEqual([]);
    expect(fixture.records('outcome')).toMatchObject([
      { rounds: 2, questions: { 'elicitation/create': { refused: 1 } } },
    ]);
    expect(fixture.logged.join('\n')).toContain('asks the user for a secret');
  });

  it('is declined beside what the client is asked', async () => {
    await using fixture = await buildGate(asks({ pw: SECRET, who: { ...FORM } }));
    const { ids, state } = askedIn(await fixture.gate.call(toolCall({ client: retrying() })));
    expect(ids).toEqual(['who']);
    const responses = { who: ACCEPT, pw: { action: 'accept', content: { password: 'x' } } };
    const reply = await fixture.gate.call(toolCall({ client: retrying(EVERYTHING, { state, responses }) }));
    expect(resultOf(reply)).toMatchObject({ heard: { who: ACCEPT, pw: { action: 'decline' } } });
  });

  it('is declined to a handshake-era server', async () => {
    const upstream = new FakeUpstream('handshake', async ({ options }) => ({
      ...DONE,
      heard: (await options.client?.ask?.(SECRET, new AbortController().signal)) ?? null,
    }));
    await using fixture = await buildGate(upstream);
    const reply = await fixture.gate.call(toolCall({ client: asking(() => ACCEPT) }));
    expect(resultOf(reply)).toMatchObject({ heard: { action: 'decline' } });
  });

  it('a page of the server itself is shown, one elsewhere is not', async () => {
    const page = (url: string) => ({
      method: 'elicitation/create',
      params: { mode: 'url', message: 'Go', url },
    });
    await using fixture = await buildGate(
      asks({ own: page('https://box.example/x'), far: page('https://evil.example/x') }),
    );
    expect(askedIn(await fixture.gate.call(toolCall({ client: retrying() }))).ids).toEqual(['own']);
  });
});

describe('labelQuestions', () => {
  it('puts the name of the server before the text', async () => {
    await using fixture = await buildGate(modernAsker());
    const { requests } = askedIn(
      await fixture.gate.call(toolCall({ client: retrying(), labelQuestions: true })),
    );
    expect(requests['who']?.params['message']).toBe('[box] Who are you?');
  });
});

function capabilitiesIn(arrived: Arrived | undefined): unknown {
  const capabilities = arrived?.meta['io.modelcontextprotocol/clientCapabilities'];
  return isJsonObject(capabilities) ? capabilities : undefined;
}

it('a plain call is given to the caller byte for byte', async () => {
  const upstream = new FakeUpstream('modern', () => ({ resultType: 'complete', ...DONE, x_vendor: [1.5] }));
  await using fixture = await buildGate(upstream);
  const reply: GateReply = await fixture.gate.call(toolCall({ client: retrying() }));
  expect(reply).toMatchObject({
    ok: true,
    text: '{"jsonrpc":"2.0","id":2,"result":{"resultType":"complete","content":[{"type":"text","text":"done"}],"x_vendor":[1.5]}}',
  });
});
