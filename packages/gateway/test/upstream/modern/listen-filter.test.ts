import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '@smcp/protocol';
import {
  announcedLists,
  changedMethods,
  ifSubscriptionId,
  isEmpty,
  mayFollowResources,
  mayFollowTasks,
  readPromise,
  toListenParams,
  withoutSubscriptionId,
} from '../../../src/upstream/modern/listen-filter.ts';
import { META_SUBSCRIPTION, TASKS } from '../../fixtures/modern.ts';

const filter = (lists: string[], uris: string[], taskIds: string[]): Parameters<typeof isEmpty>[0] => ({
  lists: new Set(lists),
  uris: new Set(uris),
  taskIds: new Set(taskIds),
});

describe('announcedLists()', () => {
  it.each<[JsonObject, string[]]>([
    [{}, []],
    [{ tools: {} }, []],
    [{ tools: { listChanged: true } }, ['toolsListChanged']],
    [
      { tools: { listChanged: true }, prompts: { listChanged: true }, resources: { listChanged: true } },
      ['toolsListChanged', 'promptsListChanged', 'resourcesListChanged'],
    ],
    [{ tools: { listChanged: false }, prompts: { listChanged: 'true' }, resources: null }, []],
    [{ logging: { listChanged: true } }, []],
  ])('of %j are %j', (capabilities, lists) => {
    expect([...announcedLists(capabilities)]).toEqual(lists);
  });
});

describe('what may be followed', () => {
  it.each<[JsonObject, boolean, boolean]>([
    [{}, false, false],
    [{ resources: {} }, false, false],
    [{ resources: { subscribe: true } }, true, false],
    [{ resources: { subscribe: 1 }, extensions: [] }, false, false],
    [TASKS, false, true],
    [{ extensions: { 'io.modelcontextprotocol/tasks': true } }, false, false],
    [{ tasks: {} }, false, false],
  ])('with the capabilities %j: resources %s, tasks %s', (capabilities, resources, tasks) => {
    expect(mayFollowResources(capabilities)).toBe(resources);
    expect(mayFollowTasks(capabilities)).toBe(tasks);
  });
});

describe('toListenParams()', () => {
  it('names everything that is wanted, and nothing else', () => {
    expect(toListenParams(filter(['toolsListChanged'], ['file:///a'], ['t-1']))).toEqual({
      notifications: { toolsListChanged: true, resourceSubscriptions: ['file:///a'], taskIds: ['t-1'] },
    });
    expect(toListenParams(filter([], [], []))).toEqual({ notifications: {} });
  });
});

describe('readPromise()', () => {
  it('reads what toListenParams() writes', () => {
    const wanted = filter(['toolsListChanged', 'resourcesListChanged'], ['a', 'b'], ['t']);
    expect(readPromise(toListenParams(wanted))).toEqual(wanted);
  });

  it.each<JsonValue>([
    null,
    [],
    'all',
    {},
    { toolsListChanged: 'yes', promptsListChanged: 1, resourceSubscriptions: 'a', taskIds: { 0: 't' } },
    { resourceSubscriptions: [1, null, ['a']], other: true },
  ])('takes %j for no promise', (notifications) => {
    expect(isEmpty(readPromise({ notifications }))).toBe(true);
    expect(isEmpty(readPromise({}))).toBe(true);
  });
});

describe('changedMethods()', () => {
  it('are the notifications of the lists', () => {
    expect(changedMethods(new Set(['promptsListChanged', 'toolsListChanged', 'other']))).toEqual([
      'notifications/tools/list_changed',
      'notifications/prompts/list_changed',
    ]);
  });
});

describe('ifSubscriptionId()', () => {
  it.each<[JsonValue, number | undefined]>([
    [7, 7],
    ['7', 7],
    ['7 ', undefined],
    ['', undefined],
    ['1e3', undefined],
    [null, undefined],
    [[7], undefined],
  ])('reads %j as %j', (id, expected) => {
    expect(ifSubscriptionId({ _meta: { [META_SUBSCRIPTION]: id } })).toBe(expected);
  });

  it('finds none without _meta', () => {
    expect(ifSubscriptionId({})).toBeUndefined();
    expect(ifSubscriptionId({ _meta: [7] })).toBeUndefined();
  });
});

describe('withoutSubscriptionId()', () => {
  it.each<[JsonObject, JsonObject]>([
    [{ uri: 'a', _meta: { [META_SUBSCRIPTION]: 7 } }, { uri: 'a' }],
    [
      { uri: 'a', _meta: { [META_SUBSCRIPTION]: 7, own: 1 } },
      { uri: 'a', _meta: { own: 1 } },
    ],
    [{ uri: 'a' }, { uri: 'a' }],
    [{ _meta: 'x' }, { _meta: 'x' }],
  ])('makes %j to %j', (params, rest) => {
    expect(withoutSubscriptionId(params)).toEqual(rest);
  });
});
