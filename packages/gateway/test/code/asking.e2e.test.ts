import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openOperatorDesk } from '../../src/approval/index.ts';
import type { EraClient, FormAnswer } from '../eras/client/era-client.ts';
import { serverCommand } from '../eras/harness/server-process.ts';
import { ERAS, execute, openCodeStage, type CodeStage } from './code-stage.ts';
import { startWorkServer, type WorkServer } from './work-server.ts';

const YES = { action: 'accept', content: { approve: true } } as unknown as FormAnswer;
const NO: FormAnswer = { action: 'decline' };

let work: WorkServer;
let stage: CodeStage;

beforeAll(async () => {
  work = await startWorkServer();
  stage = await openCodeStage({
    servers: {
      work: { url: work.url },
      aged: serverCommand('handshake', 'stdio'),
      fresh: serverCommand('modern', 'stdio'),
    },
    roles: { eng: { allow: ['*:*'], ask: ['work:pay', 'work:drop'] } },
  });
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await work[Symbol.asyncDispose]();
});

beforeEach(() => {
  work.forget();
});

function answering(client: EraClient, elicit: (message: string) => FormAnswer | Promise<FormAnswer>): void {
  client.forget();
  client.answers = {
    ...client.answers,
    elicit: async ({ message }) => await elicit(typeof message === 'string' ? message : ''),
  };
}

describe.each(ERAS)('a script whose call must be approved, of a %s client', (era) => {
  let client: EraClient;

  beforeAll(async () => {
    client = await stage.connect(era);
  });

  afterAll(async () => {
    await client[Symbol.asyncDispose]();
  });

  it('pauses, shows its user the very call, and goes on with the answer', async () => {
    answering(client, () => YES);
    const code = `const before = await work.echo({ text: 'before' });
      const paid = await work.pay({ to: 'bob', amount: 7 });
      return [before, paid, await work.echo({ text: 'after' })];`;
    expect(await execute(client, code)).toMatchObject({
      result: ['before', { paid: 7, to: 'bob' }, 'after'],
    });
    expect(client.asked).toHaveLength(1);
    expect(client.asked[0]?.params['message']).toMatch(/"pay"[^]*"work"[^]*key:alice[^]*"amount": ?7/);
    expect(work.names).toEqual(['echo', 'pay', 'echo']);
  });

  it('does not make the call when it is declined, and may go on without it', async () => {
    answering(client, () => NO);
    const amount = era === 'modern' ? 11 : 12;
    const code = `const said = await work.pay({ to: 'bob', amount: ${amount} }).catch(({ code }: ToolError) => code);
      return [said, await work.echo({ text: 'after' })];`;
    expect(await execute(client, code)).toMatchObject({ result: ['NOT_APPROVED', 'after'] });
    expect(work.names).toEqual(['echo']);
    const [tree] = await stage.trees();
    expect(tree?.children.map(({ call }) => [call.name, call.code ?? call.outcome])).toEqual([
      ['pay', 'NOT_APPROVED'],
      ['echo', 'ok'],
    ]);
    const again = await execute(client, `await work.pay({ to: 'bob', amount: ${amount} })`);
    expect(again).toMatchObject({
      isError: true,
      data: { error: { name: 'ToolError', code: 'NOT_APPROVED' } },
    });
    expect(again.text).toContain('do not repeat');
  });

  it('has two questions open at the same time, each with its own answer', async () => {
    const [yes, no] = era === 'modern' ? [21, 22] : [23, 24];
    answering(client, (message) =>
      message.includes(`"amount": ${no}`) || message.includes(`"amount":${no}`) ? NO : YES,
    );
    const code = `const pay = (amount: number) => work.pay({ to: 'bob', amount }).catch(({ code }: ToolError) => code);
      return await Promise.all([pay(${yes}), pay(${no}), work.echo({ text: 'beside' })]);`;
    const executed = await execute(client, code);
    expect(executed.result).toEqual([{ paid: yes, to: 'bob' }, 'NOT_APPROVED', 'beside']);
    expect(client.asked).toHaveLength(2);
    expect(work.names.toSorted()).toEqual(['echo', 'pay']);
  });

  it('asks one thing after the other', async () => {
    answering(client, () => YES);
    const code = `const first = await work.pay({ to: 'a', amount: 1 }) as { paid: number };
      return await work.pay({ to: 'b', amount: first.paid + 1 });`;
    expect(await execute(client, code)).toMatchObject({ result: { paid: 2, to: 'b' } });
    expect(client.asked).toHaveLength(2);
  });

  it('does not count the time in which its user thinks, and goes on counting afterwards', async () => {
    answering(client, async () => {
      await sleep(3000);
      return YES;
    });
    const code = `await work.pay({ to: 'slow', amount: ${era === 'modern' ? 1 : 2} }); return 'paid'`;
    expect(await execute(client, code, { timeout: 2 })).toMatchObject({ isError: false, result: 'paid' });
    const loop = `await work.pay({ to: 'slow', amount: ${era === 'modern' ? 3 : 4} }); await work.wait({ ms: 20_000 })`;
    const before = performance.now();
    expect(await execute(client, loop, { timeout: 2 })).toMatchObject({ data: { status: 'timeout' } });
    expect(performance.now() - before).toBeGreaterThan(4500);
    expect(performance.now() - before).toBeLessThan(9000);
  });

  it.each(['aged', 'fresh'])('reaches the user with what the server %s asks itself', async (server) => {
    client.forget();
    const code = `return [await ${server}.ask_name(), await ${server}.ask_in_turn(), await ${server}.ask_at_once()]`;
    const executed = await execute(client, code);
    expect(executed.result).toEqual(['Ada', 'Ada blue', 'Ada blue']);
    expect(client.asked).toHaveLength(5);
    expect(client.asked[0]?.params['message']).toContain(server);
  });
});

describe('a script whose client goes away while it is asked', () => {
  const code = `await work.pay({ to: 'gone', amount: 1 }).catch(() => 0); await work.echo({ text: 'after' })`;

  it('ends, without any further call', async () => {
    const leaving = await stage.connect('handshake');
    const abort = new AbortController();
    answering(leaving, () => {
      abort.abort();
      return new Promise<FormAnswer>(() => undefined);
    });
    await expect(execute(leaving, code, {}, { signal: abort.signal })).rejects.toThrow(/abort/i);
    const [tree] = await stage.trees();
    expect(tree?.call.outcome).toBe('cancelled');
    await leaving[Symbol.asyncDispose]();
    expect(work.names).toEqual([]);
  });

  it('waits for one that comes back by itself, and takes the answer of nobody else (A51)', async () => {
    const capabilities = { elicitation: { form: {} } };
    const params = { name: 'smcp_execute', arguments: { code } };
    const asked = await stage.modern('alice').request('tools/call', params, { capabilities });
    expect(asked.result).toMatchObject({ resultType: 'input_required' });
    expect(stage.fixture.gateway.gate.parkedCalls).toBe(1);
    const [question = ''] = Object.keys(asked.result?.['inputRequests'] ?? {});
    const back = { requestState: asked.result?.['requestState'], inputResponses: { [question]: YES } };
    const stolen = await stage.modern('bob').request('tools/call', { ...params, ...back }, { capabilities });
    expect(stolen.error).toMatchObject({ code: -32_602 });
    const other = { ...params, arguments: { code: `${code};` }, ...back };
    const changed = await stage.modern('alice').request('tools/call', other, { capabilities });
    expect(changed.error).toMatchObject({ code: -32_602 });
    expect(work.names).toEqual([]);
    const own = await stage.modern('alice').request('tools/call', { ...params, ...back }, { capabilities });
    expect(own.result).toMatchObject({ resultType: 'complete' });
    expect(work.names).toEqual(['pay', 'echo']);
    expect(stage.fixture.gateway.gate.parkedCalls).toBe(0);
  });
});

describe('a script of a client that cannot be asked', () => {
  it('is told what to do; once an operator has approved the call, the next run makes it', async () => {
    const code = `return await work.pay({ to: 'bob', amount: 99 })`;
    const refused = await stage.run('alice', code);
    expect(refused).toMatchObject({ isError: true, data: { error: { code: 'APPROVAL_REQUIRED' } } });
    const [, id = ''] = /smcp approvals approve (apr-[\w-]+)/.exec(refused.text) ?? [];
    const desk = openOperatorDesk(stage.fixture.foundation.store.approvals, Date.now);
    expect(await desk.answer(id, 'approve', { by: 'operator', user: 'dana' })).toBe('ok');
    // Another's call it is not, and only once.
    expect(await stage.run('bob', code)).toMatchObject({ data: { error: { code: 'APPROVAL_REQUIRED' } } });
    expect(await stage.run('alice', code)).toMatchObject({ result: { paid: 99, to: 'bob' } });
    expect(await stage.run('alice', code)).toMatchObject({ data: { error: { code: 'APPROVAL_REQUIRED' } } });
    expect(work.names).toEqual(['pay']);
  });

  it('gets no answers of a user from a server either', async () => {
    const executed = await stage.run(
      'alice',
      `return await aged.ask_name().catch(({ message }: ToolError) => message)`,
    );
    expect(executed.isError).toBe(false);
    expect(executed.result).not.toContain('Ada');
  });
});
