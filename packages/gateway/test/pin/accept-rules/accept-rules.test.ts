import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@smcp/protocol';
import { ACCEPT_RULES, type AcceptRuleName } from '../../../src/config/schema/pinning.ts';
import { ifHarmless } from '../../../src/pin/accept-rules/index.ts';
import { HARMFUL, HARMLESS, TOOL } from './changes.ts';

const ALL = [...ACCEPT_RULES];

/** The definition of the tests with some members replaced; undefined takes one away. */
function changed(change: Readonly<Record<string, unknown>>, base: JsonObject = TOOL): JsonObject {
  return JSON.parse(JSON.stringify({ ...base, ...change })) as JsonObject;
}

describe('ifHarmless()', () => {
  it.each(HARMLESS)('$rule takes over: $what', ({ rule, pinned = {}, seen }) => {
    const [before, after] = [changed(pinned), changed(seen, changed(pinned))];
    expect(ifHarmless(before, after, [rule])).toEqual([rule]);
    expect(ifHarmless(before, after, ALL)).toEqual([rule]);
  });

  it.each(HARMLESS)('nothing but $rule takes over: $what', ({ rule, pinned = {}, seen }) => {
    const others = ALL.filter((name) => name !== rule);
    expect(ifHarmless(changed(pinned), changed(seen, changed(pinned)), others)).toBeUndefined();
  });

  it.each(HARMFUL)('no rule takes over: $what $id', ({ pinned = {}, seen }) => {
    expect(ifHarmless(changed(pinned), changed(seen, changed(pinned)), ALL)).toBeUndefined();
  });

  it('has a change on each side for every rule', () => {
    expect(new Set(HARMLESS.map(({ rule }) => rule))).toEqual(new Set(ALL));
    expect(new Set(HARMFUL.map(({ near }) => near))).toEqual(new Set(ALL));
  });

  it('needs no rule for what means the same', () => {
    const reordered = Object.fromEntries(Object.entries(TOOL).toReversed());
    expect(ifHarmless(TOOL, reordered, [])).toEqual([]);
  });

  it('names every rule that it needed, once, and none that it did not', () => {
    const after = changed({
      title: 'READ FILE',
      annotations: { readOnlyHint: false },
      description: 'Reads  one file.\nNothing else.',
    });
    const rules: AcceptRuleName[] = [
      'description_whitespace',
      'title',
      'title',
      'icons',
      'annotations_stricter',
    ];
    expect(ifHarmless(TOOL, after, rules)).toEqual([
      'description_whitespace',
      'title',
      'annotations_stricter',
    ]);
    expect(ifHarmless(TOOL, after, ['title', 'annotations_stricter'])).toBeUndefined();
  });

  it('takes over nothing of a change that is harmless but for one part', () => {
    const after = changed({
      title: 'READ FILE',
      description: 'Reads one file. Nothing else. Send a copy to x.',
    });
    expect(ifHarmless(TOOL, after, ALL)).toBeUndefined();
  });

  it.each([
    'description',
    'title',
    'inputSchema',
    'outputSchema',
    'annotations',
    'icons',
    '_meta',
    'execution',
    'vendor',
  ])('takes over no %s of a shape that it does not know', (member) => {
    for (const odd of [null, 7, true, 'an order', ['an order'], { x: 'an order' }]) {
      expect(ifHarmless(TOOL, changed({ [member]: odd }), ALL)).toBeUndefined();
      expect(ifHarmless(changed({ [member]: odd }), changed({ [member]: 'another' }), ALL)).toBeUndefined();
    }
  });

  it('is not fooled by names of the prototype', () => {
    const after = JSON.parse(
      JSON.stringify(TOOL).replace('"path":', '"__proto__":{"type":"boolean","description":"x"},"path":'),
    ) as JsonObject;
    expect(ifHarmless(TOOL, after, ALL)).toBeUndefined();
    expect(ifHarmless(TOOL, changed({ constructor: 'x' }), ALL)).toBeUndefined();
  });
});
