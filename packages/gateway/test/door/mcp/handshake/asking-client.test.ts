import { describe, expect, it } from 'vitest';
import type { InputRequest, JsonObject } from '@smcp/protocol';
import type { Answer } from '../../../../src/door/mcp/answer.ts';
import { askingClient } from '../../../../src/door/mcp/handshake/asking-client.ts';
import type { McpSession, SessionTerms } from '../../../../src/door/mcp/handshake/mcp-session.ts';
import { fakeSink, makeSession } from './sessions.ts';

const ALL = { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} };
const FORM: InputRequest = {
  method: 'elicitation/create',
  params: { mode: 'form', message: 'Name?', requestedSchema: { type: 'object', properties: {} } },
};
const PAGE: InputRequest = {
  method: 'elicitation/create',
  params: { mode: 'url', message: 'Log in', url: 'https://login.example.com' },
};

interface Question {
  readonly id: string;
  readonly params: JsonObject;
}

/** A session, and a call of it whose answer takes what is said before the end as long as `takes`. */
function make(takes = true, terms: Partial<SessionTerms> = {}) {
  const session = makeSession(() => true, { askable: ALL, ...terms });
  const said: Question[] = [];
  const answer = {
    send: (text: string) => {
      if (takes) said.push(JSON.parse(text) as Question);
      return takes;
    },
  } as unknown as Answer;
  return { session, said, answer };
}

async function ask(
  session: McpSession,
  answer: Answer,
  request: InputRequest,
): Promise<{ readonly done: Promise<unknown> }> {
  const done = askingClient(session, answer)
    .ask(request, new AbortController().signal)
    .catch((error: unknown) => error);
  await Promise.resolve();
  return { done };
}

describe('askingClient()', () => {
  it('asks on the stream of the call', async () => {
    const { session, said, answer } = make();
    const sink = fakeSink();
    session.openStream(sink);
    const { done } = await ask(session, answer, FORM);
    expect(said).toMatchObject([FORM]);
    expect(sink.got).toEqual([]);
    session.questions.answer({ kind: 'response', id: said[0]?.id ?? '', result: { action: 'decline' } });
    expect(await done).toEqual({ action: 'decline' });
  });

  it('asks on the stream of the session when the call has none', async () => {
    const { session, answer } = make(false);
    const sink = fakeSink();
    session.openStream(sink);
    const { done } = await ask(session, answer, FORM);
    expect(sink.got).toMatchObject([FORM]);
    session.questions.end();
    expect(await done).toMatchObject({ code: 'ASK_CANCELLED' });
  });

  it('asks nobody when there is no stream at all', async () => {
    const { session, answer } = make(false);
    expect(await (await ask(session, answer, FORM)).done).toMatchObject({ code: 'ASK_UNREACHABLE' });
  });

  it.each([
    ['nothing', {}],
    ['another kind of question', { sampling: {} }],
    ['pages alone', { elicitation: { url: {} } }],
  ])('rejects at once for a client that declared %s', async (_name, askable) => {
    const { session, said, answer } = make(true, { askable });
    expect(await (await ask(session, answer, FORM)).done).toMatchObject({ code: 'ASK_UNSUPPORTED' });
    expect(said).toEqual([]);
  });

  it('gives a page an id, as 2025-11-25 wants it, and leaves one that it has', async () => {
    const { session, said, answer } = make();
    void (await ask(session, answer, PAGE));
    void (await ask(session, answer, { ...PAGE, params: { ...PAGE.params, elicitationId: 'e-1' } }));
    expect(said[0]?.params['elicitationId']).toMatch(/^elicit-[\w-]{16}$/);
    expect(said[1]?.params['elicitationId']).toBe('e-1');
    session.questions.end();
  });

  it.each([
    ['2025-11-25', 'form'],
    ['2025-06-18', undefined],
  ] as const)('writes a form for %s with the mode %s', async (protocolVersion, mode) => {
    const { session, said, answer } = make(true, { protocolVersion });
    void (await ask(session, answer, FORM));
    expect(said[0]?.params['mode']).toBe(mode);
    expect(said[0]?.params['message']).toBe('Name?');
    session.questions.end();
  });

  it('wants logs at the level that was asked for, or what servers say anyway, or none', async () => {
    const { session, answer } = make();
    expect(askingClient(session, answer)).toMatchObject({ style: 'ask', capabilities: ALL });
    expect(askingClient(session, answer).logLevel).toBeUndefined();
    session.capabilities = { logging: {} };
    expect(askingClient(session, answer).logLevel).toBe('info');
    await session.setLogLevel('error');
    expect(askingClient(session, answer).logLevel).toBe('error');
  });
});
