import { readTextFile } from '@smcp/gateway';
import { JsonError, readJson, type JsonDocument } from '@smcp/protocol';
import type { Cli } from '../cli/cli.ts';
import { CliError } from '../errors/cli-error.ts';
import { readAll } from './read-input.ts';

const MAX_BYTES = 4 * 1024 * 1024;
const LIMITS = { maxLength: MAX_BYTES, maxDepth: 64, maxNodes: 1_000_000 } as const;

/**
 * Arguments of a tool: a JSON object given literally, as `@file`, or as `-` for standard input. Numbers stay as they are written.
 *
 * @throws {CliError} `INPUT_INVALID` when it is no JSON object, `FILE_UNREADABLE` for the file. Values are never quoted.
 */
export async function readToolArguments(given: string, cli: Cli): Promise<JsonDocument> {
  const text = await readText(given, cli);
  let document: JsonDocument;
  try {
    document = readJson(text, LIMITS);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new CliError('INPUT_INVALID', `Arguments cannot be read: ${error.message}`, { cause: error });
  }
  const { value } = document;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CliError('INPUT_INVALID', 'Arguments must be a JSON object such as {"path": "notes.txt"}');
  }
  return document;
}

async function readText(given: string, cli: Cli): Promise<string> {
  if (given === '-') return await readAll(cli.io.stdin, MAX_BYTES);
  if (!given.startsWith('@')) return given;
  const file = given.slice(1);
  const reading = await readTextFile(file, MAX_BYTES);
  if (!reading.ok)
    throw new CliError('FILE_UNREADABLE', `The file ${JSON.stringify(file)} ${reading.reason}`);
  return reading.text;
}
