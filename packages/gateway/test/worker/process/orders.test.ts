import { describe, expect, it } from 'vitest';
import { asStartOrder } from '../../../src/worker/process/orders.ts';

const ORDER = {
  worker: 1,
  workers: 2,
  home: '/state',
  config: 'AAAA',
  address: '127.0.0.1',
  family: 'IPv4',
  port: 8080,
  sockets: '/state/workers',
  token: 'secret',
};

describe('asStartOrder()', () => {
  it('takes an order, with and without an address of its own', () => {
    expect(asStartOrder(ORDER)).toEqual({ ...ORDER, listen: undefined });
    expect(asStartOrder({ ...ORDER, listen: ':8080' }).listen).toBe(':8080');
  });

  it.each(Object.keys(ORDER))('refuses one without %s', (name) => {
    const rest = Object.fromEntries(Object.entries(ORDER).filter(([key]) => key !== name));
    expect(() => asStartOrder(rest)).toThrow(expect.objectContaining({ code: 'CHANNEL_BROKEN' }));
  });

  it.each([null, [], { ...ORDER, listen: 8080 }, { ...ORDER, port: '8080' }, { ...ORDER, worker: -1 }])(
    'refuses %j',
    (body) => {
      expect(() => asStartOrder(body)).toThrow(expect.objectContaining({ code: 'CHANNEL_BROKEN' }));
    },
  );
});
