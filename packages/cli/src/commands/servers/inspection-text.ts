import type { JsonObject } from '@smcp/protocol';
import { oneLine } from '../../output/printable.ts';
import type { Output } from '../../output/output.ts';
import type { Inspection } from './inspection.ts';

const MAX_DESCRIPTION_CHARS = 90;

/** An inspection for people. Everything a server wrote is cut to one line. */
export function inspectionText(out: Output, inspection: Inspection, credential: string | undefined): string {
  const { server, description, tools, prompts, resources, resourceTemplates } = inspection;
  const { serverInfo, protocolVersion, capabilities } = description;
  const facts = [
    ['server', server],
    ['name', text(serverInfo['name'])],
    ['version', text(serverInfo['version'])],
    ['protocol', protocolVersion],
    [
      'capabilities',
      Object.keys(capabilities)
        .map((key) => oneLine(key, 40))
        .join(', ') || 'none',
    ],
    ...(credential === undefined ? [] : [['credential', credential]]),
  ].map(([label = '', value = '']) => `${out.style('bold', label.padEnd(13))}${value}`);
  return [
    facts.join('\n'),
    section(out, 'TOOLS', tools, 'name'),
    section(out, 'PROMPTS', prompts, 'name'),
    section(out, 'RESOURCES', resources, 'uri'),
    section(out, 'RESOURCE TEMPLATES', resourceTemplates, 'uriTemplate'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function section(out: Output, head: string, items: readonly JsonObject[], key: string): string {
  if (items.length === 0) return '';
  return out.table(items, [
    { head: `${head} (${items.length})`, cell: (item) => text(item[key]) },
    { head: 'DESCRIPTION', cell: (item) => oneLine(firstText(item), MAX_DESCRIPTION_CHARS) },
  ]);
}

function firstText(item: JsonObject): string {
  const found = [item['description'], item['title'], item['name']].find((value) => typeof value === 'string');
  return typeof found === 'string' ? found : '';
}

function text(value: unknown): string {
  return typeof value === 'string' ? oneLine(value, 80) : '';
}
