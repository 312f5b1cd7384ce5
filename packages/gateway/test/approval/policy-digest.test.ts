import type { PolicySpec } from '@smcp/policy';
import { describe, expect, it } from 'vitest';
import { digestOfPolicy } from '../../src/approval/index.ts';

const rule = (pattern: string, line = 1, schemas?: Record<string, unknown>) => ({
  patterns: [pattern],
  line,
  ...(schemas === undefined ? {} : { arguments: schemas }),
});

const spec = (more: Partial<PolicySpec['roles'][number]> = {}): PolicySpec => ({
  roles: [
    {
      name: 'eng',
      line: 1,
      allow: [rule('a:*')],
      deny: [rule('a:x')],
      ask: [rule('a:y', 3, { n: { const: 1 } })],
      ...more,
    },
  ],
  source: { file: '/etc/smcp/smcp.yaml', commit: 'a'.repeat(40) },
});

describe('digestOfPolicy()', () => {
  it('stays when rules move to other lines, and with a commit that leaves them alone', () => {
    const moved = { ...spec({ line: 9, allow: [rule('a:*', 10)] }), source: { file: '/other' } };
    expect(digestOfPolicy(moved)).toBe(digestOfPolicy(spec()));
  });

  it('takes no ask rules for an empty list of them', () => {
    const { ask: _ask, ...without } = spec({ ask: [] }).roles[0]!;
    expect(digestOfPolicy({ roles: [without] })).toBe(digestOfPolicy(spec({ ask: [] })));
  });

  it.each<[string, Partial<PolicySpec['roles'][number]>]>([
    ['the name of a role', { name: 'ops' }],
    ['a rule more', { allow: [rule('a:*'), rule('b:*')] }],
    ['a rule less', { deny: [] }],
    ['rules that changed sides', { allow: [rule('a:x')], deny: [rule('a:*')] }],
    ['a deny rule that became an ask rule', { deny: [], ask: [rule('a:x')] }],
    ['a constraint', { ask: [rule('a:y', 3, { n: { const: 2 } })] }],
    ['a constraint that is gone', { ask: [rule('a:y', 3)] }],
  ])('changes with %s', (_what, more) => {
    expect(digestOfPolicy(spec(more))).not.toBe(digestOfPolicy(spec()));
  });
});
