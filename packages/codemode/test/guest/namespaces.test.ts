import { expect, it } from 'vitest';
import { DRIVE, GITHUB, GuestRealm, text } from './guest-realm.ts';

const echo = ({ input }: { input: unknown }): unknown => ({ content: [], structuredContent: input });

it('a namespace calls a tool by its alias, snake name and raw name [S3-20] [S3-21]', async () => {
  const realm = new GuestRealm().start({ servers: [GITHUB] }, echo);
  await realm.run(
    `await github.listIssues({a: 1}); await github.list_issues(); await github['list-issues'](null)`,
  );
  expect(realm.asked).toEqual([
    { name: 'tool', input: { server: 'github', tool: 'list-issues', args: { a: 1 }, raw: false } },
    { name: 'tool', input: { server: 'github', tool: 'list-issues', args: {}, raw: false } },
    { name: 'tool', input: { server: 'github', tool: 'list-issues', args: {}, raw: false } },
  ]);
});

it('a namespace lists its methods and hides their other names', async () => {
  const realm = new GuestRealm().start({ servers: [GITHUB] });
  expect(await realm.run('return Object.keys(github)')).toEqual(['listIssues', 'getMe']);
  expect(
    await realm.run('return [github.list_issues === github.listIssues, github.nothing === undefined]'),
  ).toEqual([true, true]);
});

it('a namespace is frozen, inherits nothing and is no promise', async () => {
  const server = { ...GITHUB, tools: [...GITHUB.tools!, ['then', 'then', 'then'] as const] };
  const realm = new GuestRealm().start({ servers: [server] });
  expect(
    await realm.run(`return [
      Object.isFrozen(github), Object.getPrototypeOf(github), 'toString' in github, 'then' in github, 'constructor' in github,
      Object.isFrozen(github.listIssues), (await github) === github,
    ]`),
  ).toEqual([true, null, false, false, false, true, true]);
  expect(realm.asked).toEqual([]);
});

it('a tool named like a member of every object is no member, but can be called by name', async () => {
  const odd = ['__proto__', 'constructor', 'toString', 'then', 'toJSON'];
  const server = { ...GITHUB, tools: odd.map((name) => [name, `${name}_`, `${name}_2`] as const) };
  const realm = new GuestRealm().start({ servers: [server] }, echo);
  expect(
    await realm.run('return [Object.getPrototypeOf(github), typeof github.constructor, typeof github.then_]'),
  ).toEqual([null, 'undefined', 'function']);
  await realm.run(`await call('github', '__proto__'); await github.__proto___()`);
  expect(realm.asked.map(({ input }) => input['tool'])).toEqual(['__proto__', '__proto__']);
});

it('the same namespace stands under mcp_, in mcp_servers and in servers', async () => {
  const realm = new GuestRealm().start({ servers: [GITHUB, DRIVE] });
  expect(
    await realm.run(`return [
      googleDrive === mcp_google_drive, googleDrive === mcp_servers['Google Drive'], googleDrive === servers['Google Drive'],
      googleDrive === servers.googleDrive, googleDrive === mcp_servers.google_drive,
      Object.keys(servers), Object.keys(mcp_servers), servers.nope === undefined,
    ]`),
  ).toEqual([true, true, true, true, true, ['github', 'Google Drive'], ['github', 'Google Drive'], true]);
});

it("a server's own name goes before the alias of another", async () => {
  const one = { name: 'a-b', alias: 'aB', snake: 'a_b', loaded: true, tools: null };
  const two = { name: 'aB', alias: 'aB2', snake: 'a_b_2', loaded: true, tools: null };
  const realm = new GuestRealm().start({ servers: [one, two] }, echo);
  expect(await realm.run(`return (await servers['aB'].x()).server`)).toBe('aB');
});

it('a server named add leaves servers.add alone', async () => {
  const add = { name: 'add', alias: 'add', snake: 'add', loaded: true, tools: null };
  const realm = new GuestRealm().start({ servers: [add] }, echo);
  expect(
    await realm.run(`return [servers.add === mcp_servers.add, (await mcp_servers.add.x()).server]`),
  ).toEqual([false, 'add']);
});

it('a server that is not loaded takes any name for a method', async () => {
  const realm = new GuestRealm().start({ servers: [DRIVE] }, echo);
  await realm.run(`await googleDrive.listFiles({q: 'x'}); await googleDrive['odd name!']()`);
  expect(realm.asked.map(({ input }) => [input['server'], input['tool'], input['args']])).toEqual([
    ['Google Drive', 'listFiles', { q: 'x' }],
    ['Google Drive', 'odd name!', {}],
  ]);
});

it('a server that is not loaded is no promise, cannot be changed and calls nothing by being looked at', async () => {
  const realm = new GuestRealm().start({ servers: [DRIVE] }, echo);
  expect(
    await realm.run(`
      await googleDrive; JSON.stringify(googleDrive);
      const tries = [
        () => { googleDrive.x = 1 }, () => { delete googleDrive.x }, () => Object.setPrototypeOf(googleDrive, {}),
        () => Object.defineProperty(googleDrive, 'x', {value: 1}), () => Object.preventExtensions(googleDrive), () => String(googleDrive),
      ];
      return [
        tries.map((t) => { try { t(); return 'done' } catch (e) { return e.name } }), Object.keys(googleDrive),
        'x' in googleDrive, 'then' in googleDrive, googleDrive.x === googleDrive.x, googleDrive.constructor === undefined,
      ]`),
  ).toEqual([Array.from({ length: 6 }, () => 'TypeError'), [], true, false, true, true]);
  expect(realm.asked).toEqual([]);
});

it.each([
  ["'owner'", 'string'],
  ['[1]', 'an array'],
  ['5', 'number'],
  ['() => 1', 'function'],
])('a method refuses %s in place of arguments, before anything is asked', async (args, found) => {
  const realm = new GuestRealm().start({ servers: [GITHUB] }, echo);
  const message = await realm.run(
    `try { await github.listIssues(${args}) } catch (e) { return e.name + ': ' + e.message }`,
  );
  expect(message).toBe(`TypeError: github.listIssues takes one object of arguments, not ${found}`);
  expect(realm.asked).toEqual([]);
});

it('own members of arguments named __proto__ stay data', async () => {
  const realm = new GuestRealm().start({ servers: [GITHUB] }, echo);
  const value = await realm.run(`
    const reply = await github.listIssues(JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'));
    return [Object.keys(reply.args), ({}).polluted === undefined]`);
  expect(value).toEqual([['__proto__', 'constructor'], true]);
});

it('raw gives the untouched result, also one that is an error', async () => {
  const result = { content: [{ type: 'text', text: '{"a":1}' }], isError: true, _meta: { x: 1 } };
  const realm = new GuestRealm().start({ servers: [GITHUB, DRIVE] }, () => result);
  expect(await realm.run('return github.listIssues.raw({a: 1})')).toEqual(result);
  expect(await realm.run(`return call('github', 'list-issues', {}, {raw: true})`)).toEqual(result);
  expect(await realm.run(`return googleDrive.x.raw()`)).toEqual(result);
  expect(realm.asked.map(({ input }) => input['raw'])).toEqual([true, true, true]);
});

it('calls made at once are under way at once', async () => {
  let open = 0;
  let most = 0;
  const realm = new GuestRealm().start({ servers: [GITHUB] }, async () => {
    most = Math.max(most, (open += 1));
    await new Promise((done) => setTimeout(done, 5));
    open -= 1;
    return text('1');
  });
  expect(await realm.run('return Promise.all([1, 2, 3].map(() => github.getMe()))')).toEqual([1, 1, 1]);
  expect(most).toBe(3);
});

it('a script that redefines what the language offers changes nothing in calls', async () => {
  const realm = new GuestRealm().start({ servers: [GITHUB] }, () => text('{"a":1}'));
  expect(
    await realm.run(`
      JSON.parse = () => 'evil'; Array.isArray = () => false; Object.hasOwn = () => false; Reflect.get = () => 'evil'; Object.keys = () => [];
      String.prototype.trim = () => 'evil'; Object.defineProperty = () => { throw 1 };
      return github.listIssues()`),
  ).toEqual({ a: 1 });
});
