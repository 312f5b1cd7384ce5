import { describe, expect, it } from 'vitest';
import type { Listing } from '../../src/catalog/index.ts';
import { assignUris, templateServer } from '../../src/view/resource-uris.ts';

function part(server: string, ...templates: string[]): { server: string; listing: Listing } {
  const byKey = new Map(templates.map((uriTemplate) => [uriTemplate, { uriTemplate }]));
  const items = [...byKey.values()];
  return {
    server,
    listing: { items, byKey, withheld: 0, version: 1, fetchedAt: 0, ttlMs: undefined, cacheScope: 'private' },
  };
}

describe('assignUris()', () => {
  it('keeps URIs, and puts the second of two equal ones under its server', () => {
    const table = assignUris([
      { server: 'a', name: 'x://1' },
      { server: 'b', name: 'x://1' },
      { server: 'c', name: 'x://1' },
    ]);
    expect([...table]).toEqual([
      ['x://1', { server: 'a', name: 'x://1' }],
      ['smcp://b/x://1', { server: 'b', name: 'x://1' }],
      ['smcp://c/x://1', { server: 'c', name: 'x://1' }],
    ]);
  });

  it('lets no server take a public URI that another one has already', () => {
    const table = assignUris([
      { server: 'a', name: 'x://1' },
      { server: 'evil', name: 'smcp://b/x://1' },
      { server: 'b', name: 'x://1' },
    ]);
    expect(table.get('smcp://b/x://1')).toEqual({ server: 'evil', name: 'smcp://b/x://1' });
    expect([...table.values()]).toContainEqual({ server: 'b', name: 'x://1' });
  });
});

describe('templateServer()', () => {
  const parts = [
    part('wide', 'file:///{+path}'),
    part('narrow', 'file:///docs/{name}'),
    part('any', '{+uri}'),
  ];

  it.each([
    ['file:///docs/a', 'narrow'],
    ['file:///docs/', 'narrow'],
    ['file:///docs', 'wide'],
    ['file:///x', 'wide'],
    ['FILE:///x', undefined],
    ['http://x', undefined],
    ['', undefined],
  ])('sends %j to %s', (uri, server) => {
    expect(templateServer(parts, uri)).toBe(server);
  });

  it('prefers the first of two that begin alike', () => {
    expect(templateServer([part('a', 'x://{id}'), part('b', 'x://{name}')], 'x://1')).toBe('a');
  });
});
