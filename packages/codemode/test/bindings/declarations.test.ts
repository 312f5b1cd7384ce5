import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { declareServer, declareUnlistedServer } from '../../src/bindings/declarations.ts';
import { nameServers, nameTools } from '../../src/bindings/names.ts';
import type { NamedServer, ServerDeclarations } from '../../src/bindings/named.ts';
import { declareScriptArguments } from '../../src/bindings/script-arguments.ts';
import type { ToolDefinition } from '../../src/tool-host.ts';
import { arbitraryTool } from './arbitrary-schema.ts';
import { BREAKOUTS, hostileTool } from './hostile-tools.ts';
import { readDeclarations, topLevel } from './read-declarations.ts';
import { HOSTILE_SCHEMAS } from './schema-corpus.ts';

const OPTIONS = { maxDescriptionChars: 1000 };
const serverNamed = (name: string): NamedServer => nameServers([name])[0]!;
const declare = (tools: readonly ToolDefinition[], server = 'github'): ServerDeclarations =>
  declareServer(serverNamed(server), nameTools(tools), OPTIONS);

const LIST_ISSUES: ToolDefinition = {
  name: 'list-issues',
  description: 'Lists the issues of a repository.\n\nNewest first.',
  inputSchema: {
    type: 'object',
    properties: {
      owner: { type: 'string', description: 'Account' },
      state: { enum: ['open', 'closed'], default: 'open' },
    },
    required: ['owner'],
  },
  outputSchema: {
    type: 'object',
    properties: { issues: { type: 'array', items: { $ref: '#/$defs/issue' } } },
    required: ['issues'],
    $defs: { issue: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] } },
  },
};
const PING: ToolDefinition = { name: 'ping', inputSchema: { type: 'object', properties: {} } };

/** The statements at the top level of a text, and whatever is harmful in it. */
function contentsOf(text: string): readonly string[] {
  const { code, comments } = readDeclarations(text);
  const harmful = [
    ...(code.match(/\b(?:PWNED|global|import|evil)\b/g) ?? []),
    ...comments.filter((comment) => /@ts-|```/i.test(comment)),
    ...(text.match(/(?!\n)\p{C}|[\u2028\u2029]/gu) ?? []),
  ];
  return [...topLevel(code), ...harmful.map((found) => `harmful: ${found}`)];
}

const GITHUB = [
  'declare namespace github {}',
  'declare const github: github.Tools;',
  'declare const mcp_github: github.Tools;',
  'interface McpServers {}',
];

describe('declareServer()', () => {
  it('declareServer() declares a namespace with methods, types, raw names and snake names', () => {
    expect(declare([LIST_ISSUES, PING]).text).toBe(`declare namespace github {
  interface Tools {}
  type ListIssuesArgs = {
    /** Account */ owner: string;
    /** @default "open" */ state?: 'open' | 'closed';
  };
  type ListIssuesResult = { issues: ListIssuesIssue[] };
  type ListIssuesIssue = { title: string };
  interface Tools {
    /**
     * Lists the issues of a repository.
     *
     * Newest first.
     */
    readonly listIssues: ToolFunction<ListIssuesArgs, ListIssuesResult>;
    readonly list_issues: Tools['listIssues'];
    readonly 'list-issues': Tools['listIssues'];
  }
  type PingArgs = Record<string, never>;
  type PingResult = any;
  interface Tools {
    readonly ping: OptionalToolFunction<PingArgs, PingResult>;
  }
}
declare const github: github.Tools;
declare const mcp_github: github.Tools;
interface McpServers { readonly 'github': github.Tools }
`);
  });

  it('declareServer() says which lines are whose', () => {
    const { text, tools } = declare([LIST_ISSUES, PING, { ...PING, name: 'pong' }]);
    const lines = text.split('\n');
    const names = tools.map(({ tool, from, to }) => {
      const own = lines.slice(from - 1, to).join('\n');
      const first = tool.alias.charAt(0).toUpperCase() + tool.alias.slice(1);
      expect(own).toMatch(new RegExp(`^ {2}type ${first}Args = [^]* readonly ${tool.alias}: [^]*\n {2}\\}$`));
      return tool.definition.name;
    });
    expect(names).toEqual(['list-issues', 'ping', 'pong']);
    expect(tools[1]!.from).toBe(tools[0]!.to + 1);
  });

  it('declareServer() declares a server by all of its names', () => {
    const { text } = declare([PING], "Bob's Drive");
    expect(text).toContain(
      'declare const bobSDrive: bobSDrive.Tools;\ndeclare const mcp_bob_s_drive: bobSDrive.Tools;',
    );
    expect(text).toContain(
      String.raw`interface McpServers { readonly 'Bob\'s Drive': bobSDrive.Tools; readonly 'bobSDrive': bobSDrive.Tools; readonly 'bob_s_drive': bobSDrive.Tools }`,
    );
  });

  it('declareServer() declares a server without tools', () => {
    expect(contentsOf(declare([]).text)).toEqual(GITHUB);
    expect(declare([]).tools).toEqual([]);
  });

  it('declareServer() takes the title for want of a description, and bounds either', () => {
    const options = { maxDescriptionChars: 10 };
    const text = (tool: Partial<ToolDefinition>): string =>
      declareServer(serverNamed('s'), nameTools([{ ...PING, ...tool }]), options).text;
    expect(text({ title: 'Ping it' })).toContain('    /** Ping it */\n');
    expect(text({ title: 'Ping it', description: 'x'.repeat(100) })).toContain('    /** xxxxxxxxxx… */\n');
    expect(text({})).not.toContain('/*');
  });

  it('declareServer() keeps apart the types of tools that could have the same', () => {
    const schema = {
      $defs: { args: { properties: { x: {} } } },
      properties: { a: { $ref: '#/$defs/args' } },
    };
    const { text } = declare([
      { name: 'list', inputSchema: schema },
      { name: 'listArgs', inputSchema: schema },
      {
        name: 'tool',
        inputSchema: {
          properties: { a: { $ref: '#/$defs/function' } },
          $defs: { function: { properties: { x: {} } } },
        },
      },
    ]);
    const names = [...text.matchAll(/^ {2}type (\w+) =/gm)].map((match) => match[1]);
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain('ToolFunction');
  });

  it('declareServer() declares a name that two tools have only once', () => {
    const { text } = declare([LIST_ISSUES, LIST_ISSUES, { ...PING, name: 'x'.repeat(5000) }]);
    expect(text.match(/'list-issues'/g)).toHaveLength(1);
    expect(text).toContain('readonly listIssues2: ');
    expect(text).not.toContain('x'.repeat(65));
  });

  it.each(['then', 'constructor', '__proto__', 'toString', 'toJSON'])(
    'declareServer() declares no member %s, which would not do what it says',
    (name) => {
      const { text } = declare([{ ...PING, name }]);
      expect(text).toMatch(/readonly \w+: OptionalToolFunction/);
      expect(text).not.toMatch(new RegExp(`readonly '?${name}'?:`));
    },
  );

  it.each(BREAKOUTS.map((text) => [text]))('declareServer() keeps %j where it belongs (A02, A04)', (text) => {
    expect(contentsOf(declare([hostileTool(text, 1), hostileTool(text, 2)]).text)).toEqual(GITHUB);
  });

  it.each(BREAKOUTS.map((text) => [text]))(
    'declareServer() keeps a server called %j where it belongs',
    (text) => {
      const server = serverNamed(text);
      const { code } = readDeclarations(declareServer(server, nameTools([PING]), OPTIONS).text);
      expect(topLevel(code)).toEqual(
        GITHUB.map((line) =>
          line.replaceAll(/(mcp_)?github/g, (_, mcp) =>
            mcp === undefined ? server.alias : `mcp_${server.snake}`,
          ),
        ),
      );
    },
  );

  it('declareServer() declares what it should and nothing else, whatever the tools say', () => {
    fc.assert(
      fc.property(fc.array(arbitraryTool, { maxLength: 4 }), (tools) => {
        expect(contentsOf(declare(tools).text)).toEqual(GITHUB);
      }),
      { numRuns: 500 },
    );
  });

  it('declareServer() gives the same text for the same tools', () => {
    fc.assert(
      fc.property(fc.array(arbitraryTool, { maxLength: 3 }), (tools) => {
        expect(declare(structuredClone(tools))).toEqual(declare(tools));
      }),
      { numRuns: 50 },
    );
  });

  it('declareServer() declares 100 tools in less than 50 ms', () => {
    const tools = nameTools(
      Array.from({ length: 100 }, (_, n) => ({ ...LIST_ISSUES, name: `list-issues-${n}` })),
    );
    const times = Array.from({ length: 5 }, () => {
      const started = performance.now();
      declareServer(serverNamed('github'), tools, OPTIONS);
      return performance.now() - started;
    });
    expect(Math.min(...times)).toBeLessThan(50);
  });

  it('declareServer() bears all hostile schemas at once (A14)', () => {
    const started = performance.now();
    const { text } = declare(
      HOSTILE_SCHEMAS.map(({ name, schema }) => ({ name, inputSchema: schema, outputSchema: schema })),
    );
    expect(contentsOf(text)).toEqual(GITHUB);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe('declareUnlistedServer()', () => {
  it('declareUnlistedServer() declares a server of which everything can be called', () => {
    expect(declareUnlistedServer(serverNamed('a-b')).text).toBe(
      `declare const aB: LooseServer;
declare const mcp_a_b: LooseServer;
interface McpServers { readonly 'a-b': LooseServer; readonly 'aB': LooseServer; readonly 'a_b': LooseServer }
`,
    );
  });
});

describe('declareScriptArguments()', () => {
  it('declareScriptArguments() declares args and its type', () => {
    const schema = {
      ...LIST_ISSUES.inputSchema,
      properties: { next: { $ref: '#' }, part: { $ref: '#/$defs/args' } },
      $defs: { args: { properties: { x: {} } } },
      required: [],
    };
    expect(declareScriptArguments(schema, OPTIONS)).toBe(`declare namespace args {
  type Args = { next?: Args; part?: Args2 };
  type Args2 = { x?: unknown };
}
declare const args: args.Args;
`);
  });

  it('declareScriptArguments() declares nothing else, whatever the schema says', () => {
    fc.assert(
      fc.property(arbitraryTool, ({ inputSchema }) => {
        expect(contentsOf(declareScriptArguments(inputSchema, OPTIONS))).toEqual([
          'declare namespace args {}',
          'declare const args: args.Args;',
        ]);
      }),
    );
  });
});
