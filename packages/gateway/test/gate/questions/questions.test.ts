import { describe, expect, it } from 'vitest';
import type { InputRequest, JsonObject } from '@smcp/protocol';
import { checkQuestion, MAX_QUESTION_CHARS } from '../../../src/gate/questions/check-question.ts';
import { createPageRule } from '../../../src/gate/questions/page-hosts.ts';
import { MAX_QUESTIONS, MAX_SAMPLING, Questions } from '../../../src/gate/questions/questions.ts';

const EVERYTHING = { elicitation: { form: {}, url: {} }, sampling: { tools: {} }, roots: {} };

function rules(capabilities: JsonObject = EVERYTHING, declared: JsonObject = EVERYTHING, label = false) {
  const mayShowPage = createPageRule('https://box.example/mcp', []);
  return { server: 'box', declared, capabilities, mayShowPage, label };
}

function form(properties: JsonObject = { name: { type: 'string' } }): InputRequest {
  return {
    method: 'elicitation/create',
    params: { message: 'Who?', requestedSchema: { type: 'object', properties } },
  };
}

const PAGE: InputRequest = {
  method: 'elicitation/create',
  params: { mode: 'url', message: 'Log in', url: 'https://box.example/login', elicitationId: 'e-1' },
};
const SAMPLE: InputRequest = {
  method: 'sampling/createMessage',
  params: { messages: [], maxTokens: 10, includeContext: 'allServers', task: { ttl: 1 } },
};
const ROOTS: InputRequest = { method: 'roots/list', params: {} };

describe('checkQuestion()', () => {
  it('passes a question on with the name of its server', () => {
    expect(checkQuestion(form(), rules())).toEqual({
      ok: true,
      request: {
        method: 'elicitation/create',
        params: { ...form().params, _meta: { 'smcp/server': 'box' } },
      },
    });
    expect(checkQuestion(PAGE, rules())).toMatchObject({
      ok: true,
      request: { params: { url: 'https://box.example/login', elicitationId: 'e-1' } },
    });
    expect(checkQuestion({ method: 'roots/list' }, rules())).toMatchObject({ ok: true });
  });

  it('puts the name before the text where the user sees several servers as one', () => {
    expect(checkQuestion(form(), rules(EVERYTHING, EVERYTHING, true))).toMatchObject({
      ok: true,
      request: { params: { message: '[box] Who?' } },
    });
  });

  it('takes out what belongs to the hop, and no server names itself as another', () => {
    const asked = {
      method: 'roots/list',
      params: {
        _meta: {
          'io.modelcontextprotocol/related-task': { taskId: 't' },
          progressToken: 5,
          'smcp/server': 'bank',
          'com.example/x': 1,
        },
      },
    };
    expect(checkQuestion(asked, rules())).toEqual({
      ok: true,
      request: { method: 'roots/list', params: { _meta: { 'com.example/x': 1, 'smcp/server': 'box' } } },
    });
  });

  it('takes the wish for other servers’ context out of a sampling question (A20)', () => {
    const checked = checkQuestion(SAMPLE, rules());
    expect(checked).toMatchObject({ ok: true, request: { params: { messages: [], maxTokens: 10 } } });
    expect(JSON.stringify(checked)).not.toMatch(/includeContext|allServers|ttl/);
  });

  it('declines a form that asks for a secret and a page elsewhere (A21)', () => {
    const secret = checkQuestion(form({ password: { type: 'string' } }), rules());
    expect(secret).toMatchObject({ ok: false, why: 'decline' });
    for (const url of ['https://evil.example/', 'http://box.example/', undefined]) {
      const params = { ...PAGE.params, url: url ?? null };
      expect(checkQuestion({ ...PAGE, params }, rules())).toMatchObject({ ok: false, why: 'decline' });
    }
  });

  it.each(['URL', 'Url', 'page', '', 5, null])(
    'declines the mode %j, which a client may take for another',
    (mode) => {
      const params = { ...PAGE.params, mode, url: 'https://evil.example/' };
      expect(checkQuestion({ ...PAGE, params }, rules())).toMatchObject({ ok: false, why: 'decline' });
    },
  );

  it('does not look for secrets where no form is shown', () => {
    const params = { ...PAGE.params, message: 'Enter your password there' };
    expect(checkQuestion({ ...PAGE, params }, rules())).toMatchObject({ ok: true });
  });

  it.each([
    [form(), {}, { elicitation: { form: {} } }],
    [form(), { elicitation: { url: {} } }, { elicitation: { form: {} } }],
    [PAGE, { elicitation: {} }, { elicitation: { url: {} } }],
    [SAMPLE, { elicitation: {} }, { sampling: {} }],
    [{ ...SAMPLE, params: { ...SAMPLE.params, tools: [] } }, { sampling: {} }, { sampling: { tools: {} } }],
    [ROOTS, {}, { roots: {} }],
  ])('says what the client did not declare for %j', (question, declared, required) => {
    expect(checkQuestion(question, rules(declared, declared))).toMatchObject({
      ok: false,
      why: 'missing',
      required,
    });
  });

  it('tells what the operator forbids from what the client lacks', () => {
    const { sampling: _, ...given } = EVERYTHING;
    expect(checkQuestion(SAMPLE, rules(given))).toMatchObject({
      ok: false,
      why: 'forbidden',
      reason: 'Setting may_ask does not name sampling',
    });
  });

  it.each([
    undefined,
    null,
    'roots/list',
    {},
    { method: 'tools/call', params: {} },
    { method: 'ping' },
    { method: 'roots/list', params: [] },
    { method: ['roots/list'], params: {} },
    { method: '__proto__', params: {} },
  ])('takes %j for no question', (question) => {
    expect(checkQuestion(question, rules())).toMatchObject({ ok: false, why: 'malformed' });
  });

  it('bounds the size of a question', () => {
    const text = 'x'.repeat(MAX_QUESTION_CHARS);
    const big = { ...form(), params: { ...form().params, message: text } };
    expect(checkQuestion(big, rules())).toMatchObject({ ok: false, why: 'decline' });
    const sample = { ...SAMPLE, params: { ...SAMPLE.params, systemPrompt: text } };
    expect(checkQuestion(sample, rules())).toMatchObject({ ok: false, why: 'malformed' });
  });
});

describe('Questions', () => {
  const signal = new AbortController().signal;

  function build(answer: (request: InputRequest) => Promise<JsonObject>) {
    const seen: string[] = [];
    const refused: string[] = [];
    const questions = new Questions(
      rules(),
      async (request) => {
        seen.push(request.method);
        return await answer(request);
      },
      (method, reason) => refused.push(`${method}: ${reason}`),
    );
    return { questions, seen, refused };
  }

  it('ask() gives the answer of the client and counts it', async () => {
    const { questions } = build(async () => ({ action: 'accept', content: { name: 'A' } }));
    expect(await questions.ask(form(), signal)).toEqual({ action: 'accept', content: { name: 'A' } });
    expect(questions.tally.counts).toEqual({ 'elicitation/create': { accept: 1 } });
  });

  it('ask() declines without asking what nobody should be asked, and says so (A21)', async () => {
    const { questions, seen, refused } = build(async () => ({ action: 'accept' }));
    expect(await questions.ask(form({ api_key: { type: 'string' } }), signal)).toEqual({ action: 'decline' });
    expect(seen).toEqual([]);
    expect(refused).toEqual(['elicitation/create: It asks the user for a secret']);
    expect(questions.tally.counts).toEqual({ 'elicitation/create': { refused: 1 } });
  });

  it.each([
    ['fails', async () => await Promise.reject(new Error('gone'))],
    ['answers something else', async () => ({ yes: true })],
  ])('ask() cancels an elicitation when the client %s', async (_what, answer) => {
    const { questions } = build(answer);
    expect(await questions.ask(form(), signal)).toEqual({ action: 'cancel' });
    expect(questions.tally.counts).toEqual({ 'elicitation/create': { failed: 1 } });
  });

  it.each([
    ['fails', async () => await Promise.reject(new Error('gone'))],
    ['answers something else', async () => ({ roots: [{ uri: 'https://x.example/' }] })],
  ])('ask() rejects for roots when the client %s', async (_what, answer) => {
    const { questions } = build(answer);
    await expect(questions.ask(ROOTS, signal)).rejects.toThrow(Error);
    expect(questions.tally.counts).toEqual({ 'roots/list': { failed: 1 } });
  });

  it('ask() rejects what is no question, without asking', async () => {
    const { questions, seen } = build(async () => ({}));
    await expect(questions.ask({ method: 'tools/call', params: {} }, signal)).rejects.toThrow(/no question/);
    expect(seen).toEqual([]);
  });

  it('ask() rejects when nobody can be asked', async () => {
    const questions = new Questions(rules(), undefined, () => undefined);
    await expect(questions.ask(ROOTS, signal)).rejects.toThrow(Error);
  });

  it('ask() has a budget for all questions and a smaller one for those that cost a model’s answer (A20)', async () => {
    const { questions, seen } = build(async ({ method }) =>
      method === 'roots/list' ? { roots: [] } : { role: 'assistant', content: {} },
    );
    for (let n = 0; n < MAX_SAMPLING; n += 1) {
      await questions.ask(SAMPLE, signal);
    }
    await expect(questions.ask(SAMPLE, signal)).rejects.toThrow(/too much/);
    for (let n = MAX_SAMPLING + 1; n < MAX_QUESTIONS; n += 1) {
      await questions.ask(ROOTS, signal);
    }
    await expect(questions.ask(ROOTS, signal)).rejects.toThrow(/too much/);
    expect(seen).toHaveLength(MAX_QUESTIONS - 1);
  });
});
