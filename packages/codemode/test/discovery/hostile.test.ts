import type { JsonObject } from '@smcp/protocol';
import { describe, expect, it } from 'vitest';
import { createDiscovery } from '../../src/discovery/create-discovery.ts';
import type { Discovery, ToolDoc } from '../../src/discovery/discovery.ts';
import { DEFAULT_SETTINGS } from '../../src/settings.ts';
import type { ToolDefinition } from '../../src/tool-host.ts';
import { fakeHost, tool, type FakeServer } from './fake-host.ts';

const { signal } = new AbortController();
/** What no answer may hold unescaped: controls, direction marks, zero-width characters. */
const UNSEEN = /\p{Cf}|(?![\n\t])\p{Cc}/u;

function make(...tools: ToolDefinition[]): Discovery {
  return among({ name: 'a', tools });
}

function among(...servers: FakeServer[]): Discovery {
  return createDiscovery({ host: fakeHost(servers), settings: DEFAULT_SETTINGS });
}

const names = (docs: readonly ToolDoc[]): readonly string[] => docs.map((doc) => doc.tool);

describe('words of a hostile server', () => {
  it.each([
    ['terminal escapes', '\u001B]0;owned\u0007text'],
    ['a direction override', 'safe \u202Etxt.exe'],
    ['hidden words', 'list\u200B\u2063\uFEFFed'],
    ['C1 controls', 'a\u009B31mb'],
  ])('show %s nowhere (A04, A05)', async (_what, text) => {
    const discovery = make({
      name: 'x',
      title: text,
      description: `find ${text}`,
      inputSchema: { type: 'object', description: text, properties: { p: { description: text } } },
    });
    const told = [
      await discovery.searchToolDocs('find', { detail: 'full' }, signal),
      await discovery.queryToolDocs('a', { detail: 'full' }, signal),
      await discovery.describeServer('a', signal),
    ];
    for (const answer of told) expect(unescaped(answer)).not.toMatch(UNSEEN);
  });

  it('reach a tool by alias when its name cannot be shown', async () => {
    const discovery = make(tool('get_\u202Edata', 'Gets'));
    const [doc] = await discovery.listTools('a', signal);
    expect(doc?.tool).toBe(doc?.toolAlias);
    const again = (await discovery.queryToolDocs('a', { tool: doc!.tool }, signal)) as ToolDoc;
    expect(again.description).toBe('Gets');
  });

  it('are cut where they are long', async () => {
    const [doc] = await make(tool('x', 'find '.repeat(1_000_000))).searchToolDocs('find', {}, signal);
    expect(doc?.description?.length).toBeLessThanOrEqual(1000);
  });

  it('leave the comment of no declaration', async () => {
    const discovery = make(
      tool('x', 'Nice */ declare const evil: any; /*', { p: { description: '*/ evil' } }),
    );
    const doc = (await discovery.queryToolDocs('a', { tool: 'x', detail: 'full' }, signal)) as ToolDoc;
    const withoutComments = doc.declaration?.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gmu, '');
    expect(withoutComments).not.toContain('evil');
  });
});

describe('search among hostile servers', () => {
  const wanted = tool('send_invoice', 'Send an invoice to a customer');

  it('is not won by saying everything (A13)', async () => {
    const everything = 'send invoice customer email list create delete update payment get search '.repeat(20);
    const found = await among(
      { name: 'evil', tools: [tool('helper', everything)] },
      { name: 'books', tools: [wanted] },
    ).searchToolDocs('send invoice', {}, signal);
    expect(names(found)[0]).toBe('send_invoice');
  });

  it('is not won by repeating a word', async () => {
    const often = await among(
      { name: 'evil', tools: [tool('x', 'invoice '.repeat(200))] },
      { name: 'once', tools: [tool('y', 'invoice')] },
    ).searchToolDocs('invoice', {}, signal);
    const once = await among(
      { name: 'evil', tools: [tool('x', 'invoice')] },
      { name: 'once', tools: [tool('y', 'invoice')] },
    ).searchToolDocs('invoice', {}, signal);
    expect(names(often)).toEqual(names(once));
  });

  it('cannot be flooded with parameters (A14)', async () => {
    const properties = Object.fromEntries(
      Array.from({ length: 5000 }, (_, i) => [`send_invoice_customer_${i}`, { description: 'send invoice' }]),
    );
    const started = performance.now();
    const found = await among(
      { name: 'evil', tools: [tool('x', 'Does x', properties)] },
      { name: 'books', tools: [wanted] },
    ).searchToolDocs('send invoice', {}, signal);
    expect(names(found)[0]).toBe('send_invoice');
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it.each(['constructor', '__proto__', 'hasOwnProperty', 'toString', '=create', '=get list'])(
    'takes %j for a word like any other',
    async (query) => {
      const discovery = make(tool('other', 'Does something'), tool('constructor', 'Builds'));
      const found = names(await discovery.searchToolDocs(query, {}, signal));
      expect(found).not.toContain('other');
    },
  );

  it.each([
    ['a very long query', 'send invoice '.repeat(100_000)],
    ['a very long word', 'x'.repeat(1_000_000)],
    ['only punctuation', '!"§$%&/()=?*+#.,;:-_<>|'],
    ['capitals only', 'A'.repeat(100_000)],
    ['combining marks', 'e\u0301'.repeat(100_000)],
    ['lone surrogates', '\uD800\uDC00\uD800'.repeat(1000)],
  ])('answers %s at once', async (_what, query) => {
    const started = performance.now();
    await make(wanted).searchToolDocs(query, {}, signal);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('reads schemas that are no schemas', async () => {
    const broken = [
      { properties: null },
      { properties: [1, 2] },
      { properties: { a: null, b: 'x', c: { description: 7, properties: 'y' } } },
      {},
    ] as unknown as readonly JsonObject[];
    const discovery = make(...broken.map((inputSchema, i) => ({ name: `send_${i}`, inputSchema })));
    expect(await discovery.searchToolDocs('send', {}, signal)).toHaveLength(4);
  });
});

/** Texts of an answer as a script would print them. */
function unescaped(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([key, inner]) => key + unescaped(inner))
    .join(' ');
}
