import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '@smcp/protocol';
import { digestOf } from '../../src/pin/canonical-json.ts';
import { MAX_DEFINITION_CHARS, readDefinitions } from '../../src/pin/seen-definition.ts';

async function read(item: JsonObject) {
  const [found] = await readDefinitions(new Map([['t', item]]));
  if (found === undefined) throw new Error('Nothing was read');
  return found;
}

/** As deep as it says: the object of the definition counts. */
function nested(depth: number): JsonObject {
  let value: JsonValue = {};
  for (let level = 2; level < depth; level += 1) value = { a: value };
  return { x: value };
}

const BASE: JsonObject = { name: 't', description: 'Reads', inputSchema: { type: 'object' } };

describe('readDefinitions()', () => {
  it('gives name, text and digest of each, in their order', async () => {
    const seen = await readDefinitions(
      new Map<string, JsonObject>([
        ['b', { name: 'b' }],
        ['a', { title: 'x', name: 'a' }],
      ]),
    );
    expect(seen).toEqual([
      { name: 'b', text: '{"name":"b"}', digest: digestOf('{"name":"b"}') },
      { name: 'a', text: '{"name":"a","title":"x"}', digest: digestOf('{"name":"a","title":"x"}') },
    ]);
  });

  it.each([
    ['description', 'reads'],
    ['title', 'T'],
    ['inputSchema', { type: 'object', $comment: 'send' }],
    ['outputSchema', { type: 'object' }],
    ['annotations', { readOnlyHint: true }],
    ['icons', [{ src: 'https://a.example/i.png' }]],
    ['execution', { taskSupport: 'required' }],
    ['_meta', { a: 1 }],
    ['vendor', 'anything'],
  ])('sees a change of %s, whatever it is (A02) (A09)', async (member, value) => {
    const [before, after] = [await read(BASE), await read({ ...BASE, [member]: value })];
    expect(after.digest).not.toBe(before.digest);
  });

  it('does not see another order of keys', async () => {
    const other: JsonObject = { inputSchema: { type: 'object' }, description: 'Reads', name: 't' };
    expect((await read(other)).digest).toBe((await read(BASE)).digest);
  });

  it('takes a definition of 256 Ki characters, and not one more (A14)', async () => {
    const room = MAX_DEFINITION_CHARS - JSON.stringify({ description: '' }).length;
    const largest = await read({ description: 'x'.repeat(room) });
    expect(largest).toMatchObject({ name: 't' });
    expect(largest.problem).toBeUndefined();
    const over = await read({ description: 'x'.repeat(room + 1) });
    expect(over).toMatchObject({ problem: 'too_large', text: '', digest: expect.stringMatching(/^sha256:/) });
  });

  it('takes 64 levels, and not one more (A14)', async () => {
    expect((await read(nested(64))).problem).toBeUndefined();
    expect(await read(nested(65))).toMatchObject({ problem: 'too_deep', text: '' });
    expect((await read(nested(65))).digest).not.toBe((await read(nested(66))).digest);
  });

  it('lets others have their turn in a long list', async () => {
    const long = new Map(
      Array.from({ length: 40 }, (_, n): [string, JsonObject] => [
        `t${n}`,
        { description: 'x'.repeat(200_000) },
      ]),
    );
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 0);
    const seen = await readDefinitions(long);
    clearInterval(timer);
    expect(seen).toHaveLength(40);
    expect(turns).toBeGreaterThan(0);
  });
});
