import {
  isJsonObject,
  readJson,
  JsonError,
  type JsonLimits,
  type JsonObject,
  type JsonValue,
} from '@smcp/protocol';
import { CodeModeError } from '../code-mode-error.ts';

const MAX_DEPTH = 128;
const MAX_NODES = 1_000_000;
const MAX_NAME_CHARS = 256;
const MAX_TEXT_CHARS = 2000;

/**
 * What a script gave with an operation: an attacker's words, read strictly. Every wrong member is an error that names it.
 */
export class OperationInput {
  readonly value: JsonObject;
  readonly #text: string;
  readonly #members: ReadonlyMap<string, { readonly start: number; readonly end: number }>;

  /**
   * @param text JSON text of an object.
   * @throws {CodeModeError} `ARGUMENT_INVALID` for what is no object, is not strict JSON, is too deep, or has a member that is not among `names`; absent: any.
   */
  constructor(text: string, maxLength: number, names?: readonly string[]) {
    const limits: JsonLimits = { maxLength, maxDepth: MAX_DEPTH, maxNodes: MAX_NODES };
    const { value, members } = read(text, limits);
    if (!isJsonObject(value)) throw invalid('Arguments must be an object');
    const unknown =
      names === undefined ? undefined : Object.keys(value).find((name) => !names.includes(name));
    if (unknown !== undefined) throw invalid(`Unknown member '${unknown.slice(0, MAX_NAME_CHARS)}'`);
    this.value = value;
    this.#text = text;
    this.#members = members;
  }

  /** A name of a server or tool. */
  name(member: string): string {
    const value = this.value[member];
    if (value === undefined || value === '') throw invalid(`Missing '${member}' value`);
    return checkText(value, member, MAX_NAME_CHARS);
  }

  ifName(member: string): string | undefined {
    const value = this.value[member];
    return value === undefined ? undefined : checkText(value, member, MAX_NAME_CHARS);
  }

  text(member: string): string {
    const value = this.value[member];
    if (value === undefined) throw invalid(`Missing '${member}' value`);
    return checkText(value, member, MAX_TEXT_CHARS);
  }

  ifInteger(member: string): number | undefined {
    const value = this.value[member];
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
    throw invalid(`'${member}' must be an integer`);
  }

  flag(member: string): boolean {
    const value = this.value[member];
    if (value === undefined) return false;
    if (typeof value === 'boolean') return value;
    throw invalid(`'${member}' must be true or false`);
  }

  ifOneOf<T extends string>(member: string, all: readonly T[]): T | undefined {
    const value = this.value[member];
    if (value === undefined) return undefined;
    const found = all.find((each) => each === value);
    if (found === undefined)
      throw invalid(`'${member}' must be ${all.map((each) => `'${each}'`).join(' or ')}`);
    return found;
  }

  /** The text of a member that is an object, exactly as it was given. */
  objectText(member: string): string {
    const span = this.#members.get(member);
    if (span === undefined) return '{}';
    if (!isJsonObject(this.value[member])) throw invalid('Arguments must be an object');
    return this.#text.slice(span.start, span.end);
  }
}

function read(text: string, limits: JsonLimits): ReturnType<typeof readJson> {
  try {
    return readJson(text, limits);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new CodeModeError('ARGUMENT_INVALID', `Arguments cannot be passed on: ${error.message}`, {
      cause: error,
    });
  }
}

function checkText(value: JsonValue, member: string, maxChars: number): string {
  if (typeof value !== 'string') throw invalid(`'${member}' must be a string`);
  if (value.length > maxChars)
    throw invalid(`'${member}' has ${value.length} characters, at most ${maxChars} are taken`);
  return value;
}

function invalid(message: string): CodeModeError {
  return new CodeModeError('ARGUMENT_INVALID', message);
}
