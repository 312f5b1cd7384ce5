import { describe, expect, it } from 'vitest';
import { readResume } from '../../../../src/door/mcp/modern/resume.ts';

describe('readResume()', () => {
  it.each([
    ['nothing', {}, undefined],
    ['a state', { requestState: 's' }, { state: 's', responses: {} }],
    ['answers', { inputResponses: { a: { x: 1 } } }, { state: undefined, responses: { a: { x: 1 } } }],
    ['both', { requestState: '', inputResponses: {} }, { state: '', responses: {} }],
    [
      'as many answers as there may be',
      { inputResponses: Object.fromEntries(Array.from({ length: 64 }, (_, n) => [`k${n}`, {}])) },
      { state: undefined, responses: expect.objectContaining({ k0: {}, k63: {} }) as unknown },
    ],
  ])('reads %s', (_name, params, resume) => {
    for (const method of ['tools/call', 'prompts/get', 'resources/read']) {
      expect(readResume(method, params)).toEqual({ ok: true, resume });
    }
  });

  it.each(['completion/complete', 'tools/list', 'tasks/update'])('has nothing to read for %s', (method) => {
    const params = { requestState: 7, inputResponses: [] } as never;
    expect(readResume(method, params)).toEqual({ ok: true, resume: undefined });
  });

  it.each([
    ['a state that is a number', { requestState: 7 }],
    ['a state of null', { requestState: null }],
    ['a state that is too long', { requestState: 'x'.repeat(256 * 1024 + 1) }],
    ['answers in a list', { inputResponses: [{}] }],
    ['answers of null', { inputResponses: null }],
    ['an answer that is a text', { inputResponses: { a: 'yes' } }],
    ['an answer that is a list', { inputResponses: { a: [] } }],
    ['an id that is too long', { inputResponses: { ['a'.repeat(257)]: {} } }],
    [
      'too many answers',
      { inputResponses: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`k${n}`, {}])) },
    ],
  ])('refuses %s', (_name, params) => {
    expect(readResume('tools/call', params as never)).toMatchObject({ ok: false });
  });
});
