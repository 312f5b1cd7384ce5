import { describe, expect, it } from 'vitest';
import { Attachments } from '../../../../src/door/mcp/hearing/attachments.ts';
import { ALICE, fakeUpstream } from '../handshake/sessions.ts';

function make(asker?: () => string) {
  const heard: unknown[] = [];
  const attachments = new Attachments({
    principal: () => ALICE,
    mayHear: () => true,
    asker,
    hear: (method, _params, server) => heard.push([method, server]),
  });
  return { attachments, heard };
}

describe('Attachments', () => {
  it('say which server it was', () => {
    const { attachments, heard } = make();
    const upstream = fakeUpstream('mail');
    attachments.attach(upstream);
    upstream.say('notifications/x', {});
    expect(heard).toEqual([['notifications/x', 'mail']]);
  });

  it('call back once for each upstream', () => {
    const { attachments } = make();
    const upstream = fakeUpstream();
    const added: unknown[] = [];
    for (let n = 0; n < 2; n += 1) attachments.attach(upstream, (listener) => added.push(listener));
    expect(added).toEqual([...upstream.listeners]);
  });

  it('name the client that questions concern, when there is one', () => {
    const [nobody, somebody] = [fakeUpstream(), fakeUpstream()];
    make().attachments.attach(nobody);
    make(() => 'me').attachments.attach(somebody);
    expect([...nobody.listeners, ...somebody.listeners].map(({ asker }) => asker)).toEqual([undefined, 'me']);
  });

  it('know that they have lost a server, also after forgetting it', () => {
    const { attachments } = make();
    attachments.attach(fakeUpstream());
    expect(attachments.hasLost).toBe(false);
    attachments.attach(fakeUpstream('old', 'closed'));
    expect(attachments.hasLost).toBe(true);
    attachments.attach(fakeUpstream());
    expect([attachments.hasLost, [...attachments.entries()].length]).toEqual([true, 2]);
  });

  it('follow tasks until the end', async () => {
    const { attachments } = make();
    const upstream = fakeUpstream();
    await attachments.followTask(upstream, 't');
    attachments.end();
    await expect(attachments.followTask(upstream, 'u')).rejects.toMatchObject({ code: 'UPSTREAM_CANCELLED' });
    expect([upstream.asked, upstream.listeners.size]).toEqual([['task t'], 0]);
  });
});
