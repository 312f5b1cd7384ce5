import { describe, expect, it } from 'vitest';
import { bearerChallenge, stepUpChallenge } from '../../../src/door/auth/index.ts';

const METADATA = 'https://gate.example/.well-known/oauth-protected-resource/mcp';

describe('bearerChallenge()', () => {
  it('names the realm alone when there is nothing else to tell', () => {
    expect(bearerChallenge({})).toBe('Bearer realm="smcp"');
    expect(bearerChallenge({ scopes: [] })).toBe('Bearer realm="smcp"');
  });

  it('tells what was wrong, what to ask for and where', () => {
    const challenge = bearerChallenge({
      error: 'invalid_token',
      description: 'Not valid',
      scopes: ['mcp', 'tools'],
      metadataUrl: METADATA,
    });
    expect(challenge).toBe(
      `Bearer realm="smcp", error="invalid_token", error_description="Not valid", scope="mcp tools", resource_metadata="${METADATA}"`,
    );
  });

  it.each(['x"y', 'x\\', 'x\r\nSet-Cookie: a=b', 'x\u0000', 'xé', 'x", scope="admin'])(
    'lets %j neither end a value nor the header',
    (text) => {
      const challenge = bearerChallenge({ description: text, scopes: [text], metadataUrl: text });
      expect(challenge).toMatch(/^Bearer (?:[a-z_]+="[ !#-[\]-~]*"(?:, |$)){4}$/);
    },
  );
});

describe('stepUpChallenge()', () => {
  it('asks for what is missing and for what was granted before', () => {
    expect(stepUpChallenge(METADATA, ['mcp', 'a'], ['b'])).toBe(
      `Bearer realm="smcp", error="insufficient_scope", scope="b mcp a", resource_metadata="${METADATA}"`,
    );
  });

  it('asks for nothing twice, and not for access while the user is away', () => {
    expect(stepUpChallenge(METADATA, ['b', 'offline_access'], ['b'])).toContain('scope="b",');
  });

  it('asks for sixty-four scopes at most, the missing ones first', () => {
    const granted = Array.from({ length: 100 }, (_, index) => `g${index}`);
    const [, scope = ''] = /scope="([^"]*)"/.exec(stepUpChallenge(METADATA, granted, ['needed'])) ?? [];
    expect(scope.split(' ')).toHaveLength(64);
    expect(scope.startsWith('needed g0 ')).toBe(true);
  });
});
