import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMessage, ifChannelMessage, type ChannelMessage } from '../../../src/worker/channel/message.ts';

const ID = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const BODY = fc.jsonValue();

describe('formatMessage() and ifChannelMessage()', () => {
  it('give back every message', () => {
    const message: fc.Arbitrary<ChannelMessage> = fc.oneof(
      fc.record({ kind: fc.constant('ask' as const), id: ID, name: fc.string(), body: BODY }),
      fc.record({ kind: fc.constant('tell' as const), name: fc.string(), body: BODY }),
      fc.record({ kind: fc.constant('value' as const), id: ID, value: BODY }),
      fc.record({ kind: fc.constant('error' as const), id: ID, code: fc.string(), message: fc.string() }),
    );
    fc.assert(
      fc.property(message, (given) => {
        const line = formatMessage(given);
        expect(line).not.toContain('\n');
        // JSON knows no negative zero.
        expect(ifChannelMessage(line)).toEqual(JSON.parse(JSON.stringify(given)));
      }),
    );
  });

  it('ifChannelMessage() never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
        expect(() => ifChannelMessage(line)).not.toThrow();
      }),
    );
  });

  it.each([
    '',
    'ask',
    '{}',
    'null',
    '[]',
    '["ask"]',
    '["ask",1,"append"]',
    '["ask",0,"append",{}]',
    '["ask",-1,"append",{}]',
    '["ask",1.5,"append",{}]',
    '["ask","1","append",{}]',
    '["ask",9007199254740993,"append",{}]',
    '["ask",1,2,{}]',
    '["ask",1,"append",{},{}]',
    '["tell","release"]',
    '["tell",1,{}]',
    '["tell","release",{},1]',
    '["value",1]',
    '["value","1",true]',
    '["value",1,true,true]',
    '["error",1,"CODE"]',
    '["error",1,2,"text"]',
    '["error",1,"CODE",{}]',
    '["order",1,"append",{}]',
    '["ask",1,"append",{}]]',
  ])('ifChannelMessage() takes %j for no message', (line) => {
    expect(ifChannelMessage(line)).toBeUndefined();
  });

  it('formatMessage() writes a body that is not there as null', () => {
    expect(formatMessage({ kind: 'tell', name: 'a', body: undefined })).toBe('["tell","a",null]');
  });
});
