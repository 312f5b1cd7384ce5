import { expect, it } from 'vitest';
import { GITHUB, GuestRealm, text } from './guest-realm.ts';

const image = { type: 'image', data: 'AAAA', mimeType: 'image/png' };

it.each([
  ['structured content', { content: [{ type: 'text', text: 'x' }], structuredContent: { a: 1 } }, { a: 1 }],
  ['an empty structured object', { content: [], structuredContent: {} }, {}],
  ['text that is JSON', text('{"a": [1, 2]}'), { a: [1, 2] }],
  ['text that is no JSON', text('hello {'), 'hello {'],
  ['a number', text(' 12 '), 12],
  ['a number that would lose digits', text('12345678901234567890'), '12345678901234567890'],
  ['a number with a trailing zero', text('1.0'), '1.0'],
  ['a boolean and null', text('true', 'null'), [true, null]],
  ['several texts', text('one', '{"two": 2}'), ['one', { two: 2 }]],
  ['one block of another sort', { content: [image] }, image],
  ['blocks of several sorts', { content: [{ type: 'text', text: 'see' }, image] }, ['see', image]],
  ['null as structured content', { content: [{ type: 'text', text: 'x' }], structuredContent: null }, 'x'],
  ['a text block without text', { content: [{ type: 'text' }] }, { type: 'text' }],
])('a result with %s is unwrapped', async (_, result, expected) => {
  const realm = new GuestRealm().start({ servers: [GITHUB] }, () => result);
  expect(await realm.run('return github.getMe()')).toEqual(expected);
});

it.each([
  ['no content', { content: [] }],
  ['nothing', {}],
  ['null', null],
  ['a list', [1]],
  ['content that is no list', { content: { length: 1e9 } }],
])('a result that is %s gives undefined', async (_, result) => {
  const realm = new GuestRealm().start({ servers: [GITHUB] }, () => result);
  expect(await realm.run('return (await github.getMe()) === undefined')).toBe(true);
});

it('members named then and __proto__ in results stay data', async () => {
  const realm = new GuestRealm().start({ servers: [GITHUB] }, () => ({
    structuredContent: JSON.parse('{"then": "x", "__proto__": {"isAdmin": true}}'),
  }));
  expect(
    await realm.run(
      `const r = await github.getMe(); return [r.then, r.isAdmin === undefined, Object.keys(r), ({}).isAdmin === undefined]`,
    ),
  ).toEqual(['x', true, ['then', '__proto__'], true]);
});

it('a result is no error because of what it inherits', async () => {
  const realm = new GuestRealm().start({ servers: [GITHUB] }, () =>
    JSON.parse('{"__proto__": {"isError": true}, "structuredContent": {"ok": 1}}'),
  );
  expect(await realm.run('return github.getMe()')).toEqual({ ok: 1 });
});

it.each([
  ['its text', { isError: true, ...(text('no such issue', 'really') as object) }, 'no such issue\nreally'],
  ['its structured content', { isError: true, content: [], structuredContent: { why: 1 } }, '{"why":1}'],
  ['a sentence when it says nothing', { isError: true }, 'The tool failed and said nothing about it'],
])('a result that is an error throws ToolError with %s', async (_, result, message) => {
  const realm = new GuestRealm().start({ servers: [GITHUB] }, () => result);
  expect(
    await realm.run(`try { await github.listIssues() } catch (e) {
      return [e instanceof ToolError, e instanceof Error, e.name, e.message, e.server, e.tool, e.result, e.code === undefined, e.stack.includes('ToolError')]
    }`),
  ).toEqual([true, true, 'ToolError', message, 'github', 'list-issues', result, true, true]);
});

it('isError that is not true is no error', async () => {
  const realm = new GuestRealm().start({ servers: [GITHUB] }, () => ({
    isError: 'yes',
    ...(text('fine') as object),
  }));
  expect(await realm.run('return github.getMe()')).toBe('fine');
});

function refusal(name: string, details?: unknown): () => never {
  return () => {
    throw Object.assign(new Error('Not allowed'), { name, details });
  };
}

it('a refusal of the gate is a ToolError with its code', async () => {
  const details = { code: 'DENIED', server: 'github', tool: 'get_me', call: 'call-1', retryAfterMs: 5 };
  const realm = new GuestRealm().start({ servers: [GITHUB] }, refusal('ToolError', details));
  expect(
    await realm.run(
      `try { await github.getMe() } catch (e) { return [e instanceof ToolError, e.message, {...e}, e.details] }`,
    ),
  ).toEqual([true, 'Not allowed', details, details]);
});

it('raw throws for a refusal too', async () => {
  const realm = new GuestRealm().start({ servers: [GITHUB] }, refusal('ToolError', { code: 'DENIED' }));
  expect(
    await realm.run(`try { await github.getMe.raw() } catch (e) { return [e.code, e.server, e.tool] }`),
  ).toEqual(['DENIED', 'github', 'get_me']);
});

it('details that are no object, or not what a ToolError has, are left out', async () => {
  for (const details of ['text', [1], 5, null, { prototype: 1, message: 'other', stack: 'x' }]) {
    const realm = new GuestRealm().start({ servers: [GITHUB] }, refusal('ToolError', details));
    expect(await realm.run(`try { await github.getMe() } catch (e) { return [e.message, {...e}] }`)).toEqual([
      'Not allowed',
      { server: 'github', tool: 'get_me' },
    ]);
  }
});

it('another failure passes as it is', async () => {
  const realm = new GuestRealm().start({ servers: [GITHUB] }, refusal('LimitError'));
  expect(
    await realm.run(`try { await github.getMe() } catch (e) { return [e.name, e instanceof ToolError] }`),
  ).toEqual(['LimitError', false]);
});

it('a ToolError can be made when what it inherits is frozen', async () => {
  const realm = new GuestRealm().start({ servers: [GITHUB] }, refusal('ToolError', { code: 'DENIED' }));
  expect(
    await realm.run(`Object.freeze(Error.prototype); Object.freeze(Object.prototype);
      try { await github.getMe() } catch (e) { return [e.name, e.message, e.code] }`),
  ).toEqual(['ToolError', 'Not allowed', 'DENIED']);
});

it('a stack of a ToolError leads to the line of the script', async () => {
  const realm = new GuestRealm().start({ servers: [GITHUB] }, refusal('ToolError'));
  expect(
    await realm.run(`async function loadIssues() { await github.getMe() }
      try { await loadIssues() } catch (e) { return e.stack.includes('loadIssues') }`),
  ).toBe(true);
});
