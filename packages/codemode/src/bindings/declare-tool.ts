import type { DeclarationOptions } from './declarations.ts';
import { freeName } from './identifier.ts';
import type { NamedServer, NamedTool } from './named.ts';
import { needsArguments } from './schema/needs-arguments.ts';
import { schemaType } from './schema-type.ts';
import { blockComment, commentText } from './text/comment-text.ts';

/** Names that would read as something else. */
const TAKEN = ['Args', 'Array', 'Promise', 'Record', 'Result'] as const;

/**
 * The declaration of one tool as it is shown to who asks for it: the call as a script writes it, with the types of arguments and result in place and those that they
 * refer to behind it. For reading; to a compiler give {@link declareServer}.
 */
export function declareTool(server: NamedServer, tool: NamedTool, options: DeclarationOptions): string {
  const { description, title, inputSchema, outputSchema } = tool.definition;
  const taken = new Set<string>(TAKEN);
  const common = {
    nameFor: (hint: string): string => freeName(hint, taken),
    indent: '',
    maxCommentChars: options.maxDescriptionChars,
  };
  const input = schemaType(inputSchema, { ...common, of: 'arguments', name: 'Args' });
  const output =
    outputSchema === undefined
      ? { text: 'any', isNamed: false, parts: [] }
      : schemaType(outputSchema, { ...common, of: 'result', name: 'Result' });
  const behind = [
    ...(input.isNamed ? [{ name: 'Args', text: input.text }] : []),
    ...input.parts,
    ...(output.isNamed ? [{ name: 'Result', text: output.text }] : []),
    ...output.parts,
  ];
  const args = input.isNamed ? 'Args' : input.text;
  const takesNone = args === 'Record<string, never>';
  const parameter = takesNone ? '' : `args${needsArguments(inputSchema) ? '' : '?'}: ${args}`;
  const result = output.isNamed ? 'Result' : output.text;
  const comment = blockComment(commentText(description ?? title ?? '', options.maxDescriptionChars), '');
  return [
    ...(comment === '' ? [] : [comment]),
    `${server.alias}.${tool.alias}(${parameter}): Promise<${result}>;`,
    ...behind.map(({ name, text }) => `type ${name} = ${text};`),
  ].join('\n');
}
