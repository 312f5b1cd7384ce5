import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCEPT_NAME, asksFor, changed, stateOf, textOf } from './come-back.ts';
import { CAPABLE, openConversationStage, type ConversationStage, type Person } from './conversation-stage.ts';
import { UPSTREAM_STATE, UPSTREAM_TASK } from './talking-server.ts';

const REFUSED = {
  status: 200,
  error: {
    code: -32_602,
    message: 'The requestState is not valid for this request',
    data: { call: expect.stringMatching(/^call-/) as unknown },
  },
};
const LOGGED = 'a state that a client came back with was refused';

let stage: ConversationStage;

beforeAll(async () => {
  stage = await openConversationStage();
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
});

interface Return {
  readonly who?: Person;
  readonly name?: string;
  readonly args?: object;
  readonly server?: 'talking' | 'old';
}

/** Comes back with a state, as alice to the tool `ask` unless told otherwise. */
async function comeBack(
  requestState: string,
  { who = 'alice', name = 'ask', args = {}, server = 'talking' }: Return = {},
) {
  const params = { name, arguments: args, requestState, inputResponses: ACCEPT_NAME };
  return await stage.modern(who, server).request('tools/call', params, CAPABLE);
}

async function begin(): Promise<string> {
  return stateOf(await stage.modern('alice').callTool('ask', {}, CAPABLE));
}

describe('the state of a call between its rounds', () => {
  it('says nothing of what the server wants back, nor of anything else (A34)', async () => {
    const state = await begin();
    for (const text of [state, Buffer.from(state, 'base64url').toString('latin1')]) {
      for (const secret of [
        UPSTREAM_STATE,
        UPSTREAM_STATE.slice(4, 14),
        'talking',
        'alice',
        'ask',
        'call-',
      ]) {
        expect(text).not.toContain(secret);
      }
    }
  });

  it.each([
    ['another principal (A51) (A53)', (state: string) => comeBack(state, { who: 'bob' })],
    ['another argument (A34)', (state: string) => comeBack(state, { args: { x: 1 } })],
    ['another tool (A34)', (state: string) => comeBack(state, { name: 'ask_more' })],
    ['another tool, which needs no state (A34)', (state: string) => comeBack(state, { name: 'work' })],
    ['another server (A34)', (state: string) => comeBack(state, { server: 'old', name: 'ask_name' })],
    ['one character changed (A34)', (state: string) => comeBack(changed(state))],
    ['its end cut off (A34)', (state: string) => comeBack(state.slice(0, -1))],
    ['something behind (A34)', (state: string) => comeBack(`${state}AAAA`)],
    ['padding behind (A34)', (state: string) => comeBack(`${state}=`)],
    ['the state of the server itself in its place (A34)', () => comeBack(UPSTREAM_STATE)],
  ])('is refused with %s, and nothing is sent', async (_what, attempt) => {
    const state = await begin();
    const { length } = stage.fixture.log();
    const before = stage.talking.arrived().length;
    const { status, error } = await attempt(state);
    expect({ status, error }).toEqual(REFUSED);
    expect(stage.talking.arrived()).toHaveLength(before);
    expect(stage.fixture.log().slice(length)).toContain(LOGGED);
    expect(textOf(await comeBack(state))).toBe(JSON.stringify(ACCEPT_NAME));
  });

  it('lets no answer through to what was not asked (A80)', async () => {
    const params = {
      name: 'ask',
      arguments: {},
      requestState: await begin(),
      inputResponses: { ...ACCEPT_NAME, other: { action: 'accept', content: { admin: true } } },
    };
    expect(textOf(await stage.modern('alice').request('tools/call', params, CAPABLE))).toBe(
      JSON.stringify(ACCEPT_NAME),
    );
  });

  it('does not serve as a task, nor a task as a state (A51)', async () => {
    const alice = stage.modern('alice');
    const state = await begin();
    const { result } = await alice.callTool('work', {}, CAPABLE);
    const before = stage.talking.arrived().length;
    const asked = await alice.request('tasks/get', { taskId: state }, CAPABLE);
    expect(asked.error).toEqual({ code: -32_602, message: 'Unknown task' });
    const { status, error } = await comeBack(String(result?.['taskId']));
    expect({ status, error }).toEqual(REFUSED);
    expect(stage.talking.arrived()).toHaveLength(before);
  });
});

describe('a call that waits at its server for answers', () => {
  const answers = (ids: readonly string[], name: string): object =>
    Object.fromEntries(ids.map((id) => [id, { action: 'accept', content: { name } }]));

  it('goes on for who began it alone, once (A34) (A51) (A80)', async () => {
    const [alice, bob] = [stage.modern('alice', 'old'), stage.modern('bob', 'old')];
    const first = await alice.callTool('ask_name', {}, CAPABLE);
    const [state, ids] = [stateOf(first), asksFor(first)];
    const retry = (name: string) => ({
      name: 'ask_name',
      arguments: {},
      requestState: state,
      inputResponses: answers(ids, name),
    });
    const stolen = await bob.request('tools/call', retry('Eve'), CAPABLE);
    expect({ status: stolen.status, error: stolen.error }).toEqual(REFUSED);
    const other = { ...retry('Eve'), arguments: { changed: true } };
    expect((await alice.request('tools/call', other, CAPABLE)).error).toEqual(REFUSED.error);
    const ended = await alice.request('tools/call', retry('Ada'), CAPABLE);
    expect(textOf(ended)).toBe('Ada');
    const again = await alice.request('tools/call', retry('Bob'), CAPABLE);
    expect({ status: again.status, error: again.error }).toEqual(REFUSED);
  });
});

describe('a task', () => {
  const METHODS = ['tasks/get', 'tasks/update', 'tasks/cancel'] as const;

  it('is known to who made it alone, under a name that says nothing (A51) (A53)', async () => {
    const { result } = await stage.modern('alice').callTool('work', {}, CAPABLE);
    const taskId = String(result?.['taskId']);
    expect(Buffer.from(taskId, 'base64url').toString('latin1')).not.toContain(UPSTREAM_TASK.slice(0, 8));
    const before = stage.talking.arrived().length;
    for (const method of METHODS) {
      for (const [who, id] of [
        ['bob', taskId],
        ['alice', changed(taskId)],
        ['alice', UPSTREAM_TASK],
        ['alice', taskId.slice(0, -1)],
      ] as const) {
        const params = { taskId: id, inputResponses: {} };
        const { status, error } = await stage.modern(who).request(method, params, CAPABLE);
        expect({ status, error }).toEqual({ status: 200, error: { code: -32_602, message: 'Unknown task' } });
      }
    }
    expect(stage.talking.arrived()).toHaveLength(before);
    const got = await stage.modern('alice').request('tasks/get', { taskId }, CAPABLE);
    expect(got.result).toMatchObject({ taskId, status: 'working' });
    expect(JSON.stringify(got)).not.toContain(UPSTREAM_TASK);
    expect(stage.talking.arrived().at(-1)).toBe(`tasks/get ${UPSTREAM_TASK}`);
  });

  it('is not told of to somebody who knows its name (A53) (A81)', async () => {
    const { result } = await stage.modern('alice').callTool('work', {}, CAPABLE);
    const wish = { taskIds: [String(result?.['taskId'])] };
    const bob = await stage.modern('bob').listen(wish, { ...CAPABLE, id: 'theirs' });
    await bob.ended;
    expect(bob.messages).toMatchObject([
      { method: 'notifications/subscriptions/acknowledged', params: { notifications: {} } },
      { id: 'theirs', result: { resultType: 'complete' } },
    ]);
    expect(JSON.stringify(bob.messages[0])).not.toContain('taskIds');
  });

  it('is known to nobody any more once its tool is denied (A50)', async () => {
    await using own = await openConversationStage();
    const { result } = await own.modern('alice').callTool('work', {}, CAPABLE);
    const params = { taskId: String(result?.['taskId']) };
    await own.fixture.write(own.config({ roles: { eng: { allow: ['talking:ask', 'old:*'] } } }));
    await own.fixture.gateway.reload();
    const { error } = await own.modern('alice').request('tasks/get', params, CAPABLE);
    expect(error).toEqual({ code: -32_602, message: 'Unknown task' });
    expect(own.talking.arrived().filter((one) => one.startsWith('tasks/'))).toEqual([]);
  });
});
