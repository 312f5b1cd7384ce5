import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RawClient, RpcBody } from '../../helpers/mcp-client.ts';
import { openConversationStage, type ConversationStage } from './conversation-stage.ts';

let stage: ConversationStage;

beforeAll(async () => {
  stage = await openConversationStage();
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
});

interface Asked {
  /** Id of the question that came on the stream of the call. */
  readonly id: string;
  /** What the call ends with. */
  readonly ended: Promise<RpcBody>;
}

/** Calls a tool that asks, and reads its stream: up to the question first, then to its end. */
async function callAndBeAsked(client: RawClient, name: string): Promise<Asked> {
  const answer = await client.post({
    jsonrpc: '2.0',
    id: 'call',
    method: 'tools/call',
    params: { name, arguments: {} },
  });
  const messages: (RpcBody & { readonly method?: string })[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const ended = (async () => {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) {
      rest += decoder.decode(chunk as Uint8Array, { stream: true });
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines.filter((one) => one.startsWith('data: '))) {
        const message = JSON.parse(line.slice('data: '.length)) as (typeof messages)[number];
        messages.push(message);
        if (message.method === 'elicitation/create') resolve(String(message.id));
      }
    }
    reject(new Error(`No question in ${JSON.stringify(messages)}`));
    return messages.at(-1) ?? {};
  })();
  return { id: await promise, ended };
}

function accept(id: unknown, name: string): object {
  return { jsonrpc: '2.0', id, result: { action: 'accept', content: { name } } };
}

function saidOf({ result }: RpcBody): unknown {
  return (result?.['content'] as readonly { readonly text?: string }[] | undefined)?.[0]?.text;
}

describe('a question on the stream of a call', () => {
  it('is answered in its own session alone, by its own id, once (A51) (A80) (A81)', async () => {
    const alice = await stage.session('alice');
    const elsewhere = await stage.session('alice');
    const bob = await stage.session('bob');
    const { id, ended } = await callAndBeAsked(alice, 'ask_name');
    expect(id).toMatch(/^ask-[A-Za-z0-9_-]{22}$/);
    const { length } = stage.fixture.log();
    for (const [client, message] of [
      [bob, accept(id, 'Eve')],
      [elsewhere, accept(id, 'Eve')],
      [alice, accept('ask-AAAAAAAAAAAAAAAAAAAAAA', 'Eve')],
      [alice, accept('call', 'Eve')],
      [alice, accept(1, 'Eve')],
      [bob, { jsonrpc: '2.0', id, error: { code: 1, message: 'no' } }],
    ] as const) {
      expect((await client.post(message)).status).toBe(202);
    }
    expect(
      stage.fixture
        .log()
        .slice(length)
        .match(/response to no open question/g),
    ).toHaveLength(6);
    expect((await alice.post(accept(id, 'Ada'))).status).toBe(202);
    expect((await alice.post(accept(id, 'Eve'))).status).toBe(202);
    expect(saidOf(await ended)).toBe('Ada');
    expect((await alice.post(accept(id, 'Eve'))).status).toBe(202);
    expect(
      stage.fixture
        .log()
        .slice(length)
        .match(/response to no open question/g),
    ).toHaveLength(8);
  });

  it('is not answered from outside of sessions, nor in a request that describes itself (A80)', async () => {
    const alice = await stage.session('alice');
    const { id, ended } = await callAndBeAsked(alice, 'ask_name');
    const { authorization } = alice.headers();
    const outside = await fetch(`${stage.fixture.gateway.url}/mcp/old`, {
      method: 'POST',
      headers: { authorization: authorization ?? '', 'content-type': 'application/json' },
      body: JSON.stringify(accept(id, 'Eve')),
    });
    expect(outside.status).toBe(400);
    const resumed = await stage
      .modern('alice', 'old')
      .request(
        'tools/call',
        { name: 'ask_name', arguments: {}, requestState: id, inputResponses: { [id]: { action: 'accept' } } },
        { capabilities: { elicitation: {} } },
      );
    expect(resumed.error?.message).toBe('The requestState is not valid for this request');
    await alice.post(accept(id, 'Ada'));
    expect(saidOf(await ended)).toBe('Ada');
  });

  it('ends with its session, and a late answer means nothing (A50) (A80)', async () => {
    const alice = await stage.session('alice');
    const { id, ended } = await callAndBeAsked(alice, 'ask_name');
    expect(await alice.end()).toBe(204);
    expect(saidOf(await ended)).not.toBe('Ada');
    expect((await alice.post(accept(id, 'Ada'))).status).toBe(404);
  });

  it('never comes to a client that declared nothing (A82)', async () => {
    const silent = await stage.session('alice', 'old', {});
    const { result } = await silent.callTool('ask_name');
    expect(result).toMatchObject({ isError: true });
  });

  it('does not ask for an answer of a model, which is off (A20)', async () => {
    const alice = await stage.session('alice', 'old', { elicitation: {}, sampling: {} });
    const { result } = await alice.callTool('ask_model');
    expect(result).toMatchObject({ isError: true });
    expect(saidOf({ result: result ?? {} })).toMatch(/sampling\/createMessage is not supported/);
  });

  it('does not send a user to a page elsewhere (A21)', async () => {
    const alice = await stage.session('alice', 'old', { elicitation: { form: {}, url: {} } });
    const { result } = await alice.callTool('ask_url');
    expect(saidOf({ result: result ?? {} })).toBe('decline');
  });
});
