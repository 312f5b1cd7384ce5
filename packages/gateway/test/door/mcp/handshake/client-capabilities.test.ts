import { describe, expect, it } from 'vitest';
import { askableCapabilities, canAsk } from '../../../../src/door/mcp/handshake/client-capabilities.ts';

describe('askableCapabilities()', () => {
  it.each([
    ['{} means forms', { elicitation: {} }, '2025-11-25', { elicitation: { form: {} } }],
    ['forms alone', { elicitation: { form: {} } }, '2025-11-25', { elicitation: { form: {} } }],
    ['pages alone', { elicitation: { url: {} } }, '2025-11-25', { elicitation: { url: {} } }],
    [
      'both',
      { elicitation: { form: {}, url: {}, voice: {} } },
      '2025-11-25',
      { elicitation: { form: {}, url: {} } },
    ],
    ['no pages before 2025-11-25', { elicitation: { url: {} } }, '2025-06-18', { elicitation: { form: {} } }],
    ['no elicitation before 2025-06-18', { elicitation: {} }, '2025-03-26', {}],
    ['sampling with tools', { sampling: { tools: {}, x: {} } }, '2025-11-25', { sampling: { tools: {} } }],
    ['no tools before 2025-11-25', { sampling: { tools: {} } }, '2025-06-18', { sampling: {} }],
    ['sampling since ever', { sampling: {} }, '2024-10-07', { sampling: {} }],
    ['roots without their announcements', { roots: { listChanged: true } }, '2025-11-25', { roots: {} }],
    ['nothing that is no question', { experimental: {}, extensions: { a: {} }, tasks: {} }, '2025-11-25', {}],
    ['nothing of the wrong shape', { elicitation: true, sampling: [], roots: null }, '2025-11-25', {}],
  ] as const)('%s', (_name, declared, version, expected) => {
    expect(askableCapabilities(declared, version)).toEqual(expected);
  });
});

describe('canAsk()', () => {
  const all = { elicitation: { form: {}, url: {} }, sampling: { tools: {} }, roots: {} };

  it.each([
    ['elicitation/create', {}],
    ['elicitation/create', { mode: 'form' }],
    ['elicitation/create', { mode: 'url' }],
    ['sampling/createMessage', { tools: [] }],
    ['roots/list', {}],
  ])('is true for %s with %j when all was declared', (method, params) => {
    expect(canAsk(all, method, params)).toBe(true);
  });

  it.each([
    ['elicitation/create', {}, { elicitation: { url: {} } }],
    ['elicitation/create', { mode: 'url' }, { elicitation: { form: {} } }],
    ['elicitation/create', {}, { sampling: {}, roots: {} }],
    ['sampling/createMessage', {}, { elicitation: { form: {} } }],
    ['sampling/createMessage', { tools: [] }, { sampling: {} }],
    ['roots/list', {}, { sampling: {} }],
    ['ping', {}, all],
  ])('is false for %s with %j when only %j was declared', (method, params, declared) => {
    expect(canAsk(declared, method, params)).toBe(false);
  });
});
