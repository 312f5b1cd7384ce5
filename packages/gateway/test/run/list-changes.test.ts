import type { Principal } from '@smcp/policy';
import { describe, expect, it } from 'vitest';
import { LIST_KINDS, PROMPTS, RESOURCES, TEMPLATES, TOOLS, type ListKind } from '../../src/catalog/index.ts';
import type { Hearer } from '../../src/door/mcp/hearing/hearer.ts';
import { seenLists, tellDifferences, tellListChanged } from '../../src/run/list-changes.ts';
import type { View } from '../../src/view/index.ts';

const ALICE: Principal = { id: 'key:alice', kind: 'key', tenant: 'default', roles: ['eng'] };

interface FakeHearer extends Hearer {
  readonly told: string[];
}

function hearer(more: Partial<Hearer> & { readonly listed?: readonly ListKind[] } = {}): FakeHearer {
  const { listed = LIST_KINDS, ...rest } = more;
  const told: string[] = [];
  return {
    told,
    endpoint: '/mcp',
    principalNow: ALICE,
    hasListed: (kind) => listed.includes(kind),
    tellListChanged: ({ changed }) => told.push(changed),
    ...rest,
  };
}

/** Views in which a list looks as `look` says; every question is counted. */
function viewsThat(
  look: (kind: ListKind, principal: Principal, server: string | undefined) => string | undefined,
) {
  const asked: string[] = [];
  const viewOf = (server: string | undefined): View =>
    ({
      fingerprint: (kind: ListKind, { principal }: { principal: Principal }) => {
        asked.push(`${server ?? 'all'} ${kind.method} ${principal.id}`);
        return look(kind, principal, server);
      },
    }) as unknown as View;
  return { viewOf, asked };
}

function among(...all: readonly Hearer[]): { all: () => Iterable<Hearer> } {
  return { all: () => all };
}

describe('tellListChanged()', () => {
  it('tells who sees the server and may reach it', () => {
    const bob = { ...ALICE, id: 'key:bob' };
    const [all, one, other, denied] = [
      hearer(),
      hearer({ endpoint: '/mcp/files' }),
      hearer({ endpoint: '/mcp/mail' }),
      hearer({ principalNow: bob }),
    ];
    const gate = { mayReach: (principal: Principal) => principal !== bob };
    tellListChanged(among(all, one, other, denied), gate, 'files', TOOLS);
    expect([all, one, other, denied].map(({ told }) => told.length)).toEqual([1, 1, 0, 0]);
  });
});

describe('tellDifferences()', () => {
  it('tells of the lists that look different, and of no other', () => {
    const one = hearer();
    const { viewOf } = viewsThat(() => 'same');
    const before = seenLists(among(one), viewOf);
    tellDifferences(among(one), viewOf, before);
    expect(one.told).toEqual([]);
    tellDifferences(among(one), viewsThat((kind) => (kind === PROMPTS ? 'other' : 'same')).viewOf, before);
    expect(one.told).toEqual([PROMPTS.changed]);
  });

  it('tells nobody else when only some lose a right', () => {
    const [eng, ops] = [hearer(), hearer({ principalNow: { ...ALICE, id: 'key:bob', roles: ['ops'] } })];
    const look = (after: boolean) =>
      viewsThat((_kind, { roles }) => (after && roles.includes('ops') ? 'less' : 'same')).viewOf;
    tellDifferences(among(eng, ops), look(true), seenLists(among(eng, ops), look(false)));
    expect([eng.told, ops.told.length]).toEqual([[], 3]);
  });

  it('tells of resources and their templates with one message', () => {
    const one = hearer();
    const before = seenLists(among(one), viewsThat(() => 'a').viewOf);
    const changed = viewsThat((kind) => ([RESOURCES, TEMPLATES].includes(kind) ? 'b' : 'a'));
    tellDifferences(among(one), changed.viewOf, before);
    expect(one.told).toEqual([RESOURCES.changed]);
  });

  it.each([
    ['before', undefined, 'a'],
    ['after', 'a', undefined],
    ['at all', undefined, undefined],
  ])('tells of a list of which nothing could be said %s', (_when, then, now) => {
    const one = hearer();
    const before = seenLists(among(one), viewsThat(() => then).viewOf);
    tellDifferences(among(one), viewsThat(() => now).viewOf, before);
    expect(one.told).toEqual([TOOLS.changed, PROMPTS.changed, RESOURCES.changed]);
  });

  it('tells nothing of a list that was never given, and nothing to who came later', () => {
    const [one, late] = [hearer({ listed: [TOOLS] }), hearer()];
    const before = seenLists(among(one), viewsThat(() => 'a').viewOf);
    tellDifferences(among(one, late), viewsThat(() => 'b').viewOf, before);
    expect([one.told, late.told]).toEqual([[TOOLS.changed], []]);
  });

  it('tells who is at an endpoint that is no more', () => {
    const one = hearer({ endpoint: '/mcp/files' });
    const before = seenLists(among(one), viewsThat(() => 'a').viewOf);
    tellDifferences(among(one), () => undefined, before);
    expect(one.told).toHaveLength(3);
  });
});

describe('seenLists()', () => {
  it('finds out once what those with equal roles at one endpoint see', () => {
    const { viewOf, asked } = viewsThat(() => 'a');
    const equal = hearer({ principalNow: { ...ALICE, id: 'key:bob' }, listed: [TOOLS] });
    const elsewhere = hearer({ endpoint: '/mcp/files', listed: [TOOLS] });
    const others = hearer({ principalNow: { ...ALICE, roles: ['eng', 'ops'] }, listed: [TOOLS] });
    seenLists(among(hearer({ listed: [TOOLS] }), equal, elsewhere, others), viewOf);
    expect(asked).toEqual([
      'all tools/list key:alice',
      'files tools/list key:alice',
      'all tools/list key:alice',
    ]);
  });

  it('finds out for each by itself what those who act for others see', () => {
    const { viewOf, asked } = viewsThat(() => 'a');
    const delegated = { ...ALICE, delegation: { grants: [] } };
    const two = [1, 2].map(() => hearer({ principalNow: delegated, listed: [TOOLS] }));
    seenLists(among(...two), viewOf);
    expect(asked).toHaveLength(2);
  });
});
