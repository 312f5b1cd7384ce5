import { describe, expect, it } from 'vitest';
import { freeName, toIdentifier, toTypeName } from '../../src/bindings/identifier.ts';

describe('toIdentifier()', () => {
  it.each([
    ['get-weather', 'getWeather', 'get_weather'],
    ['HTTPServer', 'httpServer', 'http_server'],
    ['iOS', 'iOS', 'i_os'],
    ['v2Beta3', 'v2Beta3', 'v2_beta3'],
    ['GPT4', 'gpt4', 'gpt4'],
    ['parse PDF', 'parsePdf', 'parse_pdf'],
    ['$get', 'get', 'get'],
    ['a__b', 'aB', 'a_b'],
    ['№5', 'no5', 'no5'],
  ])('toIdentifier() makes of %j %s and %s', (name, camel, snake) => {
    expect(toIdentifier(name, 'x')).toEqual({ camel, snake });
  });

  it('toIdentifier() takes the fallback for a name of which nothing is left', () => {
    expect(toIdentifier('…', 'part')).toEqual({ camel: 'part', snake: 'part' });
  });

  it('toIdentifier() reads no more of a long name than counts', () => {
    const started = performance.now();
    expect(toIdentifier('-'.repeat(10_000_000), 'part').camel).toBe('part');
    expect(toIdentifier('ab-'.repeat(1_000_000), 'part').snake).toHaveLength(64);
    expect(performance.now() - started).toBeLessThan(100);
  });
});

describe('freeName()', () => {
  it('freeName() counts until a name is free, and takes it', () => {
    const taken = new Set(['Node', 'Node2']);
    expect([freeName('Node', taken), freeName('Node', taken), freeName('Leaf', taken)]).toEqual([
      'Node3',
      'Node4',
      'Leaf',
    ]);
  });
});

describe('toTypeName()', () => {
  it('toTypeName() begins with a capital letter where there is one', () => {
    expect([toTypeName('listIssues'), toTypeName('_2fa')]).toEqual(['ListIssues', '_2fa']);
  });
});
