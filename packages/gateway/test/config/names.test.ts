import { describe, expect, it } from 'vitest';
import { isHeaderName, isHeaderValue, isReservedHeader } from '../../src/config/index.ts';
import { isDangerousVariable, isVariableName } from '../../src/config/process-environment.ts';

describe('isHeaderName()', () => {
  it('accepts tokens of at most 128 characters', () => {
    expect(
      ['A', 'X-GitHub-Token', "!#$%&'*+-.^_`|~0", 'x'.repeat(128)].filter((name) => !isHeaderName(name)),
    ).toEqual([]);
    expect(['', 'A B', 'A:', 'A\n', 'é', 'A(', 'A\0', 'x'.repeat(129)].filter(isHeaderName)).toEqual([]);
  });
});

describe('isHeaderValue()', () => {
  it('accepts visible Latin-1 with blanks and tabs, and nothing that could end the line', () => {
    expect(['', 'Bearer x', 'a\tb', 'é\u00ff~'].filter((value) => !isHeaderValue(value))).toEqual([]);
    expect(
      ['a\r\nB: c', 'a\n', 'a\r', 'a\0', 'a\u007f', 'a\u001b', 'Ā', '\u2028'].filter(isHeaderValue),
    ).toEqual([]);
  });
});

describe('isReservedHeader()', () => {
  it.each([
    'Host',
    'CONTENT-LENGTH',
    'transfer-encoding',
    'Connection',
    'Keep-Alive',
    'TE',
    'Trailer',
    'Upgrade',
    'Proxy-Authorization',
    'Mcp-Session-Id',
    'mcp-protocol-version',
    'Mcp-Method',
    'Mcp-Param-Region',
    'Last-Event-ID',
    'Accept',
    'Content-Type',
    'X-SMCP-Code-Hash',
  ])('keeps %s for the protocol', (name) => {
    expect(isReservedHeader(name)).toBe(true);
  });

  it('leaves credentials and other headers alone', () => {
    expect(
      ['Authorization', 'Cookie', 'X-Api-Key', 'Mcp-Api-Key', 'X-Host', 'User-Agent'].filter(
        isReservedHeader,
      ),
    ).toEqual([]);
  });
});

describe('isDangerousVariable() (A85)', () => {
  it.each([
    'LD_PRELOAD',
    'LD_LIBRARY_PATH',
    'DYLD_INSERT_LIBRARIES',
    'NODE_OPTIONS',
    'PYTHONPATH',
    'PYTHONSTARTUP',
    'BASH_ENV',
    'ENV',
    'PERL5OPT',
    'RUBYOPT',
    'PATH',
    'Path',
    'http_proxy',
    'HTTPS_PROXY',
    'no_proxy',
    'NODE_EXTRA_CA_CERTS',
  ])('knows %s', (name) => {
    expect(isDangerousVariable(name)).toBe(true);
  });

  it('leaves ordinary variables alone', () => {
    expect(
      ['HOME', 'NODE_ENV', 'PYTHONUNBUFFERED', 'ENVIRONMENT', 'MY_PATH', 'OLD_TOKEN', 'GITHUB_TOKEN'].filter(
        isDangerousVariable,
      ),
    ).toEqual([]);
  });
});

describe('isVariableName()', () => {
  it('accepts letters, digits and "_", not starting with a digit', () => {
    expect(['A', '_', 'a1_B'].every(isVariableName)).toBe(true);
    expect(['', '1A', 'A=B', 'A B', 'A-B', 'A\n', 'é', 'A'.repeat(257)].filter(isVariableName)).toEqual([]);
  });
});
