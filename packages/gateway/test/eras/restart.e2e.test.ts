import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Era } from '@smcp/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFixture } from '../helpers/gateway-fixture.ts';
import { connectOverHttp } from './client/connect.ts';
import type { EraClient } from './client/era-client.ts';
import { textOf } from './features/feature.ts';
import { KEY } from './harness/era-gateway.ts';
import { processBehind, startKillableServer, type KillableServer } from './harness/killable-server.ts';
import { waitUntil } from './harness/wait-until.ts';
import { WAYS, type Way } from './harness/ways.ts';

/** A fresh gateway in front of a server, as one that saw several crashes would wait before it reaches the server again, and a client of it. */
async function startScene(way: Way, server: KillableServer, era: Era) {
  await using opening = new AsyncDisposableStack();
  const fixture = opening.use(
    await startFixture({
      servers: { it: { ...server.entry, scope: way.scope } },
      api_keys: [{ name: 'alice', key: KEY, role: 'eng' }],
      roles: { eng: { allow: ['*:*'] } },
    }),
  );
  const client = opening.use(await connectOverHttp(era, `${fixture.gateway.url}/mcp/it`, KEY));
  const opened = opening.move();
  return { client, [Symbol.asyncDispose]: async () => await opened.disposeAsync() };
}

/** The user takes so long to answer that the server crashes and comes back in the meantime. Resolves once it is back. */
async function crashWhenAsked(client: EraClient, server: KillableServer): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const crash = async (): Promise<void> => {
    await server.kill(await processBehind(client));
    await server.revive();
  };
  const elicit = async () => {
    await crash().then(resolve, reject);
    return { action: 'accept', content: { name: 'Ada' } } as const;
  };
  client.answers = { ...client.answers, elicit };
  await promise;
}

describe.each(WAYS.filter(({ scope }) => scope !== 'session'))(
  'a server that crashes, $era over $transport',
  (way) => {
    let folder: string;
    let server: KillableServer;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'smcp-eras-'));
      server = await startKillableServer(way, folder);
    });

    afterAll(async () => {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    });

    describe.each(['modern', 'handshake'] as const)('with a %s client', (era) => {
      /** How often a call of this client ran, by its tag. */
      const runs = async (tag: string): Promise<number> =>
        (await server.executed()).filter((run) => run === `${era} ${tag}`).length;
      const count = async (client: EraClient, tag: string, delayMs = 0): Promise<unknown> =>
        textOf(await client.callTool('count', { tag: `${era} ${tag}`, delayMs }));

      it('before a call, runs it once after the restart', async () => {
        await using scene = await startScene(way, server, era);
        const { client } = scene;
        expect(await count(client, 'before')).toBe(`counted ${era} before`);
        const pid = await processBehind(client);
        await server.kill(pid);
        await server.revive();
        expect(await count(client, 'after')).toBe(`counted ${era} after`);
        expect(await processBehind(client)).not.toBe(pid);
        expect([await runs('before'), await runs('after')]).toEqual([1, 1]);
      });

      it('in the middle of a call, has its client told that it may have run, and does not run it again', async () => {
        await using scene = await startScene(way, server, era);
        const { client } = scene;
        const pid = await processBehind(client);
        const outcome = count(client, 'middle', 30_000).then(String, String);
        await waitUntil('the call to run', async () => ((await runs('middle')) > 0 ? true : undefined));
        await server.kill(pid);
        await server.revive();
        expect(await outcome).toMatch(/may have run/);
        expect(await count(client, 'next')).toBe(`counted ${era} next`);
        expect([await runs('middle'), await runs('next')]).toEqual([1, 1]);
      });

      const [becomes, expected] =
        way.era === 'modern'
          ? ['goes on, as it needs no memory', /^Ada$/]
          : ['has it told that the call may have run', /may have run/];
      it(`while a client is asked, ${becomes}`, async () => {
        await using scene = await startScene(way, server, era);
        const { client } = scene;
        const revived = crashWhenAsked(client, server);
        const outcome = client.callTool('ask_name').then((result) => String(textOf(result)), String);
        expect(await outcome).toMatch(expected);
        await revived;
        expect(client.asked).toHaveLength(1);
        expect(await count(client, 'later')).toBe(`counted ${era} later`);
      });
    });
  },
);
