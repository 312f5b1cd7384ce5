import { describe, expect, it } from 'vitest';
import { actionOf, answerFault } from '../../../src/gate/questions/check-answer.ts';

describe('answerFault()', () => {
  it.each([
    ['elicitation/create', { action: 'accept', content: { name: 'A' } }],
    ['elicitation/create', { action: 'accept' }],
    ['elicitation/create', { action: 'decline' }],
    ['elicitation/create', { action: 'cancel', _meta: {} }],
    ['sampling/createMessage', { role: 'assistant', content: { type: 'text', text: 'x' }, model: 'm' }],
    ['sampling/createMessage', { role: 'assistant', content: [{ type: 'text', text: 'x' }] }],
    ['roots/list', { roots: [] }],
    ['roots/list', { roots: [{ uri: 'file:///home/a', name: 'a' }] }],
  ] as const)('takes an answer to %s: %j', (method, answer) => {
    expect(answerFault(method, answer)).toBeUndefined();
  });

  it.each([
    ['elicitation/create', undefined],
    ['elicitation/create', null],
    ['elicitation/create', 'accept'],
    ['elicitation/create', []],
    ['elicitation/create', {}],
    ['elicitation/create', { action: 'ACCEPT' }],
    ['elicitation/create', { action: 'accept', content: 'yes' }],
    ['elicitation/create', { action: 'accept', content: [1] }],
    ['sampling/createMessage', { content: { type: 'text', text: 'x' } }],
    ['sampling/createMessage', { role: 'assistant' }],
    ['sampling/createMessage', { role: 'assistant', content: 'x' }],
    ['sampling/createMessage', { role: 'assistant', content: null }],
    ['roots/list', {}],
    ['roots/list', { roots: {} }],
    ['roots/list', { roots: ['file:///a'] }],
    ['roots/list', { roots: [{ uri: 'file:///a' }, { uri: 'https://a.example/' }] }],
    ['roots/list', { roots: [{ uri: '/home/a' }] }],
    ['roots/list', { roots: [{ name: 'a' }] }],
    ['roots/list', { roots: Array.from({ length: 1001 }, () => ({ uri: 'file:///a' })) }],
  ] as const)('refuses an answer to %s: %j', (method, answer) => {
    expect(answerFault(method, answer)).toContain(method);
  });
});

describe('actionOf()', () => {
  it('counts what the user did with a form, and other answers as answered', () => {
    expect(actionOf('elicitation/create', { action: 'decline' })).toBe('decline');
    expect(actionOf('roots/list', { action: 'decline', roots: [] })).toBe('answered');
    expect(actionOf('sampling/createMessage', { role: 'assistant' })).toBe('answered');
  });
});
