import { describe, expect, it } from 'vitest';
import { makeCalls } from '../../../../../src/engines/javascript/runner/guest/make-calls.js';
import { makeToJson } from '../../../../../src/engines/javascript/runner/guest/make-to-json.js';

function create(limits: Partial<Record<'calls' | 'parallelCalls' | 'callInputBytes', number>> = {}) {
  const posted: unknown[][] = [];
  const calls = makeCalls((...values) => {
    posted.push(values);
    if (values[0] === 'limit') {
      // The runner ends the isolate here; a test can only throw.
      throw new Error(`Over ${String(values[1])}`);
    }
  }, makeToJson());
  calls.begin({ calls: 100, parallelCalls: 2, callInputBytes: 100, ...limits });
  return { ...calls, posted };
}

describe('call()', () => {
  it('posts input as JSON and gives what was parsed', async () => {
    const { call, settle, posted } = create();
    const result = call('tool', { a: [1] });
    expect(posted).toEqual([['call', 1, 'tool', '{"a":[1]}']]);
    settle(1, true, '{"b":2}');
    expect(await result).toEqual({ b: 2 });
  });

  it('posts null for no input', () => {
    const { call, posted } = create();
    void call('tool');
    expect(posted[0]?.[3]).toBe('null');
  });

  it('rejects with name, message and details of the host', async () => {
    const { call, settle } = create();
    const result = call('tool');
    settle(1, false, '{"name":"ToolError","message":"no","details":{"code":7}}');
    const error = await result.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'ToolError', message: 'no', details: { code: 7 } });
    expect(Object.keys(error as Error)).toEqual(['details']);
  });

  it('keeps a __proto__ of a result as a member', async () => {
    const { call, settle } = create();
    const result = call('tool');
    settle(1, true, '{"__proto__":{"a":1},"then":"x"}');
    expect(Object.keys((await result) as object)).toEqual(['__proto__', 'then']);
  });

  it('sends no more at a time than it may, in order', () => {
    const { call, settle, posted } = create({ parallelCalls: 2 });
    const names = () => posted.map(([, , name]) => name);
    ['a', 'b', 'c', 'd'].forEach((name) => void call(name));
    expect(names()).toEqual(['a', 'b']);
    settle(2, true, '1');
    expect(names()).toEqual(['a', 'b', 'c']);
    settle(1, true, '1');
    expect(posted.map(([, id]) => id)).toEqual([1, 2, 3, 4]);
  });

  it('keeps its order over many', () => {
    const { call, settle, posted } = create({ calls: 1000, parallelCalls: 1 });
    for (let at = 0; at < 500; at += 1) {
      void call(`n${at}`);
    }
    for (let at = 1; at < 500; at += 1) {
      settle(at, true, '1');
    }
    expect(posted.map(([, , name]) => name)).toEqual(Array.from({ length: 500 }, (_, at) => `n${at}`));
  });

  it('ignores answers to what is not open', async () => {
    const { call, settle } = create();
    const result = call('a');
    settle(9, true, '0');
    settle(1, true, '1');
    settle(1, true, '2');
    expect(await result).toBe(1);
  });

  it('ends the run at one call too many', async () => {
    const { call, posted } = create({ calls: 2 });
    await expect(Promise.all([call('a'), call('b'), call('c')])).rejects.toThrow('Over calls');
    expect(posted.filter(([kind]) => kind === 'call')).toHaveLength(2);
  });

  it('ends the run at too much input', async () => {
    const { call } = create({ callInputBytes: 10 });
    void call('a', '12345678');
    await expect(call('a', '123456789')).rejects.toThrow('Over callInputBytes');
  });

  it.each([[1], [''], ['x'.repeat(201)], [undefined]])('refuses %j as a name', async (name) => {
    await expect(create().call(name)).rejects.toThrow(TypeError);
  });

  it('refuses what JSON cannot hold, before it counts', async () => {
    const { call, posted } = create({ calls: 1 });
    await expect(call('a', { b: 1n })).rejects.toThrow('BigInt at .b');
    void call('a');
    expect(posted).toHaveLength(1);
  });

  it('begin() forgets everything of the run before', () => {
    const { call, settle, begin, posted } = create({ parallelCalls: 1 });
    void call('old');
    void call('waiting');
    begin({ calls: 1, parallelCalls: 1, callInputBytes: 10 });
    void call('new');
    settle(1, true, '1');
    expect(posted.map(([, id, name]) => [id, name])).toEqual([
      [1, 'old'],
      [1, 'new'],
    ]);
  });
});
