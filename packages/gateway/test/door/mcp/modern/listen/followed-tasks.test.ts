import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@smcp/protocol';
import { silentCaller } from '../../../../../src/door/mcp/caller.ts';
import { FollowedTasks } from '../../../../../src/door/mcp/modern/listen/followed-tasks.ts';
import type { ModernContext } from '../../../../../src/door/mcp/modern/modern-context.ts';
import type { GateReply, GateRequest } from '../../../../../src/gate/index.ts';
import type { Upstream } from '../../../../../src/upstream/index.ts';
import { ALICE, fakeUpstream } from '../../handshake/sessions.ts';
import { makeListen } from './listens.ts';

const KNOWS_TASKS = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
const OK: GateReply = {
  ok: true,
  text: '{"jsonrpc":"2.0","id":0,"result":{}}',
  message: { jsonrpc: '2.0', id: 0, result: {} },
};

/** A gate that knows the tasks `mine-…` of this principal, each by that name without `mine-` at the server. */
function make(more: { capabilities?: JsonObject; upstream?: Upstream; refuses?: boolean } = {}) {
  const { capabilities = KNOWS_TASKS, upstream = fakeUpstream(), refuses = false } = more;
  const asked: unknown[] = [];
  const gate = {
    openTask: (id: string) =>
      id.startsWith('mine-') ? { server: 'files', name: 'open', task: id.slice('mine-'.length) } : undefined,
    showTask: (id: string, params: JsonObject) =>
      params['status'] === 'hidden' ? undefined : { ...params, taskId: id, shown: true },
    call: async ({ action, task, perform }: GateRequest) => {
      asked.push([action, task]);
      if (refuses) return { ok: false, code: 'DENIED', message: '', call: 'call-1' };
      await perform?.(upstream);
      return OK;
    },
  };
  const context = {
    gate,
    caller: silentCaller(ALICE),
    envelope: { version: '2026-07-28', capabilities, logLevel: undefined },
    exchange: { view: { joinsServers: true } },
    signal: new AbortController().signal,
  } as unknown as ModernContext;
  return { tasks: new FollowedTasks(context), asked, upstream };
}

function told(sink: { readonly got: unknown[] }): unknown[] {
  return sink.got.slice(1);
}

describe('FollowedTasks#follow()', () => {
  it('follows those of this principal, each on the road of every call', async () => {
    const { tasks, asked } = make();
    const { listen } = makeListen();
    expect(await tasks.follow(listen, ['mine-1', 'other-1', 'mine-2'])).toEqual(['mine-1', 'mine-2']);
    expect(asked).toEqual([
      [{ kind: 'tool', server: 'files', name: 'open' }, { id: '1' }],
      [{ kind: 'tool', server: 'files', name: 'open' }, { id: '2' }],
    ]);
  });

  it('follows none for a client that did not declare tasks', async () => {
    const { tasks, asked } = make({ capabilities: {} });
    expect(await tasks.follow(makeListen().listen, ['mine-1'])).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('does not promise what the gate refuses, nor tells of it', async () => {
    const { tasks } = make({ refuses: true });
    const { listen, sink } = makeListen();
    expect(await tasks.follow(listen, ['mine-1'])).toEqual([]);
    listen.acknowledge({ lists: new Set(), resources: [], tasks: [] });
    tasks.changed('files', { taskId: '1' }, listen);
    expect(told(sink)).toEqual([]);
  });
});

describe('FollowedTasks#changed()', () => {
  async function following() {
    const made = make();
    const { listen, sink } = makeListen();
    await made.tasks.follow(listen, ['mine-1']);
    listen.acknowledge({ lists: new Set(), resources: [], tasks: ['mine-1'] });
    return { ...made, listen, sink };
  }

  it('tells the client what the gate shows of it, under the id that it knows', async () => {
    const { tasks, listen, sink } = await following();
    tasks.changed('files', { taskId: '1', status: 'working' }, listen);
    expect(told(sink)).toMatchObject([
      { method: 'notifications/tasks', params: { taskId: 'mine-1', status: 'working', shown: true } },
    ]);
  });

  it.each([
    ['another task', 'files', { taskId: '2' }],
    ['a task of another server with the same id', 'mail', { taskId: '1' }],
    ['no task at all', 'files', {}],
    ['a task whose id is no text', 'files', { taskId: 1 }],
    ['what the principal may no longer see', 'files', { taskId: '1', status: 'hidden' }],
  ])('tells nothing of %s', async (_name, server, params) => {
    const { tasks, listen, sink } = await following();
    tasks.changed(server, params, listen);
    expect(told(sink)).toEqual([]);
  });
});
