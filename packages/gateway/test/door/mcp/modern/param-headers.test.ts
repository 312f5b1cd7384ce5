import { describe, expect, it } from 'vitest';
import { paramHeaderCheck } from '../../../../src/door/mcp/modern/param-headers.ts';
import { fakeRequest } from '../../http/fake-request.ts';

const TOOL = {
  name: 't',
  inputSchema: {
    type: 'object',
    properties: {
      region: { type: 'string', 'x-mcp-header': 'Region' },
      count: { type: 'integer', 'x-mcp-header': 'Count' },
    },
  },
};

function check(args: object | undefined, ...headers: readonly (readonly [string, string])[]) {
  const params = args === undefined ? {} : { arguments: args as never };
  return paramHeaderCheck(fakeRequest(...headers), params);
}

describe('paramHeaderCheck()', () => {
  it.each([
    [
      'agreeing values',
      { region: 'eu', count: 42 },
      [
        ['Mcp-Param-Region', 'eu'],
        ['mcp-param-count', '42.0'],
      ],
    ],
    ['an encoded value', { region: 'Zürich' }, [['Mcp-Param-Region', '=?base64?WsO8cmljaA==?=']]],
    ['an argument of null', { region: null }, []],
    ['no arguments', undefined, []],
    ['headers for nothing', {}, [['Mcp-Param-Other', 'x']]],
  ] as const)('finds nothing wrong with %s', (_name, args, headers) => {
    expect(check(args, ...headers)(TOOL)).toBeUndefined();
  });

  it.each([
    ['a missing header', { region: 'eu' }, []],
    ['another value', { region: 'eu' }, [['Mcp-Param-Region', 'us']]],
    [
      'a value sent twice',
      { region: 'eu' },
      [
        ['Mcp-Param-Region', 'eu'],
        ['Mcp-Param-Region', 'eu'],
      ],
    ],
    ['what cannot be decoded', { region: 'eu' }, [['Mcp-Param-Region', '=?base64?ZXU?=']]],
    ['another number', { count: 42 }, [['Mcp-Param-Count', '43']]],
  ] as const)('finds %s (A75)', (_name, args, headers) => {
    expect(check(args, ...headers)(TOOL)).toMatch(/^Header Mcp-Param-/);
  });

  it.each([
    ['no schema', { name: 't' }],
    ['a schema without marks', { name: 't', inputSchema: { type: 'object' } }],
    [
      'marks that break the rules, for which no client sends headers',
      { name: 't', inputSchema: { properties: { region: { type: 'number', 'x-mcp-header': 'Region' } } } },
    ],
  ])('wants nothing for a tool with %s', (_name, tool) => {
    expect(check({ region: 'eu' })(tool)).toBeUndefined();
  });

  it('gives the same answer a second time', () => {
    expect(check({ region: 'eu' })(TOOL)).toBe('Header Mcp-Param-Region is missing');
    expect(check({ region: 'eu' })(TOOL)).toBe('Header Mcp-Param-Region is missing');
  });
});
