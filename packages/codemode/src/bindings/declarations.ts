import type { NamedServer, NamedTool, ServerDeclarations } from './named.ts';
import { freeName, toTypeName } from './identifier.ts';
import { memberNames } from './names.ts';
import { BOUNDS } from './schema/bounds.ts';
import { needsArguments } from './schema/needs-arguments.ts';
import { schemaType } from './schema-type.ts';
import { blockComment, commentText } from './text/comment-text.ts';
import { propertyName, quote } from './text/literal.ts';

export interface DeclarationOptions {
  /** Characters of the description of a tool; those of its properties are shorter. */
  readonly maxDescriptionChars: number;
}

/** Types that the declarations of a server use from outside of its namespace, and the one that it always declares. */
const TYPES_IN_USE = ['OptionalToolFunction', 'Record', 'ToolFunction', 'Tools'] as const;

/**
 * Declares the namespace of one server: the global `<alias>`, the same as `mcp_<snake>`, its entries in `McpServers`, and beside them the types of the arguments and
 * results, such as `github.ListIssuesArgs`.
 *
 * The text stands beside `GLOBAL_DECLARATIONS` and declares nothing else, whatever the tools say of themselves. It depends on nothing but the arguments. Takes
 * names from {@link nameServers} and {@link nameTools}, the latter of all tools of the server at once.
 */
export function declareServer(
  server: NamedServer,
  tools: readonly NamedTool[],
  options: DeclarationOptions,
): ServerDeclarations {
  const lines: string[] = [`declare namespace ${server.alias} {`, '  interface Tools {}'];
  const places: { readonly tool: NamedTool; readonly from: number; readonly to: number }[] = [];
  const taken = new Set<string>([
    ...TYPES_IN_USE,
    ...tools.flatMap((tool) => [`${toTypeName(tool.alias)}Args`, `${toTypeName(tool.alias)}Result`]),
  ]);
  const declared = new Set<string>();
  for (const tool of tools) {
    const from = lines.length + 1;
    lines.push(...toolDeclaration(tool, { taken, declared }, options).flatMap((text) => text.split('\n')));
    places.push({ tool, from, to: lines.length });
  }
  lines.push('}', ...globalsOf(server, `${server.alias}.Tools`));
  return { server, text: `${lines.join('\n')}\n`, tools: places };
}

/** Declares a server whose tools are not known: it has whatever a script calls, with any arguments and result. */
export function declareUnlistedServer(server: NamedServer): ServerDeclarations {
  return { server, text: `${globalsOf(server, 'LooseServer').join('\n')}\n`, tools: [] };
}

function globalsOf(server: NamedServer, type: string): readonly string[] {
  const names = new Set([server.name, server.alias, server.snake]);
  return [
    `declare const ${server.alias}: ${type};`,
    `declare const mcp_${server.snake}: ${type};`,
    `interface McpServers { ${[...names].map((name) => `readonly ${quote(name)}: ${type}`).join('; ')} }`,
  ];
}

function toolDeclaration(
  tool: NamedTool,
  { taken, declared }: { readonly taken: Set<string>; readonly declared: Set<string> },
  options: DeclarationOptions,
): readonly string[] {
  const { description, title, inputSchema, outputSchema } = tool.definition;
  const prefix = toTypeName(tool.alias);
  const common = {
    nameFor: (hint: string): string => freeName(`${prefix}${hint}`, taken),
    indent: '  ',
    maxCommentChars: options.maxDescriptionChars,
  };
  const args = `${prefix}Args`;
  const result = `${prefix}Result`;
  const input = schemaType(inputSchema, { ...common, of: 'arguments', name: args });
  const output =
    outputSchema === undefined
      ? { text: 'any', parts: [] }
      : schemaType(outputSchema, { ...common, of: 'result', name: result });
  const types = [
    { name: args, text: input.text },
    ...input.parts,
    { name: result, text: output.text },
    ...output.parts,
  ];
  const helper = needsArguments(inputSchema) ? 'ToolFunction' : 'OptionalToolFunction';
  // Of two tools of one name only the first has it.
  const names = memberNames(tool).filter((name) => name.length <= BOUNDS.literalChars && !declared.has(name));
  for (const name of names) declared.add(name);
  const [method = tool.alias, ...others] = names;
  const comment = blockComment(commentText(description ?? title ?? '', options.maxDescriptionChars), '    ');
  return [
    ...types.map(({ name, text }) => `  type ${name} = ${text};`),
    '  interface Tools {',
    ...(comment === '' ? [] : [comment]),
    `    readonly ${method}: ${helper}<${args}, ${result}>;`,
    ...others.map((name) => `    readonly ${propertyName(name)}: Tools[${quote(method)}];`),
    '  }',
  ];
}
