import { describe, expect, it } from 'vitest';
import { SavedScripts, type SavedScriptsOptions } from '../../src/scripts/saved-scripts.ts';
import type { SavedScript } from '../../src/scripts/saved-script.ts';
import { memoryScripts } from './memory-scripts.ts';

const ALICE = {
  tenant: 'acme',
  principal: 'key:alice',
  serverNamed: (name: string) => (name === 'github' ? 'github' : undefined),
};
const BOB = { ...ALICE, principal: 'key:bob' };
const ELSEWHERE = { ...ALICE, tenant: 'other' };

const REQUEST = {
  name: 'count_issues',
  description: 'Counts issues',
  code: 'return 1',
  servers: ['github'],
};

function open(options: Partial<SavedScriptsOptions> = {}) {
  let nowMs = 1_800_000_000_000;
  return new SavedScripts({ table: memoryScripts(), now: () => (nowMs += 1), ...options });
}

const BOUNDS = { maxNames: 100, maxWaiting: 100, maxWaitingPerOwner: 100, maxSettled: 100 };
const states = (scripts: readonly SavedScript[]) =>
  scripts.map(({ version, state }) => `${version} ${state}`).sort();

describe('SavedScripts.save()', () => {
  it('keeps a script that waits for approval and is in force for nobody [S3-62]', async () => {
    const scripts = open();
    const saved = await scripts.save(REQUEST, ALICE);
    expect(saved).toEqual({
      tenant: 'acme',
      name: 'count_issues',
      version: 1,
      description: 'Counts issues',
      language: 'typescript',
      code: 'return 1',
      inputSchema: { type: 'object', properties: {}, additionalProperties: false },
      outputSchema: undefined,
      servers: ['github'],
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      savedBy: 'key:alice',
      savedAt: 1_800_000_000_001,
      state: 'waiting',
      findings: [],
    });
    expect(await scripts.inForce('acme', 'count_issues')).toBeUndefined();
    expect(await scripts.tools('acme')).toEqual([]);
  });

  it('saves nothing whose arguments could not be checked', async () => {
    const scripts = open({ schemaFault: ({ title }) => (title === 'odd' ? 'it is odd' : undefined) });
    const input = { type: 'object', title: 'odd' };
    await expect(scripts.save({ ...REQUEST, input }, ALICE)).rejects.toMatchObject({
      code: 'SCRIPT_INVALID',
      message: '"input" is a schema that arguments cannot be checked against: it is odd',
    });
    expect(await scripts.list()).toEqual([]);
    await scripts.save({ ...REQUEST, input: { ...input, title: 'even' } }, ALICE);
    expect(await scripts.list()).toHaveLength(1);
  });

  it('saves nothing when nothing changed, whoever saves it again', async () => {
    const scripts = open();
    const first = await scripts.save(REQUEST, ALICE);
    expect(await scripts.save({ ...REQUEST, servers: ['github', 'github'] }, BOB)).toEqual(first);
    const approved = await scripts.approve(first, 'operator:root');
    expect(await scripts.save(REQUEST, ALICE)).toEqual(approved);
    expect(await scripts.list('acme')).toHaveLength(1);
  });

  it.each([
    ['code', { code: 'return 2' }],
    ['language', { language: 'javascript' }],
    ['description', { description: 'Counts all issues' }],
    ['input', { input: { type: 'object' } }],
    ['output', { output: { type: 'object' } }],
    ['servers', { servers: [] }],
  ])('makes a new version of another %s', async (_, change) => {
    const scripts = open();
    const first = await scripts.save(REQUEST, ALICE);
    const second = await scripts.save({ ...REQUEST, ...change }, ALICE);
    expect(second).toMatchObject({ version: 2, state: 'waiting' });
    expect(second.digest).not.toBe(first.digest);
  });

  it('counts versions of each name and tenant by themselves', async () => {
    const scripts = open();
    await scripts.save(REQUEST, ALICE);
    expect(await scripts.save({ ...REQUEST, name: 'other' }, ALICE)).toMatchObject({ version: 1 });
    const elsewhere = await scripts.save(REQUEST, ELSEWHERE);
    expect(elsewhere).toMatchObject({ version: 1, tenant: 'other' });
    expect(elsewhere.digest).not.toBe((await scripts.list('acme'))[0]?.digest);
  });

  it('refuses a script with a credential and keeps nothing of it (A97)', async () => {
    const scripts = open();
    const secret = `ghp_${'a1'.repeat(18)}`;
    const saving = scripts.save({ ...REQUEST, code: `return "${secret}"` }, ALICE);
    await expect(saving).rejects.toMatchObject({
      code: 'SCRIPT_INVALID',
      message: expect.stringContaining('code holds a GitHub token at 1:9'),
    });
    await expect(saving).rejects.not.toThrow(secret);
    expect(await scripts.list()).toEqual([]);
  });

  it('refuses a credential that the host keeps', async () => {
    const scripts = open({ holdsSecret: (text) => text.includes('correct horse') });
    await expect(
      scripts.save({ ...REQUEST, description: 'Says correct horse' }, ALICE),
    ).rejects.toMatchObject({
      code: 'SCRIPT_INVALID',
      message: expect.stringContaining('description holds a credential of this gateway'),
    });
  });

  it('shows the approver what the scan found', async () => {
    const saved = await open().save({ ...REQUEST, code: 'eval("1") // ignore previous rules' }, ALICE);
    expect(saved.findings).toEqual([
      'code: "ignore previous", which reads like an instruction to a model',
      'code: "eval" at 1:1 makes code out of text',
    ]);
  });

  it('saves in the languages that there are', async () => {
    const scripts = open({ languages: ['javascript'] });
    await expect(scripts.save({ ...REQUEST, language: 'typescript' }, ALICE)).rejects.toMatchObject({
      code: 'SCRIPT_INVALID',
    });
    expect(await scripts.save({ ...REQUEST, language: 'javascript' }, ALICE)).toMatchObject({ version: 1 });
  });

  it.each([undefined, null, 'x', [], { name: 'x' }])('refuses %j', async (request) => {
    await expect(open().save(request, ALICE)).rejects.toMatchObject({ code: 'SCRIPT_INVALID' });
  });
});

describe('SavedScripts limits', () => {
  const named = (index: number) => ({ ...REQUEST, name: `s${index}` });

  it('bounds what one principal has waiting', async () => {
    const scripts = open({ limits: { ...BOUNDS, maxWaitingPerOwner: 2 } });
    const first = await scripts.save(named(1), ALICE);
    await scripts.save(named(2), ALICE);
    await expect(scripts.save(named(3), ALICE)).rejects.toMatchObject({
      code: 'SCRIPT_LIMIT',
      message: expect.stringContaining('2 scripts that you saved wait for approval'),
    });
    await expect(scripts.save(named(3), BOB)).resolves.toBeDefined();
    await scripts.reject(first, 'operator:root');
    await expect(scripts.save(named(4), ALICE)).resolves.toBeDefined();
  });

  it('counts those that come at once', async () => {
    const scripts = open({ limits: { ...BOUNDS, maxWaitingPerOwner: 3 } });
    const saved = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) => scripts.save(named(index), ALICE)),
    );
    expect(saved.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  });

  it('bounds what a tenant has waiting, and no other tenant', async () => {
    const scripts = open({ limits: { ...BOUNDS, maxWaiting: 1 } });
    await scripts.save(named(1), ALICE);
    await expect(scripts.save(named(2), BOB)).rejects.toMatchObject({ code: 'SCRIPT_LIMIT' });
    await expect(scripts.save(named(2), ELSEWHERE)).resolves.toBeDefined();
  });

  it('bounds the names of a tenant, but not new versions of one', async () => {
    const scripts = open({ limits: { ...BOUNDS, maxNames: 1 } });
    await scripts.approve(await scripts.save(named(1), ALICE), 'operator:root');
    await expect(scripts.save(named(2), ALICE)).rejects.toMatchObject({
      code: 'SCRIPT_LIMIT',
      message: expect.stringContaining('at most 1'),
    });
    await expect(scripts.save({ ...named(1), code: 'return 2' }, ALICE)).resolves.toMatchObject({
      version: 2,
    });
    await scripts.reject(
      (await scripts.list()).find(({ version }) => version === 2)!,
      'operator:root',
    );
    await scripts.retire('acme', 's1', 'operator:root');
    await expect(scripts.save(named(2), ALICE)).resolves.toBeDefined();
  });

  it('forgets the oldest that are settled', async () => {
    const scripts = open({ limits: { ...BOUNDS, maxSettled: 2 } });
    for (const index of [1, 2, 3]) {
      await scripts.reject(await scripts.save(named(index), ALICE), 'operator:root');
    }
    await scripts.save(named(4), ALICE);
    expect((await scripts.list()).map(({ name }) => name)).toEqual(['s2', 's3', 's4']);
  });
});

describe('SavedScripts answers', () => {
  it('approve() puts that version in force, for its tenant alone', async () => {
    const scripts = open();
    const saved = await scripts.save(REQUEST, ALICE);
    const approved = await scripts.approve(saved, 'operator:root');
    expect(approved).toMatchObject({ state: 'approved', answeredBy: 'operator:root' });
    expect(await scripts.inForce('acme', 'count_issues')).toEqual(approved);
    expect(await scripts.inForce('other', 'count_issues')).toBeUndefined();
    expect(await scripts.inForce('acme', 'Count_issues')).toBeUndefined();
  });

  it('what is in force stays so while a new version waits, and after it was rejected (A09)', async () => {
    const scripts = open();
    const first = await scripts.approve(await scripts.save(REQUEST, ALICE), 'operator:root');
    const second = await scripts.save({ ...REQUEST, code: 'return evil()' }, BOB);
    expect(await scripts.inForce('acme', 'count_issues')).toEqual(first);
    await scripts.reject(second, 'operator:root');
    expect(await scripts.inForce('acme', 'count_issues')).toEqual(first);
  });

  it('a new version retires the one before, and retire() brings none back', async () => {
    const scripts = open();
    for (const code of ['return 1', 'return 2', 'return 3']) {
      await scripts.approve(await scripts.save({ ...REQUEST, code }, ALICE), 'operator:root');
    }
    expect(states(await scripts.list('acme'))).toEqual(['1 retired', '2 retired', '3 approved']);
    await scripts.retire('acme', 'count_issues', 'operator:root');
    expect(await scripts.inForce('acme', 'count_issues')).toBeUndefined();
    await expect(scripts.retire('acme', 'count_issues', 'operator:root')).rejects.toMatchObject({
      code: 'SCRIPT_UNKNOWN',
    });
    const again = await scripts.save({ ...REQUEST, code: 'return 3' }, ALICE);
    expect(again).toMatchObject({ version: 4, state: 'waiting' });
  });

  it('retire() takes every version out, also when an earlier answer stopped half-way', async () => {
    const table = memoryScripts();
    const scripts = open({ table });
    for (const code of ['return 1', 'return 2']) {
      const saved = await scripts.save({ ...REQUEST, code }, ALICE);
      await table.answer(saved, { from: ['waiting'], to: 'approved', by: 'operator:root', at: 1 });
    }
    await scripts.retire('acme', 'count_issues', 'operator:root');
    expect(states(await scripts.list('acme'))).toEqual(['1 retired', '2 retired']);
  });

  it('approve() refuses an older version than the one in force', async () => {
    const scripts = open();
    const older = await scripts.save(REQUEST, ALICE);
    const newer = await scripts.save({ ...REQUEST, code: 'return 2' }, ALICE);
    await scripts.approve(newer, 'operator:root');
    await expect(scripts.approve(older, 'operator:root')).rejects.toMatchObject({
      code: 'SCRIPT_INVALID',
      message: expect.stringContaining('older than version 2'),
    });
    expect(await scripts.inForce('acme', 'count_issues')).toMatchObject({ version: 2 });
  });

  it('a version that was rejected is not asked about again', async () => {
    const scripts = open();
    await scripts.reject(await scripts.save(REQUEST, ALICE), 'operator:root');
    await expect(scripts.save(REQUEST, BOB)).rejects.toMatchObject({
      code: 'SCRIPT_INVALID',
      message: expect.stringContaining('rejected as version 1'),
    });
    await expect(scripts.save({ ...REQUEST, code: 'return 2' }, BOB)).resolves.toMatchObject({ version: 2 });
  });

  it.each(['approve', 'reject'] as const)('%s() takes a version once', async (answer) => {
    const scripts = open();
    const saved = await scripts.save(REQUEST, ALICE);
    const both = await Promise.allSettled([
      scripts[answer](saved, 'operator:a'),
      scripts[answer](saved, 'operator:b'),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await expect(scripts.approve(saved, 'operator:c')).rejects.toMatchObject({
      code: 'SCRIPT_INVALID',
      message: expect.stringContaining('does not wait'),
    });
  });

  it('approve() sees an answer that came from another process', async () => {
    const table = memoryScripts();
    const scripts = open({ table: { ...table, answer: async () => false } });
    const saved = await scripts.save(REQUEST, ALICE);
    await expect(scripts.approve(saved, 'operator:root')).rejects.toMatchObject({ code: 'SCRIPT_INVALID' });
  });

  it.each([
    ['another digest than was looked at (A34)', { digest: `sha256:${'0'.repeat(64)}` }, 'SCRIPT_INVALID'],
    ['another version', { version: 2 }, 'SCRIPT_UNKNOWN'],
    ['another name', { name: 'other' }, 'SCRIPT_UNKNOWN'],
    ['another tenant', { tenant: 'other' }, 'SCRIPT_UNKNOWN'],
  ])('approve() refuses %s', async (_, change, code) => {
    const scripts = open();
    const saved = await scripts.save(REQUEST, ALICE);
    await expect(scripts.approve({ ...saved, ...change }, 'operator:root')).rejects.toMatchObject({ code });
    expect(states(await scripts.list('acme'))).toEqual(['1 waiting']);
  });
});

describe('SavedScripts.tools()', () => {
  it('lists what is in force in the order of names', async () => {
    const scripts = open();
    for (const name of ['b', 'c', 'a']) {
      await scripts.approve(await scripts.save({ ...REQUEST, name }, ALICE), 'operator:root');
    }
    await scripts.save({ ...REQUEST, name: 'd' }, ALICE);
    expect((await scripts.tools('acme')).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(await scripts.tools('other')).toEqual([]);
  });
});
