import { describe, expect, it } from 'vitest';
import { withoutTaskSupport } from '../../../../src/door/mcp/handshake/without-task-support.ts';

describe('withoutTaskSupport()', () => {
  it.each([
    [{ name: 'a', execution: { taskSupport: 'required' } }, { name: 'a' }],
    [
      { name: 'a', execution: { taskSupport: 'optional', x: 1 } },
      { name: 'a', execution: { x: 1 } },
    ],
  ])('takes out of %j what speaks of tasks, and nothing else', (tool, shown) => {
    expect(withoutTaskSupport(tool)).toEqual(shown);
  });

  it.each([{ name: 'a' }, { name: 'a', execution: {} }, { name: 'a', execution: 'required' }])(
    'leaves %j as it is',
    (tool) => {
      expect(withoutTaskSupport(tool)).toBe(tool);
    },
  );
});
