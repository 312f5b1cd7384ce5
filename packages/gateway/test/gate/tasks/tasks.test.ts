import { describe, expect, it } from 'vitest';
import { readJson, type JsonObject } from '@smcp/protocol';
import type { GateReply, GateRequest } from '../../../src/gate/index.ts';
import { DONE, FakeUpstream, type Answer, type Arrived } from '../fake-upstream.ts';
import {
  ACCEPT,
  ALICE,
  asking,
  askedIn,
  asPrincipal,
  BOB,
  buildGate,
  EVERYTHING,
  FORM,
  resultOf,
  retrying,
  textIn,
  toolCall,
  WITH_TASKS,
  type GateFixture,
} from '../gate-fixture.ts';

const CREATED = { resultType: 'task', taskId: 't-1', status: 'working', ttlMs: null, pollIntervalMs: 1 };
const NEEDS_TASKS: Answer = {
  fails: {
    code: -32021,
    message: 'tasks',
    data: { requiredCapabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } } },
  },
};

/** A modern tool that runs as a task only; `states` are what `tasks/get` says, the last one for ever. */
function taskTool(states: readonly JsonObject[]): FakeUpstream {
  let at = -1;
  return new FakeUpstream('modern', ({ method, meta }) => {
    if (method === 'tools/call') {
      const declared = JSON.stringify(meta['io.modelcontextprotocol/clientCapabilities']);
      return declared.includes('/tasks') ? CREATED : NEEDS_TASKS;
    }
    if (method === 'tasks/get') {
      at = Math.min(at + 1, states.length - 1);
      return { resultType: 'complete', taskId: 't-1', pollIntervalMs: 1, ...states[at] };
    }
    return { resultType: 'complete' };
  });
}

function codeOf(reply: GateReply): string {
  return reply.ok ? 'ok' : reply.code;
}

function sentOf({ arrived }: FakeUpstream): readonly string[] {
  return arrived.map(({ method }) => method);
}

const ENDED: JsonObject = { status: 'completed', result: { ...DONE, structuredContent: { depth: 3 } } };

describe('a task for a client that knows tasks', () => {
  async function create(fixture: GateFixture): Promise<string> {
    const reply = await fixture.gate.call(toolCall({ client: retrying(WITH_TASKS) }));
    return textIn(resultOf(reply), 'taskId');
  }

  function aboutTask(
    fixture: GateFixture,
    method: string,
    taskId: string,
    more: Partial<GateRequest> = {},
    params: JsonObject = {},
  ): GateRequest {
    const route = fixture.gate.openTask(taskId, ALICE);
    if (route === undefined) {
      throw new TypeError('There is no such task');
    }
    const text = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { taskId, ...params } });
    return {
      ...toolCall(),
      method,
      document: readJson(text, { maxLength: 1e6, maxDepth: 64, maxNodes: 1e5 }),
      action: { kind: 'tool', server: route.server, name: route.name },
      task: { id: route.task },
      client: retrying(WITH_TASKS),
      ...more,
    };
  }

  it('is given an id of ours, which leads to the tool and the server’s own id', async () => {
    await using fixture = await buildGate(taskTool([ENDED]));
    const reply = await fixture.gate.call(toolCall({ client: retrying(WITH_TASKS) }));
    expect(resultOf(reply)).toMatchObject({ resultType: 'task', status: 'working', pollIntervalMs: 1 });
    const taskId = textIn(resultOf(reply), 'taskId');
    expect(taskId).not.toContain('t-1');
    expect(fixture.gate.openTask(taskId, ALICE)).toEqual({ server: 'box', name: 'dig', task: 't-1' });
  });

  it.each([
    ['another principal', BOB],
    ['another tenant', { ...ALICE, tenant: 'other' }],
  ])('is no task for %s', async (_what, principal) => {
    await using fixture = await buildGate(taskTool([ENDED]));
    expect(fixture.gate.openTask(await create(fixture), principal)).toBeUndefined();
  });

  it.each(['', 't-1', 'AAAA', 'x'.repeat(10_000)])(
    'is not found by an id that was not given: %s',
    async (id) => {
      await using fixture = await buildGate(taskTool([ENDED]));
      expect(fixture.gate.openTask(id, ALICE)).toBeUndefined();
    },
  );

  it('is not opened by a state', async () => {
    await using fixture = await buildGate(taskTool([ENDED]));
    const state = fixture.sealer.seal(
      'state',
      { server: 'box', name: 'dig', task: 't-1' },
      { principal: ALICE.id, tenant: 'default' },
    );
    expect(fixture.gate.openTask(state, ALICE)).toBeUndefined();
  });

  it('is asked for under the server’s id, answered under ours, and recorded', async () => {
    const upstream = taskTool([{ status: 'working' }, ENDED]);
    await using fixture = await buildGate(upstream);
    const taskId = await create(fixture);
    const reply = await fixture.gate.call(aboutTask(fixture, 'tasks/get', taskId));
    expect(resultOf(reply)).toMatchObject({ resultType: 'complete', status: 'working', taskId });
    expect(resultOf(await fixture.gate.call(aboutTask(fixture, 'tasks/get', taskId)))).toMatchObject({
      ...ENDED,
      taskId,
    });
    expect(upstream.arrived[1]).toMatchObject({ name: 't-1', params: { taskId: 't-1' } });
    expect(fixture.records('call').map((entry) => 'method' in entry && entry.method)).toEqual([
      'tools/call',
      'tasks/get',
      'tasks/get',
    ]);
  });

  it('is updated and cancelled', async () => {
    const upstream = taskTool([ENDED]);
    await using fixture = await buildGate(upstream);
    const taskId = await create(fixture);
    const params = { inputResponses: { who: ACCEPT }, TaskId: 't-9' };
    await fixture.gate.call(aboutTask(fixture, 'tasks/update', taskId, {}, params));
    await fixture.gate.call(aboutTask(fixture, 'tasks/cancel', taskId));
    const withoutMeta = upstream.arrived.slice(1).map(({ params: { _meta, ...rest } }) => rest);
    expect(withoutMeta).toEqual([{ taskId: 't-1', inputResponses: { who: ACCEPT } }, { taskId: 't-1' }]);
  });

  it('is decided like its tool, without its arguments', async () => {
    await using fixture = await buildGate(taskTool([ENDED]));
    const taskId = await create(fixture);
    const request = aboutTask(fixture, 'tasks/get', taskId);
    fixture.reload({ name: 'eng', line: 1, allow: [], deny: [], ask: [{ patterns: ['box:dig'], line: 2 }] });
    expect(codeOf(await fixture.gate.call(request))).toBe('ok');
    fixture.reload({ name: 'eng', line: 1, allow: [], deny: [] });
    expect(codeOf(await fixture.gate.call(request))).toBe('DENIED');
  });

  it('is nothing for a client that does not declare tasks', async () => {
    await using fixture = await buildGate(taskTool([ENDED]));
    const taskId = await create(fixture);
    for (const client of [undefined, retrying()]) {
      expect(await fixture.gate.call(aboutTask(fixture, 'tasks/get', taskId, { client }))).toMatchObject({
        ok: false,
        code: 'CAPABILITY_MISSING',
        required: { extensions: { 'io.modelcontextprotocol/tasks': {} } },
      });
    }
  });

  it('outlives the listing of its tool', async () => {
    const upstream = taskTool([ENDED]);
    await using fixture = await buildGate(upstream);
    const taskId = await create(fixture);
    upstream.tools = [];
    expect(codeOf(await fixture.gate.call(aboutTask(fixture, 'tasks/get', taskId)))).toBe('ok');
  });

  it('shows questions that may be asked, and declines the others (A21)', async () => {
    const secret = {
      ...FORM,
      params: {
        ...FORM.params,
        requestedSchema: { type: 'object', properties: { password: { type: 'string' } } },
      },
    };
    const sampling = { method: 'sampling/createMessage', params: {} };
    const upstream = taskTool([
      { status: 'input_required', inputRequests: { who: { ...FORM }, pw: secret, llm: sampling } },
    ]);
    await using fixture = await buildGate(upstream);
    const taskId = await create(fixture);
    const reply = await fixture.gate.call(aboutTask(fixture, 'tasks/get', taskId));
    expect(Object.keys(Object(resultOf(reply)['inputRequests']))).toEqual(['who']);
    expect(upstream.arrived.at(-1)).toMatchObject({
      method: 'tasks/update',
      params: { taskId: 't-1', inputResponses: { pw: { action: 'decline' } } },
    });
  });

  it('notifications show the same', async () => {
    await using fixture = await buildGate(taskTool([ENDED]));
    const taskId = await create(fixture);
    const to = { caller: toolCall().caller, client: retrying(WITH_TASKS), labelQuestions: true };
    const params = { taskId: 't-1', status: 'input_required', inputRequests: { who: { ...FORM } } };
    expect(fixture.gate.showTask(taskId, params, to)).toMatchObject({
      taskId,
      inputRequests: { who: { params: { message: '[box] Who are you?' } } },
    });
    expect(fixture.gate.showTask(taskId, { ...params, taskId: 't-2' }, to)).toBeUndefined();
    expect(fixture.gate.showTask(taskId, params, { ...to, ...asPrincipal(BOB) })).toBeUndefined();
    fixture.reload({ name: 'eng', line: 1, allow: [], deny: [] });
    expect(fixture.gate.showTask(taskId, params, to)).toBeUndefined();
  });

  it.each([undefined, 5, '', 'x'.repeat(2000)])('is refused with the id %j', async (taskId) => {
    const created = { ...CREATED, taskId: taskId ?? null };
    await using fixture = await buildGate(new FakeUpstream('modern', () => created));
    expect(codeOf(await fixture.gate.call(toolCall({ client: retrying(WITH_TASKS) })))).toBe(
      'RESULT_INVALID',
    );
  });
});

describe('a task for a client that knows none', () => {
  it.each([
    ['a handshake-era client', asking(() => ACCEPT)],
    ['a caller that says nothing of itself', undefined],
  ])('is seen to for %s', async (_what, client) => {
    const upstream = taskTool([{ status: 'working' }, { status: 'working' }, ENDED]);
    await using fixture = await buildGate(upstream);
    const reply = await fixture.gate.call(toolCall({ client }));
    expect(resultOf(reply)).toMatchObject({
      ...DONE,
      structuredContent: { depth: 3 },
      resultType: 'complete',
    });
    expect(sentOf(upstream)).toEqual(['tools/call', 'tools/call', 'tasks/get', 'tasks/get', 'tasks/get']);
    expect(upstream.arrived.at(-1)).toMatchObject({ name: 't-1' });
    expect(fixture.records('call')).toHaveLength(1);
    expect(fixture.records('outcome')).toMatchObject([{ outcome: 'ok', rounds: 2 }]);
  });

  it('puts its questions to a handshake-era client, each once', async () => {
    const wants = { status: 'input_required', inputRequests: { who: { ...FORM } } };
    const upstream = taskTool([wants, wants, ENDED]);
    await using fixture = await buildGate(upstream);
    const client = asking(() => ACCEPT);
    expect(resultOf(await fixture.gate.call(toolCall({ client })))).toMatchObject(DONE);
    expect(client.asked).toHaveLength(1);
    const updates = upstream.arrived.filter(({ method }) => method === 'tasks/update');
    expect(updates).toMatchObject([{ params: { taskId: 't-1', inputResponses: { who: ACCEPT } } }]);
  });

  it('is not seen to for a modern client, which is told what to declare', async () => {
    const upstream = taskTool([ENDED]);
    await using fixture = await buildGate(upstream);
    const reply = await fixture.gate.call(toolCall({ client: retrying() }));
    expect(reply).toMatchObject({
      ok: false,
      code: 'CAPABILITY_MISSING',
      required: { extensions: { 'io.modelcontextprotocol/tasks': {} } },
    });
    expect(sentOf(upstream)).toEqual(['tools/call']);
  });

  it('is cancelled when it asks what the client cannot be asked', async () => {
    const upstream = taskTool([{ status: 'input_required', inputRequests: { who: { ...FORM } } }]);
    await using fixture = await buildGate(upstream);
    expect(codeOf(await fixture.gate.call(toolCall()))).toBe('CAPABILITY_MISSING');
    expect(sentOf(upstream).at(-1)).toBe('tasks/cancel');
  });

  it('gives the error with which it failed', async () => {
    const error = { code: -32603, message: 'API rate limit' };
    await using fixture = await buildGate(taskTool([{ status: 'failed', error }]));
    expect(await fixture.gate.call(toolCall())).toMatchObject({ ok: true, message: { error } });
    expect(fixture.records('outcome')).toMatchObject([{ outcome: 'rpc_error' }]);
  });

  it.each([
    ['was cancelled by the server', { status: 'cancelled' }, 'CANCELLED'],
    ['is in a state that is none', { status: 'paused' }, 'RESULT_INVALID'],
    ['has ended without a result', { status: 'completed' }, 'RESULT_INVALID'],
  ] as [string, JsonObject, string][])('that %s ends the call', async (_what, state, code) => {
    await using fixture = await buildGate(taskTool([state]));
    expect(codeOf(await fixture.gate.call(toolCall()))).toBe(code);
  });

  it('that the server has forgotten may have run', async () => {
    const upstream = new FakeUpstream('modern', ({ method, meta }) => {
      if (method === 'tools/call') {
        return JSON.stringify(meta).includes('/tasks') ? CREATED : NEEDS_TASKS;
      }
      return { fails: { code: -32602, message: 'unknown' } };
    });
    await using fixture = await buildGate(upstream);
    expect(codeOf(await fixture.gate.call(toolCall()))).toBe('OUTCOME_UNKNOWN');
  });

  it('is cancelled upstream when the client goes away', async () => {
    const upstream = taskTool([{ status: 'working' }]);
    await using fixture = await buildGate(upstream);
    const client = new AbortController();
    const waiting = fixture.gate.call(toolCall({ signal: client.signal }));
    await expect.poll(() => sentOf(upstream).includes('tasks/get')).toBe(true);
    client.abort();
    expect(codeOf(await waiting)).toBe('CANCELLED');
    expect(upstream.arrived.at(-1)).toMatchObject({ method: 'tasks/cancel', params: { taskId: 't-1' } });
  });

  it('is given the time of its tool and no more', async () => {
    const upstream = taskTool([{ status: 'working' }]);
    await using fixture = await buildGate(upstream, { server: { timeout_seconds: 1 } });
    expect(codeOf(await fixture.gate.call(toolCall()))).toBe('TIMEOUT');
    expect(sentOf(upstream).at(-1)).toBe('tasks/cancel');
    expect(fixture.records('outcome')).toMatchObject([{ outcome: 'timeout' }]);
  });

  it('is no answer to a server that still wants tasks after it was told that we know them', async () => {
    const upstream = new FakeUpstream('modern', () => NEEDS_TASKS);
    await using fixture = await buildGate(upstream);
    expect(codeOf(await fixture.gate.call(toolCall()))).toBe('RESULT_INVALID');
    expect(upstream.arrived).toHaveLength(2);
  });
});

describe('a handshake-era tool that runs only as a task', () => {
  function tool(answer: (request: Arrived) => Promise<Answer> | Answer): FakeUpstream {
    const upstream = new FakeUpstream('handshake', answer);
    upstream.tools = [{ name: 'dig', execution: { taskSupport: 'required' } }];
    return upstream;
  }

  function steps(states: readonly string[]): FakeUpstream {
    let at = 0;
    return tool(async ({ method, params, options }) => {
      switch (method) {
        case 'tools/call':
          return params['task'] === undefined
            ? { fails: { code: -32601, message: 'task required' } }
            : { task: { taskId: 't-1', status: states[0] ?? 'working', pollInterval: 1 } };
        case 'tasks/get':
          at += 1;
          return { taskId: 't-1', status: states[at] ?? 'completed', pollInterval: 1 };
        case 'tasks/result':
          return states.includes('input_required')
            ? { ...DONE, heard: (await options.client?.ask?.(FORM, new AbortController().signal)) ?? null }
            : DONE;
        default:
          return {};
      }
    });
  }

  it.each([
    ['a handshake-era client', asking(() => ACCEPT)],
    ['a modern client', retrying()],
    ['a modern client that knows the tasks of another era', retrying(WITH_TASKS)],
    ['a caller that says nothing of itself', undefined],
  ])('is called as one for %s', async (_what, client) => {
    const upstream = steps(['working', 'working', 'completed']);
    await using fixture = await buildGate(upstream);
    expect(resultOf(await fixture.gate.call(toolCall({ client }, { depth: 3 })))).toEqual(DONE);
    expect(sentOf(upstream)).toEqual(['tools/call', 'tasks/get', 'tasks/get', 'tasks/result']);
    expect(upstream.arrived[0]?.params).toEqual({ name: 'dig', arguments: { depth: 3 }, task: {} });
    expect(upstream.arrived.at(-1)?.params).toEqual({ taskId: 't-1' });
  });

  it('asks while its result is waited for', async () => {
    await using fixture = await buildGate(steps(['working', 'input_required']));
    const { state, ids } = askedIn(await fixture.gate.call(toolCall({ client: retrying() })));
    const client = retrying(EVERYTHING, { state, responses: { [ids[0] ?? '']: ACCEPT } });
    expect(resultOf(await fixture.gate.call(toolCall({ client })))).toMatchObject({ heard: ACCEPT });
  });

  it('may refuse, or answer at once', async () => {
    const refusing = tool(() => ({ fails: { code: -32602, message: 'depth' } }));
    await using one = await buildGate(refusing);
    expect(await one.gate.call(toolCall())).toMatchObject({ ok: true, message: { error: { code: -32602 } } });
    await using two = await buildGate(tool(() => DONE));
    expect(resultOf(await two.gate.call(toolCall()))).toEqual(DONE);
  });

  it('is cancelled when the client goes away', async () => {
    const upstream = steps(Array.from({ length: 10_000 }, () => 'working'));
    await using fixture = await buildGate(upstream);
    const client = new AbortController();
    const waiting = fixture.gate.call(toolCall({ signal: client.signal }));
    await expect.poll(() => sentOf(upstream).includes('tasks/get')).toBe(true);
    client.abort();
    expect(codeOf(await waiting)).toBe('CANCELLED');
    expect(sentOf(upstream).at(-1)).toBe('tasks/cancel');
  });

  it('is refused without a usable id', async () => {
    await using fixture = await buildGate(tool(() => ({ task: { status: 'working' } })));
    expect(codeOf(await fixture.gate.call(toolCall()))).toBe('RESULT_INVALID');
  });

  it.each([
    ['a modern server', 'modern', 'required'],
    ['a tool that may also run otherwise', 'handshake', 'optional'],
  ] as const)('is not what %s has', async (_what, era, taskSupport) => {
    const upstream = new FakeUpstream(era, () => DONE);
    upstream.tools = [{ name: 'dig', execution: { taskSupport } }];
    await using fixture = await buildGate(upstream);
    expect(resultOf(await fixture.gate.call(toolCall()))).toEqual(DONE);
    expect(upstream.arrived[0]?.params['task']).toBeUndefined();
  });
});
