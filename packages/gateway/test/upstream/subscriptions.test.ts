import { describe, expect, it } from 'vitest';
import { Subscriptions } from '../../src/upstream/subscriptions.ts';
import { UpstreamError } from '../../src/upstream/upstream-error.ts';
import type { UpstreamListener } from '../../src/upstream/upstream.ts';

const listener = (principal: string): UpstreamListener => ({ principal, notification: () => undefined });
const ANN = listener('ann');
const BOB = listener('bob');

/** A server that is asked, and answers when told. */
function makeServer(): {
  asked: string[];
  ask: (what: string) => () => Promise<void>;
  answer: (error?: Error) => void;
} {
  const asked: string[] = [];
  const waiting: ((error?: Error) => void)[] = [];
  return {
    asked,
    ask: (what) => async () => {
      asked.push(what);
      await new Promise<void>((resolve, reject) => {
        waiting.push((error) => (error === undefined ? resolve() : reject(error)));
      });
    },
    answer: (error) => waiting.shift()?.(error),
  };
}

const settle = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));
const never = async (): Promise<void> => {
  throw new Error('must not be asked');
};

describe('Subscriptions', () => {
  it('asks the server once for two who come at the same time, and tells both', async () => {
    const subscriptions = new Subscriptions();
    const { asked, ask, answer } = makeServer();
    const both = [subscriptions.add(ANN, 'u', ask('ann')), subscriptions.add(BOB, 'u', ask('bob'))];
    await settle();
    answer();
    await Promise.all(both);
    expect(asked).toEqual(['ann']);
    expect([...subscriptions.followers('u')]).toEqual([ANN, BOB]);
    expect(subscriptions.of(BOB)).toEqual(['u']);
    expect(subscriptions.size).toBe(1);
  });

  it('leaves nothing behind when the server refuses, and the next one asks again', async () => {
    const subscriptions = new Subscriptions();
    const { asked, ask, answer } = makeServer();
    const ann = subscriptions.add(ANN, 'u', ask('ann'));
    const bob = subscriptions.add(BOB, 'u', ask('bob'));
    await settle();
    answer(new Error('refused'));
    await expect(ann).rejects.toThrow('refused');
    answer();
    await bob;
    expect(asked).toEqual(['ann', 'bob']);
    expect([...subscriptions.followers('u')]).toEqual([BOB]);
  });

  it('has a follower by the time that the server answers, for news may come in the same stretch', async () => {
    const subscriptions = new Subscriptions();
    const { ask, answer } = makeServer();
    const added = subscriptions.add(ANN, 'u', ask('ann'));
    await settle();
    expect([...subscriptions.followers('u')]).toEqual([ANN]);
    answer();
    await added;
  });

  it('asks for the end only when the last one leaves', async () => {
    const subscriptions = new Subscriptions();
    const asked: string[] = [];
    const end = (who: string) => async (): Promise<void> => void asked.push(who);
    await subscriptions.add(ANN, 'u', async () => undefined);
    await subscriptions.add(BOB, 'u', never);
    await subscriptions.remove(ANN, 'u', end('ann'));
    expect([...subscriptions.followers('u')]).toEqual([BOB]);
    await subscriptions.remove(BOB, 'u', end('bob'));
    expect(asked).toEqual(['bob']);
    expect(subscriptions.size).toBe(0);
  });

  it('asks for nothing when somebody leaves who never followed', async () => {
    const subscriptions = new Subscriptions();
    await subscriptions.remove(ANN, 'u', never);
    await subscriptions.add(BOB, 'u', async () => undefined);
    await subscriptions.remove(ANN, 'u', never);
    await subscriptions.add(BOB, 'u', never);
    expect([...subscriptions.followers('u')]).toEqual([BOB]);
  });

  it('asks for one thing after the other, so that the last wish holds', async () => {
    const subscriptions = new Subscriptions();
    const { asked, ask, answer } = makeServer();
    await subscriptions.add(ANN, 'u', async () => undefined);
    const left = subscriptions.remove(ANN, 'u', ask('unsubscribe'));
    const joined = subscriptions.add(BOB, 'u', ask('subscribe'));
    await settle();
    expect(asked).toEqual(['unsubscribe']);
    answer();
    await left;
    await settle();
    expect(asked).toEqual(['unsubscribe', 'subscribe']);
    answer();
    await joined;
    expect([...subscriptions.followers('u')]).toEqual([BOB]);
  });

  it('does not make one resource wait for another', async () => {
    const subscriptions = new Subscriptions();
    const { asked, ask, answer } = makeServer();
    const slow = subscriptions.add(ANN, 'slow', ask('slow'));
    await subscriptions.add(ANN, 'quick', async () => undefined);
    expect(asked).toEqual(['slow']);
    answer();
    await slow;
    expect(subscriptions.of(ANN)).toEqual(['slow', 'quick']);
  });

  it('restore() asks for everything followed, also after a refusal, and keeps what was refused', async () => {
    const subscriptions = new Subscriptions();
    const uris = Array.from({ length: 30 }, (_, n) => `u${n}`);
    for (const uri of uris) await subscriptions.add(ANN, uri, async () => undefined);
    const asked: string[] = [];
    let now = 0;
    let most = 0;
    await subscriptions.restore(8, async (uri) => {
      now += 1;
      most = Math.max(most, now);
      asked.push(uri);
      await settle();
      now -= 1;
      if (uri.endsWith('3')) throw new Error('gone');
    });
    expect(asked.toSorted()).toEqual(uris.toSorted());
    expect(most).toBe(8);
    expect(subscriptions.of(ANN)).toEqual(uris);
  });

  it('restore() leaves out what the server is being asked for already', async () => {
    const subscriptions = new Subscriptions();
    const { ask, answer } = makeServer();
    const added = subscriptions.add(ANN, 'u', ask('ann'));
    await settle();
    await subscriptions.restore(8, never);
    answer();
    await added;
    const asked: string[] = [];
    await subscriptions.restore(8, async (uri) => void asked.push(uri));
    expect(asked).toEqual(['u']);
  });

  it('restore() leaves out what nobody follows any more when its turn comes', async () => {
    const subscriptions = new Subscriptions();
    const { ask, answer } = makeServer();
    await subscriptions.add(ANN, 'u', async () => undefined);
    const left = subscriptions.remove(ANN, 'u', ask('unsubscribe'));
    const restored = subscriptions.restore(8, never);
    await settle();
    answer();
    await Promise.all([left, restored]);
    expect(subscriptions.size).toBe(0);
  });

  it('refuses more than 10,000 resources without asking for them', async () => {
    const subscriptions = new Subscriptions();
    for (let n = 0; n < 10_000; n += 1) await subscriptions.add(ANN, `u${n}`, async () => undefined);
    const error: unknown = await subscriptions.add(ANN, 'one more', never).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UpstreamError);
    expect(error).toMatchObject({ code: 'UPSTREAM_REFUSED' });
    await subscriptions.add(BOB, 'u0', never);
    await subscriptions.remove(ANN, 'u1', async () => undefined);
    await subscriptions.add(ANN, 'one more', async () => undefined);
    expect(subscriptions.size).toBe(10_000);
  });
});
