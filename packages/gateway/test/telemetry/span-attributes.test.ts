import { describe, expect, it } from 'vitest';
import { spanAttributes, spanName } from '../../src/telemetry/span-attributes.ts';

const tool = {
  server: 'files',
  kind: 'tool',
  name: 'read',
  method: 'tools/call',
  door: 'mcp',
  principal: 'key:alice',
};

describe('spanName()', () => {
  it.each([
    [tool, 'tools/call read'],
    [{ ...tool, kind: 'prompt', name: 'greet', method: 'prompts/get' }, 'prompts/get greet'],
    [{ ...tool, kind: 'resource', name: 'file:///a', method: 'resources/read' }, 'resources/read'],
    [{ ...tool, name: '', method: 'tools/list' }, 'tools/list'],
  ])('of %o is %s', (call, name) => {
    expect(spanName(call)).toBe(name);
  });

  it('is cut at 256 characters', () => {
    expect(spanName({ ...tool, name: 'x'.repeat(10_000) })).toHaveLength(256);
  });
});

describe('spanAttributes()', () => {
  it('follows the conventions for tools', () => {
    expect(spanAttributes(tool)).toEqual({
      'mcp.method.name': 'tools/call',
      'gen_ai.tool.name': 'read',
      'gen_ai.operation.name': 'execute_tool',
      'smcp.server': 'files',
      'smcp.door': 'mcp',
      'smcp.principal': 'key:alice',
    });
  });

  it('names prompts, and nothing for calls without a subject', () => {
    expect(spanAttributes({ ...tool, kind: 'prompt', name: 'greet' })).toMatchObject({
      'gen_ai.prompt.name': 'greet',
    });
    expect(Object.keys(spanAttributes({ ...tool, name: '' })).some((key) => key.startsWith('gen_ai.'))).toBe(
      false,
    );
  });

  it.each([
    ['https://user:pass@host/path?token=x#y', 'https://host/path'],
    ['https://user:p@ss@host/a@b', 'https://host/a@b'],
    ['file:///home/a#b', 'file:///home/a'],
    ['memo://x\n?secret', 'memo://x\n'],
  ])('shows resource %j as %j', (name, uri) => {
    expect(spanAttributes({ ...tool, kind: 'resource', name })).toMatchObject({ 'mcp.resource.uri': uri });
  });
});
