import { describe, expect, it } from 'vitest';
import { compilePatternSet, PolicyError, type Action } from '@smcp/policy';

function tool(server: string, name: string): Action {
  return { kind: 'tool', server, name };
}

function refusal(pattern: string): PolicyError {
  try {
    compilePatternSet(['ok:*', pattern]);
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
  throw new Error(`compilePatternSet accepted ${pattern}`);
}

describe('compilePatternSet() matches', () => {
  const cases: readonly (readonly [string, Action, boolean])[] = [
    ['slack:*', tool('slack', 'read_channel'), true],
    ['slack:*', tool('slack2', 'read_channel'), false],
    ['slack:*', tool('', 'slack:read'), false],
    ['slack:read_*', tool('slack', 'read_channel'), true],
    ['slack:read_*', tool('slack', 'read_'), true],
    ['slack:read_*', tool('slack', 'reading'), false],
    ['slack:read_*', tool('slack', 'Read_channel'), false],
    ['slack:read_*', tool('Slack', 'read_channel'), false],
    ['slack:read_*', tool('slack', 'xread_channel'), false],
    ['github:push_*', tool('github', 'push_files'), true],
    ['github:push_files', tool('github', 'push_files2'), false],
    ['*:read_*', tool('anything', 'read_x'), true],
    ['git*:read_*', tool('gitlab', 'read_x'), true],
    ['git*:read_*', tool('svn', 'read_x'), false],
    ['*:*', tool('constructor', '__proto__'), true],
    ['fs:a:b', tool('fs', 'a:b'), true],
    ['fs:a:b', tool('fs:a', 'b'), false],
    ['slack:*', { kind: 'prompt', server: 'slack', name: 'p' }, true],
    ['slack:*', { kind: 'resource', server: 'slack', name: 'file:///x' }, true],
    ['slack:p*', { kind: 'prompt', server: 'slack', name: 'p' }, false],
    ['slack:*p', { kind: 'prompt', server: 'slack', name: 'p' }, false],
    ['slack:f*', { kind: 'resource', server: 'slack', name: 'file:///x' }, false],
    ['slack:prompts/*', { kind: 'prompt', server: 'slack', name: 'p' }, true],
    ['slack:prompts/p', { kind: 'prompt', server: 'slack', name: 'prompts/p' }, false],
    ['slack:prompts/*', tool('slack', 'prompts/p'), false],
    ['slack:prompts/*', { kind: 'resource', server: 'slack', name: 'p' }, false],
    ['fs:resources/file:///safe/*', { kind: 'resource', server: 'fs', name: 'file:///safe/a/b' }, true],
    ['fs:resources/file:///safe/*', { kind: 'resource', server: 'fs', name: 'file:///safe' }, false],
    ['fs:resources/*', tool('fs', 'resources/x'), false],
    ['fs:resources/*', { kind: 'prompt', server: 'fs', name: 'x' }, false],
    ['fs:resource*', { kind: 'resource', server: 'fs', name: 'x' }, false],
    ['fs:resource*', tool('fs', 'resources/x'), true],
  ];

  it.each(cases)('%s against %j as %j [S1-34]', (pattern, action, expected) => {
    expect(compilePatternSet([pattern]).matches(action)).toBe(expected);
  });

  it('when any of several patterns does', () => {
    const set = compilePatternSet(['a:x', 'b:y*']);
    expect([tool('a', 'x'), tool('b', 'yy'), tool('a', 'yy')].map((action) => set.matches(action))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('nothing when the list is empty', () => {
    expect(compilePatternSet([]).matches(tool('a', 'b'))).toBe(false);
  });
});

describe('compilePatternSet() refuses', () => {
  it.each([
    ['*'],
    ['slack'],
    [''],
    [':'],
    [':read'],
    ['slack:'],
    ['slack:prompts/'],
    ['slack:resources/'],
    ['slack:**'],
    ['**:read'],
    ['fs:resources/file:///**'],
    [' slack:read'],
    ['slack :read'],
    ['slack: read'],
    ['slack:read '],
    ['slack:re\nad'],
    ['sl\u0000ack:read'],
    [`slack:${'x'.repeat(1019)}`],
  ])('%j', (pattern) => {
    expect(refusal(pattern)).toMatchObject({ code: 'POLICY_BAD_PATTERN', place: { pattern } });
  });

  it('a pattern of 1,025 characters but not one of 1,024', () => {
    expect(() => compilePatternSet([`slack:${'x'.repeat(1018)}`])).not.toThrow();
  });

  it('on one line, cut, with the pattern named', () => {
    expect(refusal('slack').message).toBe('Pattern slack must have the form server:tool');
    expect(refusal(`slack\n${'x'.repeat(5000)}`).message).toMatch(/^Pattern "slack\\nx{120,130}…" /);
  });
});

it('compilePatternSet() is frozen and does not follow its input', () => {
  const patterns = ['a:x'];
  const set = compilePatternSet(patterns);
  patterns[0] = 'b:*';
  expect(set.patterns).toEqual(['a:x']);
  expect(set.matches(tool('b', 'x'))).toBe(false);
  expect(Object.isFrozen(set) && Object.isFrozen(set.patterns)).toBe(true);
});
