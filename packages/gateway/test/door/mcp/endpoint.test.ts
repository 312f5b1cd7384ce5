import { describe, expect, it } from 'vitest';
import { ifEndpoint, serverOf } from '../../../src/door/mcp/endpoint.ts';

describe('ifEndpoint()', () => {
  it('reads the endpoint of all servers, and of one', () => {
    expect(ifEndpoint('/mcp')).toEqual({ kind: 'all' });
    expect(ifEndpoint('/mcp/git.hub_2-x')).toEqual({ kind: 'server', server: 'git.hub_2-x' });
  });

  it.each([
    '',
    '/',
    '/mcp/',
    '/MCP',
    '/mcpx',
    '/mcp//files',
    '/mcp/files/',
    '/mcp/../etc',
    '/mcp/.',
    '/mcp/..',
    '/mcp/%66iles',
    '/mcp/files%2f..',
    '/mcp/fi les',
    '/mcp/fi\nles',
    '/mcp/_files',
    `/mcp/${'a'.repeat(65)}`,
    'http://127.0.0.1/mcp',
  ])('knows no endpoint %j', (path) => {
    expect(ifEndpoint(path)).toBeUndefined();
  });
});

describe('serverOf()', () => {
  it('names the one server, if it is one', () => {
    expect(serverOf({ kind: 'server', server: 'files' })).toBe('files');
    expect(serverOf({ kind: 'all' })).toBeUndefined();
  });
});
