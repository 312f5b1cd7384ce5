import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../../src/door/mcp/answer.ts';
import { CallLogs } from '../../../../src/door/mcp/modern/call-logs.ts';
import { ALICE, fakeUpstream } from '../handshake/sessions.ts';

function make(level: 'info' | 'error' = 'info') {
  const said: unknown[] = [];
  const answer = {
    notify: (method: string, params: object) => {
      said.push([method, params]);
    },
  } as unknown as Answer;
  return { said, logs: new CallLogs(answer, ALICE, level) };
}

describe('CallLogs', () => {
  it('tells what is at least as important as was asked for', () => {
    const { said, logs } = make('error');
    for (const level of ['debug', 'warning', 'error', 'emergency', 'loud', undefined, 7])
      logs.tell({ level });
    expect(said).toEqual([
      ['notifications/message', { level: 'error' }],
      ['notifications/message', { level: 'emergency' }],
    ]);
  });

  it('listens to the server of the call, at its level, until its end', () => {
    const { said, logs } = make();
    const upstream = fakeUpstream();
    logs.attach(upstream);
    expect(upstream.asked).toEqual(['level info']);
    expect([...upstream.listeners].map(({ principal }) => principal)).toEqual(['["default","key:alice",[]]']);
    upstream.say('notifications/message', { level: 'info', data: 1 });
    upstream.say('notifications/resources/updated', { level: 'info', uri: 'x://1' });
    upstream.say('notifications/tools/list_changed', { level: 'info' });
    logs[Symbol.dispose]();
    expect(upstream.listeners.size).toBe(0);
    expect(said).toEqual([['notifications/message', { level: 'info', data: 1 }]]);
  });

  it('listens to one server at a time', () => {
    const { logs } = make();
    const [first, second] = [fakeUpstream(), fakeUpstream()];
    logs.attach(first);
    logs.attach(second);
    expect([first.listeners.size, second.listeners.size]).toEqual([0, 1]);
    logs[Symbol.dispose]();
    expect(second.listeners.size).toBe(0);
  });
});
