import { describe, expect, it } from 'vitest';
import { nodeAt, toValue, type ConfigNode } from '../../../src/config/config-node.ts';
import { parseToml } from '../../../src/discover/document/parse-toml.ts';

function rootOf(text: string): ConfigNode {
  const parsed = parseToml(text);
  if (!parsed.ok || parsed.root === undefined) throw new Error('expected a document');
  return parsed.root;
}

describe('parseToml()', () => {
  it('reads tables, inline tables and lists', () => {
    const root = rootOf(
      '\ufeffa = 1\r\n[s.x]\r\nargs = ["-y", \'lit\']\r\nenv = { A = "1" }\r\n[s."y.z".env]\r\nB = """\r\nmany\r\n"""\r\n',
    );
    expect(toValue(root)).toEqual({
      a: 1,
      s: { x: { args: ['-y', 'lit'], env: { A: '1' } }, 'y.z': { env: { B: 'many\r\n' } } },
    });
  });

  it('gives every node the line of its table', () => {
    const root = rootOf('# top\n\n[s.x]\ncommand = "a"\n\n  [ s."y z".env ]\nA = "1"\n[\'s\'.q]\nb = 2\n');
    const lines = [
      ['s', 'x'],
      ['s', 'x', 'command'],
      ['s', 'y z'],
      ['s', 'q'],
    ].map((path) => nodeAt(root, path)?.keyAt?.line);
    expect(lines).toEqual([3, 3, 6, 8]);
  });

  it.each([
    ['a = ', 1],
    ['a = 1\na = 2', 2],
    ['[broken', 1],
    ['[a]\nb = "secret-value', 2],
  ])('refuses %j with the line and without quoting it', (text, line) => {
    const parsed = parseToml(text);
    expect(parsed).toMatchObject({ ok: false, problem: { line, message: 'Not valid TOML' } });
    expect(JSON.stringify(parsed)).not.toContain('secret-value');
  });

  it.each(['a = ' + '['.repeat(200_000), 'a = ' + '{a='.repeat(200_000)])('refuses deep nesting', (text) => {
    expect(parseToml(text)).toMatchObject({ ok: false });
  });

  it('gives up on values below too many dotted keys', () => {
    expect(() => rootOf(`${'a.'.repeat(100_000)}a = 1`)).not.toThrow();
  });

  // Ends at once, or not within the time of a test.
  it.each([`[${' '.repeat(500_000)}`, `["${'\\\\'.repeat(250_000)}`, '[a]\n'.repeat(200_000)])(
    'looks for headers in time that grows with the text',
    (text) => {
      expect(parseToml(text)).toMatchObject({ ok: false });
      expect(parseToml(`a = '''\n${text}\n'''\n`)).toMatchObject({ ok: true });
    },
  );

  it('keeps __proto__ an ordinary key', () => {
    const root = rootOf('[s.__proto__]\npolluted = true\n');
    const servers = nodeAt(root, ['s']);
    expect(servers?.kind === 'map' && [...servers.entries.keys()]).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('takes dates for nothing', () => {
    expect(toValue(rootOf('a = 2026-01-01T00:00:00Z\n'))).toEqual({ a: null });
  });
});
