import { describe, expect, it } from 'vitest';
import { createEchoCall, ifWrong } from '../load/echo-call.ts';
import { ifMessageInEvents } from '../load/event-data.ts';

const call = createEchoCall(7, '3');

function answer(change: Record<string, unknown>): string {
  const result = { content: [{ type: 'text', text: call.expected }] };
  return JSON.stringify({ jsonrpc: '2.0', id: 7, result, ...change });
}

describe('createEchoCall()', () => {
  it('makes a call of echo with a text of its own', () => {
    expect(JSON.parse(call.request)).toEqual({
      jsonrpc: '2.0',
      id: 7,
      method: 'tools/call',
      params: { name: 'echo', arguments: { message: 'client 3 call 7' } },
    });
    expect(call.expected).toBe('Echo: client 3 call 7');
    expect(createEchoCall(8, '3').expected).not.toBe(call.expected);
  });
});

describe('ifWrong()', () => {
  it('accepts the right answer', () => {
    expect(ifWrong(call, answer({}))).toBeUndefined();
  });

  it.each([
    ['the id of another call', answer({ id: 8 }), 'wrong id'],
    ['the id as text', answer({ id: '7' }), 'wrong id'],
    [
      'an error',
      answer({ result: undefined, error: { code: -32603, message: 'x' } }),
      'JSON-RPC error -32603',
    ],
    [
      'the text of another call',
      answer({ result: { content: [{ text: 'Echo: client 3 call 6' }] } }),
      'wrong result',
    ],
    [
      'a failed call',
      answer({ result: { isError: true, content: [{ text: call.expected }] } }),
      'wrong result',
    ],
    ['an empty result', answer({ result: {} }), 'wrong result'],
    ['no content', answer({ result: { content: [] } }), 'wrong result'],
    ['null', 'null', 'wrong id'],
    ['an empty body', '', 'not JSON'],
    ['a page', '<html>', 'not JSON'],
  ])('names what is wrong with %s', (_what, text, problem) => {
    expect(ifWrong(call, text)).toBe(problem);
  });
});

describe('ifMessageInEvents()', () => {
  it('finds the message among others', () => {
    const stream = `: hello\n\nevent: message\ndata: {"method":"notifications/progress"}\n\nid: 4\ndata: ${answer({})}\n\n`;
    expect(ifMessageInEvents(stream, 7)).toBe(answer({}));
  });

  it('reads line ends of either kind, and data without a space', () => {
    expect(ifMessageInEvents('event: message\r\ndata:{"id":7}\r\n\r\n', 7)).toBe('{"id":7}');
  });

  it('joins data that stands on several lines', () => {
    expect(ifMessageInEvents('data: {\ndata: "id":7}\n\n', 7)).toBe('{\n"id":7}');
  });

  it('gives undefined when no event has the id', () => {
    expect(ifMessageInEvents('data: {"id":8}\n\n', 7)).toBeUndefined();
    expect(ifMessageInEvents('', 7)).toBeUndefined();
  });
});
