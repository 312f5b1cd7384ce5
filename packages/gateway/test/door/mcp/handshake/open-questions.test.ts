import { describe, expect, it, vi } from 'vitest';
import type { InputRequest } from '@smcp/protocol';
import { AskError } from '../../../../src/door/mcp/handshake/ask-error.ts';
import { OpenQuestions } from '../../../../src/door/mcp/handshake/open-questions.ts';

const QUESTION: InputRequest = { method: 'roots/list', params: {} };

interface Sent {
  readonly id?: string;
  readonly method: string;
  readonly params: { readonly requestId?: string };
}

function make(): {
  questions: OpenQuestions;
  sent: Sent[];
  ask: (signal?: AbortSignal) => Promise<unknown>;
  lastId: () => string;
} {
  const questions = new OpenQuestions();
  const sent: Sent[] = [];
  const send = (text: string): boolean => sent.push(JSON.parse(text) as Sent) > 0;
  return {
    questions,
    sent,
    ask: async (signal = new AbortController().signal) => await questions.ask(QUESTION, signal, { send }),
    lastId: () => sent.at(-1)?.id ?? '',
  };
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('OpenQuestions#ask()', () => {
  it('puts a question under an id that nobody can guess, and gives the result', async () => {
    const { questions, sent, ask, lastId } = make();
    const answered = ask();
    expect(sent).toEqual([{ jsonrpc: '2.0', id: lastId(), ...QUESTION }]);
    expect(lastId()).toMatch(/^ask-[\w-]{22}$/);
    expect(questions.answer({ kind: 'response', id: lastId(), result: { roots: [] } })).toBe(true);
    expect(await answered).toEqual({ roots: [] });
    expect(questions.size).toBe(0);
  });

  it('fails with what the client says is wrong, cut and on one line', async () => {
    const { questions, ask, lastId } = make();
    const error = errorOf(ask());
    const message = `no\n${'x'.repeat(500)}`;
    questions.answer({ kind: 'response', id: lastId(), error: { code: -1, message } });
    expect(await error).toMatchObject({ code: 'ASK_REFUSED', rpcCode: -1 });
    expect((await error) as Error).toHaveProperty(
      'message',
      `The client answered with error -1: no\\n${'x'.repeat(297)}`,
    );
  });

  it('tells the client when nobody waits any more, and takes no answer after that', async () => {
    const { questions, sent, ask, lastId } = make();
    const controller = new AbortController();
    const error = errorOf(ask(controller.signal));
    const id = lastId();
    controller.abort();
    expect(await error).toMatchObject({ name: 'AskError', code: 'ASK_CANCELLED' });
    expect(sent.at(-1)).toMatchObject({ method: 'notifications/cancelled', params: { requestId: id } });
    expect(questions.answer({ kind: 'response', id, result: {} })).toBe(false);
  });

  it('waits fifteen minutes at most', async () => {
    vi.useFakeTimers();
    try {
      const { sent, ask, questions } = make();
      const error = errorOf(ask());
      vi.advanceTimersByTime(15 * 60_000 - 1);
      expect(questions.size).toBe(1);
      vi.advanceTimersByTime(1);
      expect(await error).toMatchObject({ code: 'ASK_TIMEOUT' });
      expect(sent.at(-1)?.method).toBe('notifications/cancelled');
    } finally {
      vi.useRealTimers();
    }
  });

  it('asks nothing when nobody waits from the beginning', async () => {
    const { sent, ask } = make();
    expect(await errorOf(ask(AbortSignal.abort()))).toMatchObject({ code: 'ASK_CANCELLED' });
    expect(sent).toEqual([]);
  });

  it('fails when there is no way to the client, and leaves nothing open', async () => {
    const questions = new OpenQuestions();
    const asked = questions.ask(QUESTION, new AbortController().signal, { send: () => false });
    expect(await errorOf(asked)).toMatchObject({ code: 'ASK_UNREACHABLE' });
    expect(questions.size).toBe(0);
  });

  it('has 32 questions open at most', async () => {
    const { questions, ask } = make();
    const open = Array.from({ length: 32 }, async () => await errorOf(ask()));
    expect(await errorOf(ask())).toMatchObject({ code: 'ASK_TOO_MANY' });
    expect(questions.size).toBe(32);
    questions.end();
    expect(await Promise.all(open)).toHaveLength(32);
  });

  it('fails what is open at the end of the session, and what is asked after it', async () => {
    const { questions, ask, sent } = make();
    const open = errorOf(ask());
    questions.end();
    expect(await open).toBeInstanceOf(AskError);
    expect(await open).toMatchObject({ code: 'ASK_CANCELLED' });
    expect(await errorOf(ask())).toMatchObject({ code: 'ASK_CANCELLED' });
    expect(sent).toHaveLength(1);
  });
});

describe('OpenQuestions#answer()', () => {
  it.each(['ask-0000000000000000000000', '', 1, 0, null])(
    'takes no answer to %j, to which nothing was asked (A80)',
    async (id) => {
      const { questions, ask } = make();
      const open = errorOf(ask());
      const error = { code: 1, message: '' };
      expect(questions.answer({ kind: 'response', id, error })).toBe(false);
      expect(questions.size).toBe(1);
      questions.end();
      await open;
    },
  );

  it('takes one answer to a question and no second one (A80)', async () => {
    const { questions, ask, lastId } = make();
    const answered = ask();
    const response = { kind: 'response', id: lastId() } as const;
    expect(questions.answer({ ...response, result: { first: true } })).toBe(true);
    expect(questions.answer({ ...response, result: { first: false } })).toBe(false);
    expect(await answered).toEqual({ first: true });
  });

  it('takes no answer to a question of another session (A51, A81)', async () => {
    const [mine, other] = [make(), make()];
    const open = errorOf(mine.ask());
    expect(other.questions.answer({ kind: 'response', id: mine.lastId(), result: {} })).toBe(false);
    expect(mine.questions.size).toBe(1);
    mine.questions.end();
    await open;
  });
});
