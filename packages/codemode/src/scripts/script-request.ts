import { isJsonObject, type JsonObject } from '@smcp/protocol';
import type { Language } from '@smcp/sandbox';
import { quoted, scriptInvalid } from './script-invalid.ts';
import { readScriptName } from './script-name.ts';
import { readSchema } from './script-schema.ts';

/** What a script asks to be saved, once read. */
export interface ScriptRequest {
  readonly name: string;
  readonly description: string;
  readonly language: Language;
  readonly code: string;
  readonly inputSchema: JsonObject;
  readonly outputSchema: JsonObject | undefined;
  /** As the servers are called in the configuration, in order, each once. */
  readonly servers: readonly string[];
}

export interface ReadScriptOptions {
  readonly languages: readonly Language[];
  /** The server that the caller may reach under a name or alias, as the configuration calls it. */
  readonly serverNamed: (name: string) => string | undefined;
}

const MAX_DESCRIPTION = 500;
const MAX_CODE_BYTES = 64 * 1024;
const MAX_SERVERS = 20;

const MEMBERS: ReadonlySet<string> = new Set([
  'name',
  'description',
  'language',
  'code',
  'function',
  'input',
  'output',
  'servers',
]);

const NO_ARGUMENTS: JsonObject = Object.freeze({
  type: 'object',
  properties: Object.freeze({}),
  additionalProperties: false,
});

/**
 * Reads the argument of `saveScript`. In place of `code` there may be `function`, the source of a JavaScript function that takes the arguments.
 *
 * @throws {CodeModeError} `SCRIPT_INVALID`, naming the member and what it takes.
 */
export function readScriptRequest(value: unknown, options: ReadScriptOptions): ScriptRequest {
  if (!isJsonObject(value)) {
    throw scriptInvalid('saveScript takes one object, such as {name, description, code, input, servers}');
  }
  const unknown = Object.keys(value).find((key) => !MEMBERS.has(key));
  if (unknown !== undefined) {
    throw scriptInvalid(`${quoted(unknown)} is not known; a script has ${[...MEMBERS].join(', ')}`);
  }
  return {
    name: readScriptName(value['name']),
    description: readDescription(value['description']),
    ...readCode(value, options.languages),
    inputSchema: isAbsent(value['input']) ? NO_ARGUMENTS : readSchema(value['input'], 'input'),
    outputSchema: isAbsent(value['output']) ? undefined : readSchema(value['output'], 'output'),
    servers: readServers(value['servers'], options.serverNamed),
  };
}

function readDescription(value: unknown): string {
  const description = typeof value === 'string' ? value.trim() : '';
  if (description === '' || description.length > MAX_DESCRIPTION) {
    const found = typeof value === 'string' ? `has ${description.length} characters` : `is ${quoted(value)}`;
    throw scriptInvalid(
      `"description" ${found}, but takes 1 to ${MAX_DESCRIPTION}: what the script does, for whoever chooses among tools`,
    );
  }
  checkWellFormed(description, 'description');
  return description;
}

function readCode(
  value: JsonObject,
  languages: readonly Language[],
): Pick<ScriptRequest, 'code' | 'language'> {
  const [code, source] = [value['code'], value['function']];
  if (isAbsent(code) === isAbsent(source)) {
    throw scriptInvalid('A script has either "code", the body of an async function, or "function"');
  }
  const member = isAbsent(code) ? 'function' : 'code';
  const text = isAbsent(code) ? source : code;
  if (typeof text !== 'string' || text.trim() === '') {
    throw scriptInvalid(`"${member}" is ${text === '' ? 'empty' : quoted(text)}, but must be source text`);
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_CODE_BYTES) {
    throw scriptInvalid(`"${member}" has ${bytes} bytes, at most ${MAX_CODE_BYTES} are kept`);
  }
  checkWellFormed(text, member);
  // The engine has taken the types out of a function by the time that its text can be read.
  if (member === 'function') return { language: 'javascript', code: `return await (${text}\n)(args);` };
  return { language: readLanguage(value['language'], languages), code: text };
}

function readLanguage(value: unknown, languages: readonly Language[]): Language {
  const language = languages.find((each) => each === (isAbsent(value) ? 'typescript' : value));
  if (language === undefined) {
    throw scriptInvalid(`"language" is ${quoted(value)}, but must be one of ${languages.join(', ')}`);
  }
  return language;
}

function readServers(value: unknown, serverNamed: ReadScriptOptions['serverNamed']): readonly string[] {
  if (isAbsent(value)) return [];
  const list: readonly unknown[] | undefined = Array.isArray(value) ? value : undefined;
  if (list === undefined || list.length > MAX_SERVERS) {
    throw scriptInvalid(`"servers" must be a list of at most ${MAX_SERVERS} names of servers`);
  }
  const servers = list.map((each) => {
    const server = typeof each === 'string' ? serverNamed(each) : undefined;
    if (server === undefined) {
      throw scriptInvalid(`"servers" has ${quoted(each)}, but there is no such server that you may use`);
    }
    return server;
  });
  return [...new Set(servers)].sort();
}

function checkWellFormed(text: string, member: string): void {
  if (!text.isWellFormed()) throw scriptInvalid(`"${member}" holds half of a surrogate pair`);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
