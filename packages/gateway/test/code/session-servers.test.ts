import { describe, expect, it } from 'vitest';
import { SessionServers } from '../../src/code/session-servers.ts';

const entry = (name: string) => ({ name }) as never;

describe('SessionServers', () => {
  it('keeps what was added in a session, and nothing without one', () => {
    const servers = new SessionServers();
    servers.of('alice', 'a').set('added.x', entry('added.x'));
    servers.of('alice', undefined).set('added.y', entry('added.y'));
    expect([...servers.of('alice', 'a').keys()]).toEqual(['added.x']);
    expect(servers.of('alice', undefined).size).toBe(0);
  });

  it('has others under another owner and another name', () => {
    const servers = new SessionServers();
    servers.of('alice', 'a').set('added.x', entry('added.x'));
    expect(servers.of('bob', 'a').size).toBe(0);
    expect(servers.of('alice', 'b').size).toBe(0);
    expect(servers.of('["alice","a"]', '').size).toBe(0);
  });

  it('forgets at the end of a session, also what an execution has in hand', () => {
    const servers = new SessionServers();
    const inHand = servers.of('alice', 'a');
    inHand.set('added.x', entry('added.x'));
    servers.of('bob', 'a').set('added.z', entry('added.z'));
    servers.end('alice', 'a');
    servers.end('alice', 'never');
    expect(inHand.size).toBe(0);
    inHand.set('added.y', entry('added.y'));
    expect([...servers.of('alice', 'a').keys()]).toEqual(['added.y']);
    expect(servers.of('bob', 'a').size).toBe(1);
  });

  it('forgets what was used longest ago when there are too many', () => {
    const servers = new SessionServers();
    for (let index = 0; index < 1001; index += 1) {
      servers.of('alice', String(index)).set('added.x', entry('added.x'));
      servers.of('alice', 'kept').set('added.x', entry('added.x'));
    }
    expect(servers.of('alice', '0').size).toBe(0);
    expect(servers.of('alice', 'kept').size).toBe(1);
    expect(servers.of('alice', '1000').size).toBe(1);
  });
});
