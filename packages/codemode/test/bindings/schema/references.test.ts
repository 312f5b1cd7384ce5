import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@smcp/protocol';
import { createReferences } from '../../../src/bindings/schema/references.ts';

const found = { title: 'found' };
const find = (root: JsonObject, reference: string, resource: JsonObject = root): unknown =>
  createReferences(root).find(reference, resource)?.schema;

describe('createReferences()', () => {
  it.each([
    ['#/$defs/x', { $defs: { x: found } }],
    ['#/definitions/x', { definitions: { x: found } }],
    ['#/properties/a/items', { properties: { a: { items: found } } }],
    ['#/anyOf/1', { anyOf: [{}, found] }],
    ['#/$defs/a~1b~0c', { $defs: { 'a/b~c': found } }],
    ['#/$defs/a%20b', { $defs: { 'a b': found } }],
    ['#/$defs/100%', { $defs: { '100%': found } }],
    ['#/$defs/', { $defs: { '': found } }],
    ['#here', { $defs: { x: { ...found, $anchor: 'here' } } }],
    ['#here', { $defs: { x: { ...found, $dynamicAnchor: 'here' } } }],
    ['#old', { definitions: { x: { ...found, $id: '#old' } } }],
    ['https://a.example/x', { $defs: { x: { ...found, $id: 'https://a.example/x' } } }],
    ['x.json', { $id: 'https://a.example/root', $defs: { x: { ...found, $id: 'x.json' } } }],
    ['/y/x', { $id: 'https://a.example/y/root', $defs: { x: { ...found, $id: 'x' } } }],
    ['urn:x', { $defs: { x: { ...found, $id: 'urn:x' } } }],
    ['x#in', { $defs: { x: { $id: 'x', $defs: { y: { ...found, $anchor: 'in' } } } } }],
    ['x#/$defs/y', { $defs: { x: { $id: 'x', $defs: { y: found } } } }],
    ['#/$defs/__proto__', JSON.parse('{"$defs":{"__proto__":{"title":"found"}}}')],
  ] as [string, JsonObject][])('find() follows %s', (reference, root) => {
    expect(find(root, reference)).toMatchObject(found);
  });

  it('find() takes # for the whole, and for the resource that it stands in', () => {
    const inner = { $id: 'inner', $defs: { x: found } };
    const root = { $defs: { inner, x: { title: 'outer' } } };
    expect(find(root, '#')).toBe(root);
    expect(find(root, '#', inner)).toBe(inner);
    expect(find(root, '#/$defs/x', inner)).toBe(found);
    expect(find(root, '#/$defs/x')).toMatchObject({ title: 'outer' });
  });

  it.each([
    '#/$defs/missing',
    '#/__proto__',
    '#/constructor/prototype',
    '#/$defs/x/toString',
    '#missing',
    'https://evil.example/schema',
    'file:///etc/passwd',
    '//host.example/x',
    `#/${'a/'.repeat(5000)}`,
    '#/anyOf/-1',
    '#/anyOf/length',
  ])('find() finds nothing at %s', (reference) => {
    expect(find({ $defs: { x: found }, anyOf: [found] }, reference)).toBeUndefined();
  });

  it('find() stops looking for anchors in a schema without end', () => {
    let schema: JsonObject = { $anchor: 'deep' };
    for (let n = 0; n < 100_000; n += 1) schema = { not: schema };
    expect(find(schema, '#deep')).toBeUndefined();
  });
});
