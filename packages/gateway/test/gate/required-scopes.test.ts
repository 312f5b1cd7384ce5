import { describe, expect, it } from 'vitest';
import { missingScopes } from '../../src/gate/index.ts';
import { createToolSettings } from '../../src/gate/tool-settings.ts';
import { serverConfig } from '../fixtures/server-config.ts';

const server = serverConfig({
  url: 'https://github.example/mcp',
  required_scopes: ['github'],
  tools: {
    '*': { scopes: ['github:read'] },
    'delete_*': { scopes: ['github:delete', 'github:admin'] },
    delete_draft: { timeout_seconds: 5 },
    ping: { scopes: [] },
  },
});
const settings = createToolSettings(server);

const missing = (tool: string | undefined, scopes: readonly string[] | undefined): readonly string[] =>
  missingScopes(
    server,
    tool === undefined ? undefined : settings(tool),
    scopes === undefined ? {} : { scopes },
  );

describe('missingScopes()', () => {
  it.each([
    ['read_file', ['github', 'github:read']],
    ['delete_repo', ['github:admin', 'github', 'github:delete', 'more']],
    ['ping', ['github']],
    [undefined, ['github']],
  ])('is empty for %s with all that it needs', (tool, granted) => {
    expect(missing(tool, granted)).toEqual([]);
  });

  it.each([
    ['read_file', [], ['github', 'github:read']],
    ['read_file', ['github:read'], ['github']],
    ['read_file', ['github'], ['github:read']],
    // The most exact glob counts alone, as for all settings of a tool.
    ['delete_repo', ['github', 'github:read'], ['github:delete', 'github:admin']],
    ['delete_repo', ['github', 'github:delete'], ['github:admin']],
    // An exact entry without scopes leaves them to the globs.
    ['delete_draft', ['github'], ['github:delete', 'github:admin']],
    ['ping', ['github:read'], ['github']],
    [undefined, ['github:read'], ['github']],
  ])('names what %s lacks with %j (A49)', (tool, granted, expected) => {
    expect(missing(tool, granted)).toEqual(expected);
  });

  it.each(['GITHUB', 'github*', 'git', 'github github:read', ''])(
    'does not take %j for a scope that is needed',
    (scope) => {
      expect(missing('read_file', [scope])).toEqual(['github', 'github:read']);
    },
  );

  it('asks nothing of a caller without an OAuth token', () => {
    expect(missing('delete_repo', undefined)).toEqual([]);
    expect(missing(undefined, undefined)).toEqual([]);
  });

  it('asks nothing where nothing is configured', () => {
    const plain = serverConfig({ url: 'https://plain.example/mcp' });
    expect(missingScopes(plain, createToolSettings(plain)('any'), { scopes: [] })).toEqual([]);
  });

  it('names a scope once that server and tool need', () => {
    const twice = serverConfig({
      url: 'https://x.example',
      required_scopes: ['a'],
      tools: { t: { scopes: ['a', 'b'] } },
    });
    expect(missingScopes(twice, createToolSettings(twice)('t'), { scopes: [] })).toEqual(['a', 'b']);
  });
});
