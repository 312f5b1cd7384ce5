import { describe, expect, it } from 'vitest';
import { parseFromRunner } from '../../src/wire/from-runner.ts';
import { ProtocolError } from '../../src/wire/protocol-error.ts';

const READY = { type: 'ready', pid: 7, jitless: true };
const CALL = { type: 'call', run: 1, call: 2, name: 'tool', input: '{}' };
const OUTPUT = { type: 'output', run: 1, stream: 'stderr', text: 'hm' };
const DONE = { type: 'done', run: 3, status: 'ok', value: '1', cpuMs: 0.5, heapBytes: 1000, kept: false };
const ERROR = {
  name: 'TypeError',
  message: 'no',
  line: 2,
  column: 1,
  stack: 'at x (script.ts:2:1)',
  details: { a: [1] },
};

function parse(message: unknown) {
  return parseFromRunner(Buffer.from(JSON.stringify(message)));
}

/** Nested so deep that a recursive walk over it would overflow. */
function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

describe('parseFromRunner()', () => {
  it.each([
    ['ready', READY],
    ['call', CALL],
    ['output', OUTPUT],
    ['done', DONE],
    ['done with an error', { ...DONE, status: 'error', error: ERROR }],
    ['done with a limit', { ...DONE, status: 'limit', limit: 'calls' }],
  ])('reads %s', (_name, message) => {
    expect(parse(message)).toMatchObject(message);
  });

  const refused: [string, unknown][] = [
    ['no object', []],
    ['null', null],
    ['a text', 'ready'],
    ['no type', { run: 1 }],
    ['an unknown type', { type: 'run', run: 1 }],
    ['a type from the prototype', { type: 'constructor' }],
    ['a type in a list', { ...READY, type: ['ready'] }],
    ['a member more', { ...CALL, admin: true }],
    ['a member named __proto__', JSON.parse('{"type":"ready","pid":7,"jitless":true,"__proto__":{"pid":1}}')],
    ['a pid of 0', { ...READY, pid: 0 }],
    ['a flag that is a number', { ...READY, jitless: 1 }],
    ['a run of 0', { ...CALL, run: 0 }],
    ['a run below 0', { ...CALL, run: -1 }],
    ['a run that is no whole number', { ...CALL, run: 1.5 }],
    ['a run that is text', { ...CALL, run: '1' }],
    ['a run too large to count', { ...CALL, run: 2 ** 53 }],
    ['a call without number', { ...CALL, call: undefined }],
    ['a name that is no text', { ...CALL, name: { toString: 'x' } }],
    ['an input that is no text', { ...CALL, input: {} }],
    ['another stream', { ...OUTPUT, stream: 'stdin' }],
    ['output that is no text', { ...OUTPUT, text: 5 }],
    ['another status', { ...DONE, status: 'killed' }],
    ['a limit without its name', { ...DONE, status: 'limit' }],
    ['a limit of another name', { ...DONE, status: 'limit', limit: 'toString' }],
    ['a value that is no text', { ...DONE, value: 1 }],
    ['time below 0', { ...DONE, cpuMs: -1 }],
    ['time that is text', { ...DONE, cpuMs: '1' }],
    ['memory without a number', { ...DONE, heapBytes: null }],
    ['no word on whether it was kept', { ...DONE, kept: undefined }],
    ['an error that is text', { ...DONE, status: 'error', error: 'no' }],
    ['an error without name', { ...DONE, status: 'error', error: { message: 'no' } }],
    ['an error with a member more', { ...DONE, status: 'error', error: { ...ERROR, cause: 1 } }],
    ['an error at line 0', { ...DONE, status: 'error', error: { ...ERROR, line: 0 } }],
  ];
  it.each(refused)('refuses %s', (_name, message) => {
    expect(() => parse(message)).toThrow(ProtocolError);
  });

  it('refuses bytes that are no UTF-8', () => {
    const frame = Buffer.from(JSON.stringify(OUTPUT).replace('hm', '\u00ff'), 'latin1');
    expect(() => parseFromRunner(frame)).toThrow(ProtocolError);
  });

  it('refuses JSON that is cut off', () => {
    expect(() => parseFromRunner(Buffer.from('{"type":"ready"'))).toThrow(ProtocolError);
  });

  it('refuses a byte order mark before the JSON', () => {
    expect(() => parseFromRunner(Buffer.from(`\ufeff${JSON.stringify(READY)}`))).toThrow(ProtocolError);
  });

  it('refuses details that are nested too deep to walk over', () => {
    const text = JSON.stringify({ ...DONE, status: 'error', error: { ...ERROR, details: 0 } });
    const frame = (depth: number) => Buffer.from(text.replace('"details":0', `"details":${nested(depth)}`));
    expect(parseFromRunner(frame(500))).toMatchObject({ status: 'error' });
    expect(() => parseFromRunner(frame(600))).toThrow(ProtocolError);
    expect(() => parseFromRunner(frame(1_000_000))).toThrow(ProtocolError);
  });

  it('keeps a member __proto__ of details as data', () => {
    const text = JSON.stringify({ ...DONE, status: 'error', error: { ...ERROR, details: 0 } });
    const message = parseFromRunner(
      Buffer.from(text.replace('"details":0', '"details":{"__proto__":{"x":1}}')),
    );
    const details = message.type === 'done' ? message.error?.details : undefined;
    expect(Object.keys(details as object)).toEqual(['__proto__']);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it('cuts what an error says to a sane length', () => {
    const long = 'x'.repeat(1_000_000);
    const message = parse({ ...DONE, status: 'error', error: { name: long, message: long, stack: long } });
    const error = message.type === 'done' ? message.error : undefined;
    expect(error?.name).toHaveLength(200);
    expect(error?.message).toHaveLength(64 * 1024);
    expect(error?.stack).toHaveLength(64 * 1024);
  });
});
