import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@smcp/protocol';
import { DONE, FakeUpstream } from './fake-upstream.ts';
import {
  ALICE,
  asking,
  asPrincipal,
  buildGate,
  resultOf,
  retrying,
  textIn,
  toolCall,
} from './gate-fixture.ts';

const MARKED: JsonObject = {
  name: 'dig',
  inputSchema: {
    type: 'object',
    properties: {
      region: { type: 'string', 'x-mcp-header': 'Region' },
      depth: { type: 'integer', 'x-mcp-header': 'Depth' },
      note: { type: 'string' },
    },
  },
};

function refuses(code: number, data?: JsonObject): () => { fails: { code: number; message: string } } {
  return () => ({ fails: { code, message: 'no', ...(data === undefined ? {} : { data }) } });
}

describe('checkDefinition', () => {
  it('sees the definition, and what it finds wrong is refused before anything is sent (A75)', async () => {
    const upstream = new FakeUpstream('modern', () => DONE);
    await using fixture = await buildGate(upstream);
    const seen: JsonObject[] = [];
    const checkDefinition = (definition: JsonObject): string => {
      seen.push(definition);
      return 'Header Mcp-Param-Region differs from the argument';
    };
    expect(await fixture.gate.call(toolCall({ checkDefinition }))).toMatchObject({
      ok: false,
      code: 'HEADER_MISMATCH',
      message: 'Header Mcp-Param-Region differs from the argument',
    });
    expect(seen).toEqual(upstream.tools);
    expect(upstream.arrived).toEqual([]);
    expect(fixture.records('refusal')).toMatchObject([{ code: 'HEADER_MISMATCH' }]);
  });

  it('lets a call through that it finds nothing wrong with', async () => {
    await using fixture = await buildGate(new FakeUpstream('modern', () => DONE));
    expect(resultOf(await fixture.gate.call(toolCall({ checkDefinition: () => undefined })))).toEqual(DONE);
  });
});

describe('scopes', () => {
  const server = { required_scopes: ['box'], tools: { 'd*': { scopes: ['dig'] } } };

  it.each([
    [[], ['box', 'dig']],
    [['box'], ['dig']],
    [['dig', 'other'], ['box']],
  ])('of a token with %j lack %j', async (scopes, missing) => {
    const upstream = new FakeUpstream('modern', () => DONE);
    await using fixture = await buildGate(upstream, { server });
    expect(await fixture.gate.call(toolCall(asPrincipal({ ...ALICE, scopes })))).toMatchObject({
      ok: false,
      code: 'INSUFFICIENT_SCOPE',
      scopes: missing,
    });
    expect(upstream.arrived).toEqual([]);
    expect(fixture.records('refusal')).toMatchObject([{ code: 'INSUFFICIENT_SCOPE' }]);
  });

  it.each([
    ['a token with all of them', ['dig', 'box']],
    ['a caller without a token', undefined],
  ])('suffice for %s', async (_what, scopes) => {
    await using fixture = await buildGate(new FakeUpstream('modern', () => DONE), { server });
    const principal = scopes === undefined ? ALICE : { ...ALICE, scopes };
    expect(resultOf(await fixture.gate.call(toolCall(asPrincipal(principal))))).toEqual(DONE);
  });

  it('allow nothing that the policy denies', async () => {
    await using fixture = await buildGate(new FakeUpstream('modern', () => DONE), { server });
    const more = {
      ...asPrincipal({ ...ALICE, scopes: [] }),
      action: { kind: 'tool', server: 'box', name: 'drop' } as const,
    };
    expect(await fixture.gate.call(toolCall(more))).toMatchObject({ ok: false, code: 'DENIED' });
  });
});

describe('Mcp-Param headers', () => {
  it('are made of the arguments by the marks of the tool', async () => {
    const upstream = new FakeUpstream('modern', () => DONE);
    upstream.tools = [MARKED];
    await using fixture = await buildGate(upstream);
    await fixture.gate.call(toolCall({}, { region: 'eu', depth: 3, note: 'x' }));
    await fixture.gate.call(toolCall({}, { note: 'x' }));
    expect(upstream.arrived.map(({ headers }) => headers)).toEqual([
      { 'Mcp-Param-Region': 'eu', 'Mcp-Param-Depth': '3' },
      {},
    ]);
  });

  it.each([
    ['no schema', { name: 'dig' }],
    ['marks that break the rules', { name: 'dig', inputSchema: { 'x-mcp-header': 'X' } }],
  ] as [string, JsonObject][])('are none with %s', async (_what, tool) => {
    const upstream = new FakeUpstream('modern', () => DONE);
    upstream.tools = [tool];
    await using fixture = await buildGate(upstream);
    await fixture.gate.call(toolCall({}, { region: 'eu' }));
    expect(upstream.arrived[0]?.headers).toEqual({});
  });

  it('are made anew once when the server says that they are wrong', async () => {
    const upstream = new FakeUpstream('modern', ({ headers }) =>
      headers['Mcp-Param-Region'] === 'eu' ? DONE : { fails: { code: -32020, message: 'mismatch' } },
    );
    await using fixture = await buildGate(upstream);
    await fixture.gate.call(toolCall({ action: { kind: 'tool', server: 'box', name: 'nothing' } }));
    upstream.tools = [MARKED];
    expect(resultOf(await fixture.gate.call(toolCall({}, { region: 'eu' })))).toEqual(DONE);
    expect(fixture.records('outcome')).toMatchObject([{ outcome: 'ok', rounds: 2 }]);
  });

  it('that stay wrong end the call, which did not run', async () => {
    const upstream = new FakeUpstream('modern', refuses(-32020));
    await using fixture = await buildGate(upstream);
    expect(await fixture.gate.call(toolCall())).toMatchObject({ ok: false, code: 'UNAVAILABLE' });
    expect(upstream.arrived).toHaveLength(2);
    expect(fixture.records('outcome')).toMatchObject([{ outcome: 'rpc_error', rounds: 2 }]);
  });

  it('are not tried again for a tool that is gone', async () => {
    const upstream = new FakeUpstream('modern', () => {
      upstream.tools = [];
      return { fails: { code: -32020, message: 'mismatch' } };
    });
    await using fixture = await buildGate(upstream);
    expect(await fixture.gate.call(toolCall())).toMatchObject({ ok: false, code: 'UNAVAILABLE' });
    expect(upstream.arrived).toHaveLength(1);
  });
});

describe('Mcp-Name', () => {
  it.each([
    ['tools/call', 'tool', 'dig'],
    ['prompts/get', 'prompt', 'dig'],
    ['resources/read', 'resource', 'dig'],
    ['completion/complete', 'prompt', undefined],
  ] as const)('of %s for a %s is %s', async (method, kind, name) => {
    const upstream = new FakeUpstream('modern', () => DONE);
    await using fixture = await buildGate(upstream);
    await fixture.gate.call(toolCall({ method, action: { kind, server: 'box', name: 'dig' } }));
    expect(upstream.arrived[0]?.name).toBe(name);
  });
});

describe('a server that needs a capability', () => {
  const roots = { requiredCapabilities: { roots: {} } };

  it.each([
    ['nothing', undefined, {}],
    ['something else', retrying({ elicitation: {} }), {}],
    ['something else on its session', asking(() => ({}), { elicitation: {} }), {}],
  ])('is told to the client that declared %s', async (_what, client, server) => {
    await using fixture = await buildGate(new FakeUpstream('modern', refuses(-32021, roots)), { server });
    expect(await fixture.gate.call(toolCall({ client }))).toMatchObject({
      ok: false,
      code: 'CAPABILITY_MISSING',
      required: { roots: {} },
    });
    expect(fixture.records('outcome')).toMatchObject([{ outcome: 'rpc_error' }]);
  });

  it('is the operator’s business when the client has it', async () => {
    const upstream = new FakeUpstream('modern', refuses(-32021, roots));
    await using fixture = await buildGate(upstream, { server: { may_ask: ['elicitation'] } });
    const reply = await fixture.gate.call(toolCall({ client: retrying() }));
    expect(reply).toMatchObject({ ok: false, code: 'RESULT_INVALID' });
    expect(JSON.stringify(reply)).not.toContain('may_ask');
    expect(fixture.logged.join('\n')).toContain('may_ask');
  });

  it.each([[roots], [{}], [{ requiredCapabilities: 'roots' }], [undefined]])(
    'and was given it, or names none, is not believed: %j',
    async (data) => {
      await using fixture = await buildGate(new FakeUpstream('modern', refuses(-32021, data)));
      const reply = await fixture.gate.call(toolCall({ client: retrying() }));
      expect(reply).toMatchObject({ ok: false, code: 'RESULT_INVALID' });
    },
  );
});

describe('a handshake-era server that wants a page visited first', () => {
  const page = (url: string): JsonObject => ({ mode: 'url', elicitationId: 'e-1', url, message: 'Log in' });
  const good = { elicitations: [page('https://box.example/login')] };

  it('is put to a modern client in its own way, and the call is made anew when it comes back', async () => {
    const upstream = new FakeUpstream('handshake', refuses(-32042, good));
    await using fixture = await buildGate(upstream);
    const reply = await fixture.gate.call(toolCall({ client: retrying() }));
    expect(resultOf(reply)).toMatchObject({
      resultType: 'input_required',
      inputRequests: { page1: { params: { mode: 'url', url: 'https://box.example/login' } } },
    });
    upstream.answer = () => DONE;
    const state = textIn(resultOf(reply), 'requestState');
    const client = retrying(undefined, { state, responses: { page1: { action: 'accept' } } });
    expect(resultOf(await fixture.gate.call(toolCall({ client })))).toEqual(DONE);
    expect(upstream.arrived[1]?.params).toEqual({ name: 'dig', arguments: {} });
  });

  it('is passed on as it is to a client of the handshake era', async () => {
    await using fixture = await buildGate(new FakeUpstream('handshake', refuses(-32042, good)));
    const reply = await fixture.gate.call(toolCall({ client: asking(() => ({})) }));
    expect(reply).toMatchObject({ ok: true, message: { error: { code: -32042, data: good } } });
  });

  it.each([
    ['a foreign page', { elicitations: [page('https://evil.example/')] }, 'RESULT_INVALID'],
    [
      'a good and a foreign page',
      { elicitations: [...good.elicitations, page('http://box.example/')] },
      'RESULT_INVALID',
    ],
    ['no page', { elicitations: [] }, 'RESULT_INVALID'],
    ['no list', {}, 'RESULT_INVALID'],
    ['no object', { elicitations: ['https://box.example/'] }, 'RESULT_INVALID'],
  ] as [string, JsonObject, string][])('is refused with %s (A21)', async (_what, data, code) => {
    for (const client of [retrying(), asking(() => ({}))]) {
      await using fixture = await buildGate(new FakeUpstream('handshake', refuses(-32042, data)));
      expect(await fixture.gate.call(toolCall({ client }))).toMatchObject({ ok: false, code });
    }
  });

  it('is refused for a client that shows no pages', async () => {
    await using fixture = await buildGate(new FakeUpstream('handshake', refuses(-32042, good)));
    const client = retrying({ elicitation: { form: {} } });
    expect(await fixture.gate.call(toolCall({ client }))).toMatchObject({
      ok: false,
      code: 'CAPABILITY_MISSING',
    });
  });
});
