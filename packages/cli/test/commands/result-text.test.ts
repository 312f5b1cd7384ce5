import { describe, expect, it } from 'vitest';
import { resultText } from '../../src/commands/servers/result-text.ts';

describe('resultText()', () => {
  it.each([
    [
      'texts',
      {
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      'a\nb',
    ],
    [
      'an image',
      { content: [{ type: 'image', mimeType: 'image/png', data: 'AAAA' }] },
      '[image image/png 3 bytes]',
    ],
    [
      'an embedded text',
      { content: [{ type: 'resource', resource: { uri: 'x://y', text: 'inside' } }] },
      'inside',
    ],
    [
      'an embedded blob',
      { content: [{ type: 'resource', resource: { uri: 'x://y', blob: 'AA==' } }] },
      '[resource x://y]',
    ],
    [
      'a link',
      { content: [{ type: 'resource_link', uri: 'x://y', mimeType: 'text/plain' }] },
      '[resource x://y text/plain]',
    ],
    ['what is not known', { content: [{ type: 'hologram' }] }, '[hologram]'],
    ['what has no shape', { content: [7, null, {}] }, '7\nnull\n[content]'],
    ['structure alone', { structuredContent: { a: 1 } }, '{\n  "a": 1\n}'],
    ['nothing', {}, '(empty result)'],
    ['an empty list', { content: [] }, '(empty result)'],
  ])('shows %s', (_what, result, text) => {
    expect(resultText(result)).toBe(text);
  });

  it('prefers texts to structure, which says the same', () => {
    expect(resultText({ content: [{ type: 'text', text: 'a' }], structuredContent: { a: 1 } })).toBe('a');
  });

  it('lets nothing command the terminal', () => {
    const evil = '\u001b[2J';
    const content = [
      { type: 'text', text: evil },
      { type: evil },
      { type: 'image', mimeType: evil, data: 'A' },
      { type: 'resource', resource: { uri: evil } },
      { type: 'resource', resource: { text: evil } },
      evil,
    ];
    expect(resultText({ content })).not.toContain('\u001b');
    expect(resultText({ structuredContent: { [evil]: evil } })).not.toContain('\u001b');
  });
});
