import { describe, expect, it } from 'vitest';
import type { SavedScript } from '../../src/scripts/saved-script.ts';
import { toolOf, toSource } from '../../src/scripts/script-tool.ts';

const SCRIPT: SavedScript = {
  tenant: 'acme',
  name: 'count_issues',
  version: 3,
  description: 'Counts issues',
  language: 'typescript',
  code: 'return args.owner',
  inputSchema: { type: 'object', properties: { owner: { type: 'string' } } },
  servers: ['github'],
  digest: 'sha256:abc',
  savedBy: 'key:alice',
  savedAt: 1,
  state: 'approved',
  findings: ['code: something'],
};

describe('toolOf()', () => {
  it('is a tool that tells its version and claims no harmlessness', () => {
    expect(toolOf(SCRIPT)).toStrictEqual({
      name: 'count_issues',
      description: 'Counts issues',
      inputSchema: SCRIPT.inputSchema,
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
      _meta: { 'smcp/script': { version: 3, digest: 'sha256:abc', servers: ['github'] } },
    });
  });

  it('has an output schema when the script has one', () => {
    const outputSchema = { type: 'object' };
    expect(toolOf({ ...SCRIPT, outputSchema })).toMatchObject({ outputSchema });
  });

  it('says nothing of the code, who wrote it or what was found', () => {
    expect(JSON.stringify(toolOf(SCRIPT))).not.toMatch(/args\.owner|alice|something/);
  });
});

describe('toSource()', () => {
  it('gives what runs, with its arguments and their declaration', () => {
    expect(
      toSource(SCRIPT, { owner: 'a' }, ({ type }) => `declare const args: ${JSON.stringify(type)};`),
    ).toStrictEqual({
      language: 'typescript',
      code: 'return args.owner',
      name: 'count_issues.ts',
      args: '{"owner":"a"}',
      declaration: 'declare const args: "object";',
      servers: ['github'],
    });
  });

  it.each([
    ['javascript', 'count_issues.js'],
    ['python', 'count_issues.py'],
  ] as const)('names a script in %s', (language, name) => {
    expect(toSource({ ...SCRIPT, language }, {}, () => '').name).toBe(name);
  });
});
