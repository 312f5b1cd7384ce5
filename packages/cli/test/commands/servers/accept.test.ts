import { describe, expect, it } from 'vitest';
import type { Place } from '../../run-cli.ts';
import { held, inState, makePinnedPlace, READ } from './pins-place.ts';

const NEXT = { ...READ, description: 'Reads one file' };
const EVERYTHING = [
  held('read', NEXT, { pinnedDigest: 'sha256:p' }),
  held('fresh', { name: 'fresh' }, { reason: 'new' }),
  held('ask', { name: 'ask', title: 'Ask' }, { kind: 'prompt' }),
  held('read', { name: 'read' }, { kind: 'prompt', reason: 'new' }),
  held(
    'files',
    { config: 'sha256:d', name: 'files', version: '2.0.0', where: 'npx' },
    { kind: 'server', reason: 'version_changed' },
  ),
];

async function stillHeld(place: Place): Promise<readonly string[]> {
  return await inState(place, async ({ pins }) =>
    (await pins.held()).map(({ kind, name }) => `${kind} ${name}`),
  );
}

const accept = async (place: Place, ...args: readonly string[]) =>
  await place.smcp(['servers', 'accept', 'files', '--by', 'dana', ...args]);

describe('smcp servers accept', () => {
  it.each([
    [['read'], ['prompt ask', 'prompt read', 'server files', 'tool fresh']],
    [
      ['read', 'fresh'],
      ['prompt ask', 'prompt read', 'server files'],
    ],
    [
      ['--prompt', 'read', 'ask'],
      ['server files', 'tool fresh', 'tool read'],
    ],
    [['--identity'], ['prompt ask', 'prompt read', 'tool fresh', 'tool read']],
    [
      ['read', '--prompt', 'ask'],
      ['prompt read', 'server files', 'tool fresh'],
    ],
    [['--all'], []],
  ])('%j takes over just that', async (args, left) => {
    await using place = await makePinnedPlace(...EVERYTHING);
    const { code, stdout } = await accept(place, ...args);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Accepted \d changes? of files\n/),
    });
    expect(await stillHeld(place)).toEqual(left);
  });

  it('pins what was seen, in the name of the operator', async () => {
    await using place = await makePinnedPlace(...EVERYTHING);
    await accept(place, 'read');
    await inState(place, async ({ pins }) => {
      expect(
        JSON.parse((await pins.pinnedDefinition('files', { kind: 'tool', name: 'read' })) ?? ''),
      ).toEqual(NEXT);
      expect((await pins.pins('files')).find(({ kind }) => kind === 'tool')).toMatchObject({
        acceptedBy: 'operator:dana',
      });
    });
  });

  it('leaves a record of who accepted what', async () => {
    await using place = await makePinnedPlace(...EVERYTHING);
    await accept(place, 'read');
    const { stdout } = await place.smcp(['audit', 'export', '--type', 'system']);
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
      event: 'definitions.accepted',
      detail: {
        server: 'files',
        by: 'dana',
        osUser: expect.any(String),
        count: 1,
        names: [{ kind: 'tool', name: 'read', pinned: 'sha256:p', seen: expect.stringMatching(/^sha256:/) }],
      },
    });
  });

  it('gives machines what was accepted', async () => {
    await using place = await makePinnedPlace(...EVERYTHING);
    const { stdout } = await accept(place, 'read', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      server: 'files',
      accepted: [{ kind: 'tool', name: 'read' }],
      impossible: [],
    });
  });

  it.each([
    [[], 'USAGE', 2],
    [['--all', 'read'], 'USAGE', 2],
    [['--all', '--identity'], 'USAGE', 2],
    [['read', '--digest', 'read'], 'USAGE', 2],
    [['read', '--digest', 'sha256:00'], 'USAGE', 2],
    [['read', '--digest', 'sha256:00000000'], 'NOT_FOUND', 1],
    [['write'], 'NOT_FOUND', 1],
    [['READ'], 'NOT_FOUND', 1],
    [['ask'], 'NOT_FOUND', 1],
    [['read', 'write'], 'NOT_FOUND', 1],
    [['--prompt', 'fresh'], 'NOT_FOUND', 1],
    [['read', '--by', 'dana smith'], 'USAGE', 2],
  ])('refuses %j with %s, and takes over nothing', async (args, error, code) => {
    await using place = await makePinnedPlace(...EVERYTHING);
    const ran = await place.smcp(['servers', 'accept', 'files', ...args, '--json']);
    expect({ code: ran.code, error: JSON.parse(ran.stdout).error.code }).toEqual({ code, error });
    expect(await stillHeld(place)).toHaveLength(5);
  });

  it('takes over only what was looked at, when its digest is given', async () => {
    await using place = await makePinnedPlace(...EVERYTHING);
    const shown = (await place.smcp(['servers', 'diff'])).stdout;
    const digest = /^tool files:read .*, (sha256:[0-9a-f]+)\)$/m.exec(shown)?.[1] ?? '';
    // The server has changed it once more meanwhile.
    await inState(place, async ({ pins }) => {
      const basis = (await pins.server('files'))?.version ?? 0;
      await pins.write('files', { basis, hold: [held('read', { ...READ, description: 'evil' })] });
    });
    expect((await accept(place, 'read', '--digest', digest)).code).toBe(1);
    expect(await stillHeld(place)).toHaveLength(5);
    await using same = await makePinnedPlace(...EVERYTHING);
    expect((await accept(same, 'read', '--digest', digest)).code).toBe(0);
  });

  it('says that nothing is held, and of which server it knows nothing', async () => {
    await using place = await makePinnedPlace();
    expect((await accept(place, '--all')).stderr).toContain('Not held, or not with this digest: anything');
    expect((await place.smcp(['servers', 'accept', 'flies', '--all'])).stderr).toContain(
      'Nothing is pinned of a server "flies"',
    );
  });

  it.each(['too_large', 'too_deep', 'too_many', 'not_pinned'] as const)(
    'cannot take over what is %s, and ends with 1',
    async (reason) => {
      const kind = reason === 'not_pinned' ? 'server' : 'tool';
      await using place = await makePinnedPlace(
        held('huge', {}, { reason, kind, definition: '' }),
        held('read', NEXT),
      );
      const { code, stdout } = await accept(place, '--all');
      expect(code).toBe(1);
      expect(stdout).toContain(`Cannot be accepted\n  ${kind} huge: `);
      expect(await stillHeld(place)).toEqual([`${kind} huge`]);
    },
  );
});

describe('smcp servers pins', () => {
  it('lists what is pinned, since when and by whom', async () => {
    await using place = await makePinnedPlace(...EVERYTHING);
    const { code, stdout } = await place.smcp(['servers', 'pins', 'files']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^files {2}pinned 2026-08-01 10:30 by operator:dana$/m);
    expect(stdout).toMatch(/^tool +read +sha256:[0-9a-f]{16} +2026-08-01 10:30 +operator:dana$/m);
    expect(stdout).not.toContain('fresh');
  });

  it('gives machines everything but what is of use to nobody', async () => {
    await using place = await makePinnedPlace();
    const { servers } = JSON.parse((await place.smcp(['servers', 'pins', '--json'])).stdout);
    expect(servers).toEqual([
      {
        server: 'files',
        identity: { where: 'npx', config: 'sha256:c', name: 'files', version: '1.0.0' },
        lists: ['tool', 'prompt'],
        firstSeenAt: '2026-08-01T10:30:00.000Z',
        acceptedAt: '2026-08-01T10:30:00.000Z',
        acceptedBy: 'operator:dana',
        pins: [
          expect.objectContaining({ kind: 'prompt', name: 'ask' }),
          expect.objectContaining({ kind: 'tool', name: 'read', digest: expect.stringMatching(/^sha256:/) }),
        ],
      },
    ]);
  });
});

describe('smcp servers unpin', () => {
  it('forgets a server, pins and held changes, and records that', async () => {
    await using place = await makePinnedPlace(...EVERYTHING);
    expect(await place.smcp(['servers', 'unpin', 'files'])).toMatchObject({
      code: 0,
      stdout: 'Forgot the pins of files\n',
    });
    expect(await stillHeld(place)).toEqual([]);
    expect((await place.smcp(['servers', 'pins'])).stdout).toBe('Nothing is pinned\n');
    expect((await place.smcp(['audit', 'export', '--type', 'system'])).stdout).toContain('server.unpinned');
    expect((await place.smcp(['servers', 'unpin', 'files'])).code).toBe(1);
  });
});
