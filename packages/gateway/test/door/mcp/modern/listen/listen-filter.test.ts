import { describe, expect, it } from 'vitest';
import {
  filterText,
  isEmptyFilter,
  readListenFilter,
  type ListenFilter,
} from '../../../../../src/door/mcp/modern/listen/listen-filter.ts';

const NOTHING: ListenFilter = { lists: new Set(), resources: [], tasks: [] };

describe('readListenFilter()', () => {
  it.each([
    ['nothing', {}, NOTHING],
    [
      'lists',
      { toolsListChanged: true, promptsListChanged: false },
      { ...NOTHING, lists: new Set(['tools']) },
    ],
    [
      'everything, each once',
      {
        resourcesListChanged: true,
        resourceSubscriptions: ['x://2', 'x://1', 'x://2'],
        taskIds: ['t', 't'],
        unknown: 7,
      },
      { lists: new Set(['resources']), resources: ['x://2', 'x://1'], tasks: ['t'] },
    ],
    [
      'as many resources as there may be',
      { resourceSubscriptions: Array.from({ length: 100 }, () => 'x'.repeat(8192)) },
      { ...NOTHING, resources: ['x'.repeat(8192)] },
    ],
  ])('reads %s', (_name, notifications, filter) => {
    expect(readListenFilter({ notifications })).toEqual({ ok: true, filter });
  });

  it.each([
    ['no filter', undefined],
    ['a list', []],
    ['null', null],
    ['true', true],
    ['a wish that is a text', { toolsListChanged: 'yes' }],
    ['a wish of null', { promptsListChanged: null }],
    ['resources that are a text', { resourceSubscriptions: 'x://1' }],
    ['an empty address', { resourceSubscriptions: [''] }],
    ['an address that is a number', { resourceSubscriptions: [7] }],
    ['an address that is too long', { resourceSubscriptions: ['x'.repeat(8193)] }],
    ['101 addresses', { resourceSubscriptions: Array.from({ length: 101 }, (_, n) => `x://${n}`) }],
    ['tasks that are an object', { taskIds: {} }],
    ['a task that is a number', { taskIds: [1] }],
    ['101 tasks', { taskIds: Array.from({ length: 101 }, (_, n) => `t${n}`) }],
  ])('refuses %s', (_name, notifications) => {
    expect(readListenFilter(notifications === undefined ? {} : { notifications })).toMatchObject({
      ok: false,
    });
  });
});

describe('filterText()', () => {
  it('is what was read', () => {
    const notifications = {
      toolsListChanged: true,
      resourcesListChanged: true,
      resourceSubscriptions: ['x://1'],
      taskIds: ['t'],
    };
    const read = readListenFilter({ notifications });
    expect(read.ok && filterText(read.filter)).toEqual(notifications);
  });

  it('names nothing that is not honoured', () => {
    expect(filterText(NOTHING)).toEqual({});
    expect(isEmptyFilter(NOTHING)).toBe(true);
    expect(isEmptyFilter({ ...NOTHING, tasks: ['t'] })).toBe(false);
  });
});
