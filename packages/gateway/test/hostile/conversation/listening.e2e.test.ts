import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceServer, startFixture, type GatewayFixture } from '../../helpers/gateway-fixture.ts';
import { RawClient } from '../../helpers/mcp-client.ts';
import { ModernClient } from '../../helpers/modern-client.ts';
import { SECRETS } from '../secrets.ts';

const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';
const STATIC = 'demo://resource/static/document/features.md';
const DENIED = 'demo://resource/static/document/startup.md';

let fixture: GatewayFixture;

beforeAll(async () => {
  fixture = await startFixture(
    {
      servers: { everything: referenceServer('everything', 'stdio') },
      api_keys: [
        { name: 'alice', key: '${ALICE}', role: 'eng' },
        { name: 'bob', key: '${BOB}', role: 'reader' },
      ],
      roles: {
        eng: { allow: ['everything:*'] },
        reader: {
          allow: [
            'everything:echo',
            'everything:toggle-subscriber-updates',
            `everything:resources/${STATIC}`,
          ],
        },
      },
    },
    { ALICE: SECRETS.alice, BOB: SECRETS.bob },
  );
});

afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

function modern(token: string): ModernClient {
  return new ModernClient(`${fixture.gateway.url}/mcp/everything`, token);
}

describe('a stream that listens', () => {
  it('is promised nothing of what its principal may not read, and hears nothing of it (A53) (A81)', async () => {
    const bob = await modern(SECRETS.bob).listen(
      { resourceSubscriptions: [DENIED, STATIC, 'demo://nothing'], promptsListChanged: true },
      { id: 1 },
    );
    const alice = await modern(SECRETS.alice).listen({ resourceSubscriptions: [DENIED] }, { id: 1 });
    await expect.poll(() => [bob.messages.length, alice.messages.length]).toEqual([1, 1]);
    expect(bob.messages[0]).toMatchObject({
      params: { notifications: { resourceSubscriptions: [STATIC] }, _meta: { [SUBSCRIPTION]: 1 } },
    });
    expect(JSON.stringify(bob.messages)).not.toContain(DENIED);
    await modern(SECRETS.alice).callTool('toggle-subscriber-updates');
    await expect.poll(() => alice.messages.length, { timeout: 15_000 }).toBeGreaterThan(1);
    await expect.poll(() => bob.messages.length, { timeout: 15_000 }).toBeGreaterThan(1);
    await modern(SECRETS.alice).callTool('toggle-subscriber-updates');
    expect(JSON.stringify(bob.messages)).not.toContain(DENIED);
    expect(JSON.stringify(alice.messages.slice(1))).not.toContain(STATIC);
    for (const one of [alice, bob]) one.close();
  });

  it('has an id of its own request alone: another stream of that id goes on and hears its own (A54) (A81)', async () => {
    const wish = { resourceSubscriptions: [STATIC] };
    const mine = await modern(SECRETS.alice).listen(wish, { id: 'same' });
    const theirs = await modern(SECRETS.bob).listen(wish, { id: 'same' });
    await expect.poll(() => [mine.messages.length, theirs.messages.length]).toEqual([1, 1]);
    theirs.close();
    await theirs.ended;
    const session = new RawClient(`${fixture.gateway.url}/mcp/everything`, SECRETS.bob);
    await session.connect();
    const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'same' } };
    expect((await session.post(cancelled)).status).toBe(202);
    await modern(SECRETS.alice).callTool('toggle-subscriber-updates');
    await expect
      .poll(() => mine.messages.at(-1), { timeout: 15_000 })
      .toMatchObject({ params: { uri: STATIC, _meta: { [SUBSCRIPTION]: 'same' } } });
    await modern(SECRETS.alice).callTool('toggle-subscriber-updates');
    expect(theirs.messages).toHaveLength(1);
    mine.close();
  });

  it('is not gone on with by somebody who names its last event (A54)', async () => {
    const answer = await modern(SECRETS.bob).post(
      'subscriptions/listen',
      { notifications: { resourceSubscriptions: [DENIED] } },
      { headers: { 'last-event-id': '0', 'mcp-session-id': 'same' } },
    );
    expect(await answer.text()).not.toContain('updated');
  });

  it('is told of no progress or log message, whoever calls meanwhile (A81)', async () => {
    const bob = await modern(SECRETS.bob).listen(
      { toolsListChanged: true },
      { id: 2, meta: { progressToken: 'p' } },
    );
    await expect.poll(() => bob.messages.length).toBe(1);
    const slow = { duration: 0.2, steps: 2 };
    const { result } = await modern(SECRETS.alice).callTool('trigger-long-running-operation', slow, {
      meta: { progressToken: 'p' },
    });
    expect(result).toBeDefined();
    expect(bob.methods).toEqual(['notifications/subscriptions/acknowledged']);
    bob.close();
  });
});
