import { describe, expect, it } from 'vitest';
import { ifAnsweredId } from '../../../src/upstream/stdio/answered-id.ts';

const ends = (text: string): number | undefined => ifAnsweredId(text.slice(0, 256), text.slice(-256));
const big = 'x'.repeat(2000);

describe('ifAnsweredId()', () => {
  it.each([
    ['id first', `{"jsonrpc":"2.0","id":7,"result":{"text":"${big}"}}`],
    ['id first, without jsonrpc', `{"id":7,"result":{"text":"${big}"},"jsonrpc":"2.0"}`],
    ['with blanks', `{ "jsonrpc": "2.0", "id": 7, "error": {"message":"${big}"}}`],
    ['id last, as the official SDK writes it', `{"result":{"text":"${big}"},"jsonrpc":"2.0","id":7}`],
    ['id last, with blanks', `{"jsonrpc":"2.0","result":{"text":"${big}"}, "id" : 7 } `],
  ])('finds the id of a response: %s', (_how, text) => {
    expect(ends(text)).toBe(7);
  });

  it.each([
    [
      'a request of the server',
      `{"jsonrpc":"2.0","id":7,"method":"sampling/createMessage","params":{"text":"${big}"}}`,
    ],
    ['a request with the id last', `{"method":"sampling/createMessage","params":{"text":"${big}"},"id":7}`],
    ['a notification', `{"jsonrpc":"2.0","method":"notifications/message","params":{"text":"${big}"}}`],
    ['an id inside the result', `{"jsonrpc":"2.0","result":{"text":"${big}","id":7}}`],
    ['a string id', `{"jsonrpc":"2.0","id":"7","result":{"text":"${big}"}}`],
    ['a fraction', `{"jsonrpc":"2.0","id":7.5,"result":{"text":"${big}"}}`],
    [
      'a number beyond what is exact',
      `{"jsonrpc":"2.0","id":12345678901234567890,"result":{"text":"${big}"}}`,
    ],
    ['other members in between', `{"jsonrpc":"2.0","extra":1,"id":7,"result":{"text":"${big}"}}`],
    ['text that is no JSON', big],
    ['an array', `[{"jsonrpc":"2.0","id":7,"result":{"text":"${big}"}}]`],
  ])('finds none in %s', (_what, text) => {
    expect(ends(text)).toBeUndefined();
  });
});
