import { declareTool } from '../bindings/declare-tool.ts';
import type { NamedServer, NamedTool } from '../bindings/named.ts';
import type { Detail, ToolDoc } from './discovery.ts';
import { shownSchema } from './shown-schema.ts';
import { isPlainName, visibleText } from './visible-text.ts';

/** One tool as discovery tells of it: with `summary` what it does, with `full` how it is called as well. */
export function toToolDoc(
  server: NamedServer,
  tool: NamedTool,
  detail: Detail,
  maxDescriptionChars: number,
): ToolDoc {
  const { definition } = tool;
  const description = describe(tool, maxDescriptionChars);
  return {
    server: server.name,
    serverAlias: server.alias,
    tool: shownToolName(tool),
    toolAlias: tool.alias,
    ...(description === '' ? {} : { description }),
    ...(detail === 'full'
      ? {
          declaration: declareTool(server, tool, { maxDescriptionChars }),
          inputSchema: shownSchema(definition.inputSchema, maxDescriptionChars),
          ...(definition.outputSchema === undefined
            ? {}
            : { outputSchema: shownSchema(definition.outputSchema, maxDescriptionChars) }),
        }
      : {}),
  };
}

/** What the tool says it does, or its title when it says nothing; '' without either. */
export function describe({ definition }: NamedTool, maxChars: number): string {
  const description = visibleText(definition.description ?? '', maxChars);
  return description === '' ? visibleText(definition.title ?? '', maxChars) : description;
}

/** The raw name; the alias in place of one that cannot be shown as it is, for it reaches the tool as well. */
export function shownToolName({ definition, alias }: NamedTool): string {
  return isPlainName(definition.name) ? definition.name : alias;
}
