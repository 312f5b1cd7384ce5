import { describe, expect, it } from 'vitest';
import { Outlet } from '../../../../../src/engines/javascript/runner/run/outlet.js';
import { Ending, isForced } from '../../../../../src/engines/javascript/runner/run/result.js';

function create(limits: Record<string, number> = {}, isSent = true) {
  const sent: object[] = [];
  const ending = new Ending(() => {});
  const message = {
    run: 7,
    limits: { calls: 5, parallelCalls: 2, callInputBytes: 10, outputBytes: 10, ...limits },
  };
  const send = (message: object) => {
    sent.push(message);
    return isSent;
  };
  return { outlet: new Outlet(message, send, ending), sent, ending };
}

describe('Outlet', () => {
  it('sends calls and output with the number of the run', () => {
    const { outlet, sent } = create();
    outlet.call(1, 'tool', '{}');
    outlet.print('stdout', 'a');
    expect(sent).toEqual([
      { type: 'call', run: 7, call: 1, name: 'tool', input: '{}' },
      { type: 'output', run: 7, stream: 'stdout', text: 'a' },
    ]);
  });

  it('close() knows what is open', () => {
    const { outlet } = create();
    outlet.call(1, 'tool', '{}');
    expect([outlet.close(2), outlet.close(1), outlet.close(1)]).toEqual([false, true, false]);
  });

  it.each([
    ['calls', (outlet: Outlet) => outlet.call(6, 'a', '')],
    [
      'parallelCalls',
      (outlet: Outlet) => {
        [1, 2, 3].forEach((call) => outlet.call(call, 'a', ''));
      },
    ],
    ['callInputBytes', (outlet: Outlet) => outlet.call(1, 'a', '€€€€')],
    ['outputBytes', (outlet: Outlet) => outlet.print('stdout', '€'.repeat(34))],
  ])('ends the run over %s', async (limit, exceed) => {
    const { outlet, ending } = create();
    exceed(outlet);
    expect(await ending.over).toEqual({ status: 'limit', limit });
  });

  it('ends the run at a call that no frame can hold', async () => {
    const { outlet, ending } = create({}, false);
    outlet.call(1, 'a', '');
    expect(await ending.over).toEqual({ status: 'limit', limit: 'callInputBytes' });
    expect(outlet.close(1)).toBe(false);
  });

  it('leaves output up to ten times the bound to the host', () => {
    const { outlet, sent, ending } = create();
    outlet.print('stdout', 'x'.repeat(100));
    expect([sent.length, ending.isOver]).toEqual([1, false]);
    outlet.print('stdout', 'x');
    expect([sent.length, ending.isOver]).toEqual([1, true]);
  });

  it('printLoose() tells of ten at most', () => {
    const { outlet, sent } = create({ outputBytes: 10_000 });
    for (let at = 0; at < 50; at += 1) {
      outlet.printLoose(new Error('loose'));
    }
    expect(sent).toHaveLength(10);
  });
});

describe('Ending', () => {
  it('takes the first result only, and tells it once', async () => {
    const told: unknown[] = [];
    const ending = new Ending((result) => told.push(result));
    ending.end({ status: 'ok' });
    ending.exceed('calls');
    expect(await ending.over).toEqual({ status: 'ok' });
    expect(told).toEqual([{ status: 'ok' }]);
  });

  it('isForced() tells what ends a process from what ends a script', () => {
    expect(['ok', 'error', 'timeout', 'memory', 'limit'].map((status) => isForced({ status }))).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
  });
});
