import { expect, it } from 'vitest';
import { DRIVE, GITHUB, GuestRealm } from './guest-realm.ts';

it('what an earlier run made reaches the host of the present one', async () => {
  const realm = new GuestRealm().start({ servers: [GITHUB] }, () => ({ structuredContent: { run: 1 } }));
  await realm.run('globalThis.mine = () => github.getMe(); globalThis.old = github');
  realm.start({ servers: [GITHUB] }, () => ({ structuredContent: { run: 2 } }));
  expect(await realm.run('return [await mine(), await old.getMe()]')).toEqual([{ run: 2 }, { run: 2 }]);
});

it('a later run sees servers and tools as they are now', async () => {
  const realm = new GuestRealm().start({ servers: [DRIVE] });
  realm.start({ servers: [GITHUB, { ...DRIVE, tools: [['list', 'list', 'list']] }] });
  expect(await realm.run('return [Object.keys(googleDrive), Object.keys(servers)]')).toEqual([
    ['list'],
    ['github', 'Google Drive'],
  ]);
});

it('a global that the script has made its own stays so', async () => {
  const realm = new GuestRealm().start({ servers: [GITHUB] });
  await realm.run(`globalThis.github = 'mine'; globalThis.googleDrive = 'mine too'; call = 5`);
  realm.start({ servers: [GITHUB, DRIVE] });
  expect(await realm.run('return [github, googleDrive, call, typeof servers.github]')).toEqual([
    'mine',
    'mine too',
    5,
    'object',
  ]);
});

it('ToolError is the same class in every run', async () => {
  const realm = new GuestRealm().start();
  await realm.run('globalThis.Kept = ToolError');
  realm.start();
  expect(await realm.run('return Kept === ToolError')).toBe(true);
});

it('no server takes the place of a global of the language', async () => {
  const evil = ['JSON', 'Promise', 'console', 'globalThis', 'undefined'].map((alias) => ({
    ...DRIVE,
    name: alias,
    alias,
    snake: alias,
  }));
  const realm = new GuestRealm().start({ servers: evil });
  expect(await realm.run(`return [typeof JSON.parse, typeof Promise.all, typeof undefined]`)).toEqual([
    'function',
    'function',
    'undefined',
  ]);
});

it('a preview answers a call that is not made with a placeholder', async () => {
  const realm = new GuestRealm().start({ servers: [GITHUB], mode: 'preview' }, ({ input }) =>
    input['tool'] === 'get_me' ? { made: { structuredContent: { id: 7 } } } : { planned: 3 },
  );
  expect(
    await realm.run(`
      const me = await github.getMe();
      const issue = await github.listIssues({owner: me.id});
      await github.listIssues({parent: issue.id, all: [issue], title: \`see \${issue.items[0].id}\`});
      await github.listIssues(issue.args);
      return me`),
  ).toEqual({ id: 7 });
  expect(realm.asked.map(({ input }) => input['args'])).toEqual([
    {},
    { owner: 7 },
    {
      parent: { $result: 3, path: ['id'] },
      all: [{ $result: 3, path: [] }],
      title: 'see <result 3.items[0].id>',
    },
    { $result: 3, path: ['args'] },
  ]);
});

it('a preview warns when the script goes on without knowing', async () => {
  const realm = new GuestRealm().start({ servers: [GITHUB], mode: 'preview' }, () => ({ planned: 1 }));
  await realm.run('for (const each of await github.listIssues()) await github.getMe()');
  expect(realm.asked).toHaveLength(1);
  expect(realm.warned).toEqual([expect.stringContaining('<result 1>')]);
});

it('outside of a preview no result makes a placeholder', async () => {
  const realm = new GuestRealm().start({ servers: [GITHUB] }, () => ({
    planned: 1,
    structuredContent: { a: 1 },
  }));
  expect(await realm.run('return github.getMe()')).toEqual({ a: 1 });
});
