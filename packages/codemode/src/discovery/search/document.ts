import { isJsonObject, type JsonObject, type JsonValue } from '@smcp/protocol';
import type { NamedServer, NamedTool } from '../../bindings/named.ts';
import { splitWords } from './words.ts';

/** What is looked at of one tool; more is left out of the search, so that no server can make the index of a caller large. */
const MAX_NAME_WORDS = 24;
const MAX_LEAD_WORDS = 32;
const MAX_DESCRIPTION_WORDS = 160;
const MAX_DESCRIPTION_CHARS = 2000;
const MAX_PARAMETERS = 48;
const MAX_PARAMETER_WORDS = 64;
const MAX_PARAMETER_CHARS = 160;
const MAX_PARAMETER_DEPTH = 2;

/** One tool as the index reads it: words with blanks between, none of them twice, for saying a word often shall not lift a tool. */
export interface ToolWords {
  readonly server: string;
  readonly name: string;
  /** Neighbours in the name, joined: `pullrequest`. */
  readonly joined: string;
  readonly title: string;
  /** The first sentence of the description. */
  readonly lead: string;
  readonly description: string;
  readonly parameters: string;
  readonly parameterTexts: string;
}

export type Field = keyof ToolWords;

export function toToolWords(server: NamedServer, tool: NamedTool): ToolWords {
  const { definition } = tool;
  const name = splitWords(definition.name, MAX_NAME_WORDS);
  const [lead, rest] = splitLead((definition.description ?? '').slice(0, MAX_DESCRIPTION_CHARS).trim());
  const parameters = parametersOf(definition.inputSchema);
  return {
    server: unique(splitWords(`${server.name} ${server.snake}`, MAX_NAME_WORDS)),
    name: unique(name),
    joined: unique(name.slice(1).map((word, i) => `${name[i]}${word}`)),
    title: unique(splitWords(definition.title ?? '', MAX_NAME_WORDS)),
    lead: unique(splitWords(lead, MAX_LEAD_WORDS)),
    description: unique(splitWords(rest, MAX_DESCRIPTION_WORDS)),
    parameters: wordsOf(parameters.map((parameter) => parameter.name)),
    parameterTexts: wordsOf(parameters.map((parameter) => parameter.text)),
  };
}

function splitLead(text: string): readonly [lead: string, rest: string] {
  const end = /[.!?:](?=\s)|\n/u.exec(text)?.index ?? text.length;
  return [text.slice(0, end), text.slice(end)];
}

function unique(words: readonly string[]): string {
  return [...new Set(words)].join(' ');
}

function wordsOf(texts: readonly string[]): string {
  return unique(splitWords(texts.join(' '), MAX_PARAMETER_WORDS));
}

interface Parameter {
  readonly name: string;
  readonly text: string;
}

/** Properties of the input, and of objects and lists in it, nearest the top first. */
function parametersOf(schema: JsonObject): readonly Parameter[] {
  const found: Parameter[] = [];
  let level: readonly JsonObject[] = [schema];
  for (let depth = 0; depth < MAX_PARAMETER_DEPTH && level.length > 0; depth += 1) {
    const next: JsonObject[] = [];
    for (const { properties } of level) {
      if (!isJsonObject(properties)) continue;
      for (const [name, value] of Object.entries(properties)) {
        if (found.length >= MAX_PARAMETERS) return found;
        if (!isJsonObject(value)) continue;
        found.push({ name: name.slice(0, MAX_PARAMETER_CHARS), text: textOf(value['description']) });
        next.push(value, ...(isJsonObject(value['items']) ? [value['items']] : []));
      }
    }
    level = next;
  }
  return found;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value.slice(0, MAX_PARAMETER_CHARS) : '';
}
