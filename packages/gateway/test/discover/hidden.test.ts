import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Hidden } from '../../src/discover/index.ts';

describe('Hidden', () => {
  it('gives its value to whoever asks for it', () => {
    const value = { a: 'secret' };
    expect(new Hidden(value).reveal()).toBe(value);
  });

  it.each<[string, (hidden: Hidden<string>) => string]>([
    ['JSON', (hidden) => JSON.stringify({ hidden })],
    ['inspection', (hidden) => inspect({ hidden }, { depth: 9, showHidden: true })],
    ['formatting', (hidden) => format('%s %o %j', hidden, hidden, hidden)],
    ['a text', (hidden) => `a ${hidden.toString()}` + String(hidden)],
    ['its own properties', (hidden) => JSON.stringify(Object.entries(hidden))],
    ['a copy', (hidden) => inspect(Object.assign({}, hidden))],
  ])('shows nothing in %s', (_, show) => {
    expect(show(new Hidden('secret'))).not.toContain('secret');
  });
});
