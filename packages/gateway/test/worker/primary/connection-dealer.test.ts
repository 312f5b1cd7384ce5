import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ConnectionDealer } from '../../../src/worker/primary/connection-dealer.ts';

const HERE = { host: '127.0.0.1', port: 0 };
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) {
    socket.destroy();
  }
});

function taker() {
  const taken: Socket[] = [];
  return {
    taken,
    connect: (socket: Socket) => {
      sockets.push(socket);
      taken.push(socket);
    },
  };
}

async function dial(dealer: ConnectionDealer): Promise<Socket> {
  const socket = connect(dealer.address.port, '127.0.0.1').on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

describe('ConnectionDealer', () => {
  it('deals connections out in turn', async () => {
    await using dealer = await ConnectionDealer.listen(HERE);
    const takers = [taker(), taker(), taker()];
    for (const one of takers) {
      dealer.add(one);
    }
    for (let n = 0; n < 9; n += 1) {
      await dial(dealer);
    }
    await expect.poll(() => takers.map(({ taken }) => taken.length)).toEqual([3, 3, 3]);
  });

  it('reads nothing of what it deals out', async () => {
    await using dealer = await ConnectionDealer.listen(HERE);
    const one = taker();
    dealer.add(one);
    (await dial(dealer)).write('hello');
    await expect.poll(() => one.taken.length).toBe(1);
    const [socket] = one.taken;
    expect(socket?.bytesRead).toBe(0);
    const heard = once(socket as Socket, 'data');
    socket?.resume();
    expect(String((await heard)[0])).toBe('hello');
  });

  it('deals no more to one that was removed', async () => {
    await using dealer = await ConnectionDealer.listen(HERE);
    const [gone, stays] = [taker(), taker()];
    dealer.add(gone);
    dealer.add(stays);
    dealer.remove(gone);
    dealer.remove(gone);
    await dial(dealer);
    await dial(dealer);
    await expect.poll(() => stays.taken.length).toBe(2);
    expect(gone.taken).toEqual([]);
  });

  it('keeps connections for the first that comes', async () => {
    await using dealer = await ConnectionDealer.listen(HERE);
    await dial(dealer);
    const waits = await dial(dealer);
    waits.destroy();
    await once(waits, 'close');
    await new Promise((resolve) => setTimeout(resolve, 20));
    const one = taker();
    dealer.add(one);
    expect(one.taken.length).toBeGreaterThanOrEqual(1);
  });

  it('says why it cannot listen', async () => {
    await using dealer = await ConnectionDealer.listen(HERE);
    await expect(ConnectionDealer.listen({ ...HERE, port: dealer.address.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  it('ends what waits, and takes nothing more, when it is disposed', async () => {
    const dealer = await ConnectionDealer.listen(HERE);
    const waits = await dial(dealer);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await dealer[Symbol.asyncDispose]();
    await once(waits.resume(), 'close');
    await expect(dial(dealer)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
