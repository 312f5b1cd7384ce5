import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { declareTool } from '../../src/bindings/declare-tool.ts';
import { nameServers, nameTools } from '../../src/bindings/names.ts';
import type { ToolDefinition } from '../../src/tool-host.ts';
import { arbitraryTool } from './arbitrary-schema.ts';
import { BREAKOUTS, hostileTool } from './hostile-tools.ts';
import { readDeclarations } from './read-declarations.ts';

function declare(tool: Partial<ToolDefinition>, maxDescriptionChars = 1000): string {
  const [server] = nameServers(['GitHub']);
  const [named] = nameTools([{ name: 'list-issues', inputSchema: { type: 'object' }, ...tool }]);
  return declareTool(server!, named!, { maxDescriptionChars });
}

describe('declareTool()', () => {
  it('declareTool() shows the call as a script writes it', () => {
    expect(
      declare({
        description: 'Lists issues.',
        inputSchema: {
          type: 'object',
          properties: {
            owner: { type: 'string', description: 'owner' },
            state: { enum: ['open', 'closed'] },
          },
          required: ['owner'],
        },
        outputSchema: { type: 'object', properties: { count: { type: 'integer' } }, required: ['count'] },
      }),
    ).toBe(`/** Lists issues. */
gitHub.listIssues(args: { /** owner */ owner: string; state?: 'open' | 'closed' }): Promise<{ count: number }>;`);
  });

  it('declareTool() shows long arguments line by line, and named parts behind', () => {
    expect(
      declare({
        inputSchema: {
          type: 'object',
          properties: {
            filter: { $ref: '#/$defs/filter' },
            page: { type: 'integer', description: 'Page of the list, counted from one', default: 1 },
          },
          $defs: { filter: { properties: { and: { type: 'array', items: { $ref: '#/$defs/filter' } } } } },
        },
      }),
    ).toBe(`gitHub.listIssues(args?: {
  filter?: Filter;
  /** Page of the list, counted from one @default 1 */ page?: number;
}): Promise<any>;
type Filter = { and?: Filter[] };`);
  });

  it('declareTool() names arguments and results that contain themselves', () => {
    const self = { type: 'object', properties: { next: { $ref: '#' } } };
    expect(declare({ inputSchema: self, outputSchema: self })).toBe(
      `gitHub.listIssues(args?: Args): Promise<Result>;
type Args = { next?: Args };
type Result = { next?: Result };`,
    );
  });

  it('declareTool() keeps parts of arguments and results apart', () => {
    const schema = (of: string): ToolDefinition['inputSchema'] => ({
      properties: { p: { $ref: '#/$defs/promise' } },
      $defs: { promise: { properties: { [of]: { type: 'string' } } } },
    });
    expect(declare({ inputSchema: schema('a'), outputSchema: schema('b') })).toBe(
      `gitHub.listIssues(args?: { p?: Promise2 }): Promise<{ p?: Promise3 }>;
type Promise2 = { a?: string };
type Promise3 = { b?: string };`,
    );
  });

  it('declareTool() shows no arguments where there are none', () => {
    expect(declare({ inputSchema: { type: 'object', properties: {} } })).toBe(
      'gitHub.listIssues(): Promise<any>;',
    );
    expect(declare({})).toBe('gitHub.listIssues(args?: Record<string, unknown>): Promise<any>;');
  });

  it('declareTool() bounds descriptions', () => {
    const text = declare(
      { description: 'd'.repeat(100), inputSchema: { properties: { a: { description: 'p'.repeat(100) } } } },
      20,
    );
    expect(text).toContain(`/** ${'d'.repeat(20)}… */`);
    expect(text).toContain(`/** ${'p'.repeat(20)}… */`);
  });

  it.each(BREAKOUTS.map((text) => [text]))('declareTool() keeps %j where it belongs (A02, A04)', (text) => {
    const shown = declare(hostileTool(text, 1));
    const { code, comments } = readDeclarations(shown);
    expect(code).not.toMatch(/\b(?:PWNED|global|import|evil)\b/);
    expect(comments.join('')).not.toMatch(/@ts-|```/);
    expect(shown).not.toMatch(/(?!\n)\p{C}|[\u2028\u2029]/u);
  });

  it('declareTool() gives one call and the types that it uses, whatever the tool says', () => {
    fc.assert(
      fc.property(arbitraryTool, (tool) => {
        const { code } = readDeclarations(declare(tool));
        expect(code.trimStart()).toMatch(
          /^gitHub\.[a-z_]\w*\([^]*\): Promise<[^]*>;(?:\ntype \w+ = [^]*;)*$/,
        );
      }),
      { numRuns: 500 },
    );
  });
});
