import { describe, expect, it } from 'vitest';
import { Audience } from '../../src/upstream/audience.ts';
import { Subscriptions } from '../../src/upstream/subscriptions.ts';
import type { UpstreamListener } from '../../src/upstream/upstream.ts';

interface Ear extends UpstreamListener {
  readonly heard: string[];
}

function ear(principal: string, asker?: string): Ear {
  const heard: string[] = [];
  return { principal, asker, heard, notification: (method) => heard.push(method) };
}

interface Stage {
  readonly audience: Audience;
  readonly resources: Subscriptions;
  readonly tasks: Subscriptions;
}

function stage(...listeners: UpstreamListener[]): Stage {
  const [resources, tasks] = [new Subscriptions(), new Subscriptions()];
  const audience = new Audience(resources, tasks);
  for (const listener of listeners) audience.add(listener);
  return { audience, resources, tasks };
}

const nothing = async (): Promise<void> => undefined;

describe('Audience#tell()', () => {
  it('tells what concerns one client to its listeners alone [A52]', () => {
    const [ann, annToo, bob, nobody] = [ear('p', 'ann'), ear('p', 'ann'), ear('p', 'bob'), ear('p')];
    const { audience } = stage(ann, annToo, bob, nobody);
    audience.tell('notifications/elicitation/complete', {}, 'ann');
    expect([ann, annToo, bob, nobody].map(({ heard }) => heard.length)).toEqual([1, 1, 0, 0]);
  });

  it('tells of a task those who follow it, also among several principals', async () => {
    const [ann, bob] = [ear('ann'), ear('bob')];
    const { audience, resources, tasks } = stage(ann, bob);
    await tasks.add(ann, 't-1', nothing);
    await resources.add(bob, 't-1', nothing);
    for (const taskId of ['t-1', 't-2', 5, null]) audience.tell('notifications/tasks', { taskId }, undefined);
    expect([ann.heard.length, bob.heard.length]).toEqual([1, 0]);
  });

  it('tells of a resource those who follow it, and not who follows a task of that name', async () => {
    const [ann, bob] = [ear('ann'), ear('bob')];
    const { audience, resources, tasks } = stage(ann, bob);
    await resources.add(ann, 'u', nothing);
    await tasks.add(bob, 'u', nothing);
    audience.tell('notifications/resources/updated', { uri: 'u' }, undefined);
    expect([ann.heard.length, bob.heard.length]).toEqual([1, 0]);
  });

  it('tells of changed lists everybody, and of anything else one principal that is alone [A52]', () => {
    const [ann, annToo, bob] = [ear('ann'), ear('ann'), ear('bob')];
    const alone = stage(ann, annToo).audience;
    alone.tell('notifications/message', {}, undefined);
    expect([ann.heard.length, annToo.heard.length]).toEqual([1, 1]);
    alone.add(bob);
    alone.tell('notifications/message', {}, undefined);
    alone.tell('notifications/tools/list_changed', {}, undefined);
    expect([ann.heard.length, bob.heard.length]).toEqual([2, 1]);
  });

  it('does not take a principal for alone that comes after another, before there is a new link [A52]', () => {
    const [ann, bob] = [ear('ann'), ear('bob')];
    const { audience } = stage(ann);
    audience.remove(ann);
    audience.add(bob);
    audience.tell('notifications/message', {}, undefined);
    audience.begin();
    audience.tell('notifications/other', {}, undefined);
    expect([ann.heard, bob.heard]).toEqual([[], ['notifications/other']]);
  });
});

describe('Audience#wishedLevel', () => {
  it('is the most verbose of those who are there', () => {
    const [ann, bob] = [ear('ann'), ear('bob')];
    const { audience } = stage(ann, bob);
    expect(audience.wishedLevel).toBeUndefined();
    audience.wish(ann, 'error');
    audience.wish(bob, 'info');
    expect(audience.wishedLevel).toBe('info');
    audience.remove(bob);
    expect([audience.wishedLevel, audience.size, audience.has(bob)]).toEqual(['error', 1, false]);
  });
});
