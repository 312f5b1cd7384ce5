import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { callerCredentialHeader, isCallerCredential } from '../../src/credential/index.ts';
import { serverConfig } from '../fixtures/server-config.ts';

describe('callerCredentialHeader()', () => {
  it('is none for a server with the stored credential only [S1-14] [S1-17]', () => {
    expect(
      callerCredentialHeader(
        'github',
        serverConfig({ url: 'https://x.example/mcp', credential_mode: 'gateway' }),
      ),
    ).toBeUndefined();
    expect(callerCredentialHeader('github', serverConfig({ url: 'https://x.example/mcp' }))).toBeUndefined();
  });

  it.each([
    ['github', 'x-github-token'],
    ['GitHub', 'x-github-token'],
    ['my_server', 'x-my-server-token'],
    ['my.other server', 'x-my-other-server-token'],
    ['a--b', 'x-a-b-token'],
  ])('of the server %s is %s unless configured [S1-39]', (name, header) => {
    for (const credential_mode of ['passthrough', 'optional'] as const) {
      expect(
        callerCredentialHeader(name, serverConfig({ url: 'https://x.example/mcp', credential_mode })),
      ).toBe(header);
    }
  });

  it('is as configured, in lower case as headers arrive [S1-39]', () => {
    const config = serverConfig({
      url: 'https://x.example/mcp',
      credential_mode: 'passthrough',
      credentials: { passthrough: { header: 'X-My-Own' } },
    });
    expect(callerCredentialHeader('github', config)).toBe('x-my-own');
  });

  it('makes no other header out of any server name', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        const header = callerCredentialHeader(
          name,
          serverConfig({ url: 'https://x.example/mcp', credential_mode: 'passthrough' }),
        );
        expect(header).toMatch(/^x-[a-z0-9-]+-token$|^x---token$/);
      }),
    );
  });
});

describe('isCallerCredential()', () => {
  it.each(['x', 'ghp_abc123', 'Bearer abc', 'a=b; c="d"', '~!@#$%^&*()', 'x'.repeat(8192)])(
    'accepts %j',
    (value) => {
      expect(isCallerCredential(value)).toBe(true);
    },
  );

  it.each([
    ['nothing', ''],
    ['a blank', ' '],
    ['a blank in front', ' x'],
    ['a blank behind', 'x '],
    ['a line break', 'x\ny'],
    ['a header smuggled in', 'x\r\nAuthorization: Bearer y'],
    ['a tab', 'x\ty'],
    ['NUL', 'x\0y'],
    ['DEL', 'x\u007f'],
    ['a letter beyond ASCII', 'pässword'],
    ['8193 characters', 'x'.repeat(8193)],
    ['a million blanks', `x${' '.repeat(1_000_000)}\u007f`],
  ])('refuses %s', (_what, value) => {
    expect(isCallerCredential(value)).toBe(false);
  });

  it('accepts nothing that a header cannot carry', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '~', ' ', '"', '\t', '\n', '\0', '\u00e9', '\u{1f4a5}') }),
        (value) => {
          const header = isCallerCredential(value) ? new Headers([['x', value]]).get('x') : value;
          expect(header).toBe(value);
        },
      ),
    );
  });
});

describe('isCallerCredential() of a token of a gateway', () => {
  it.each(['smcp_key_abcdefgh', 'Bearer smcp_key_abcdefgh', 'SMCP_AGENT_abc', 'x-smcp_agent_abc'])(
    'is false for %s: it must not reach a server (A43)',
    (value) => {
      expect(isCallerCredential(value)).toBe(false);
    },
  );
});
