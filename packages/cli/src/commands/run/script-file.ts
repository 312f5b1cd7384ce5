import { extname } from 'node:path';
import { readTextFile } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { CliError } from '../../errors/cli-error.ts';
import { readAll } from '../../input/read-input.ts';

/** A script as it is sent, and how places in it are told to whoever wrote the file. */
export interface ScriptFile {
  /** The file as it was named, or `-` for standard input. */
  readonly name: string;
  readonly language: 'typescript' | 'javascript';
  /** As the file has it. */
  readonly text: string;
  /** As it is run: without its `#!` line, with its arguments, every line where it was. */
  readonly code: string;
  /** Columns of the first line that are not the file's. */
  readonly addedColumns: number;
}

const MAX_BYTES = 4 * 1024 * 1024;
const LANGUAGES: ReadonlyMap<string, ScriptFile['language']> = new Map([
  ['.js', 'javascript'],
  ['.mjs', 'javascript'],
  ['.cjs', 'javascript'],
]);
const FIRST_LINE = /^#![^\n]*/;

/**
 * Reads a script.
 *
 * @param name A file, or `-` for standard input.
 * @param argsJson JSON text that the script sees as `args`; absent: there is no such global.
 * @throws {CliError} `FILE_UNREADABLE`, `INPUT_INVALID`.
 */
export async function readScriptFile(
  cli: Cli,
  name: string,
  argsJson: string | undefined,
): Promise<ScriptFile> {
  const text = (await readText(cli, name)).replace(/^\uFEFF/, '');
  // Parsed, not written as a literal, in which a member called __proto__ would be something else.
  const added = argsJson === undefined ? '' : `const args = JSON.parse(${JSON.stringify(argsJson)});`;
  const withoutFirst = text.replace(FIRST_LINE, '');
  const isCut = withoutFirst.length < text.length;
  return {
    name,
    language: LANGUAGES.get(extname(name).toLowerCase()) ?? 'typescript',
    text,
    code: added + withoutFirst,
    addedColumns: isCut ? 0 : added.length,
  };
}

async function readText(cli: Cli, name: string): Promise<string> {
  if (name === '-') return await readAll(cli.io.stdin, MAX_BYTES);
  const reading = await readTextFile(name, MAX_BYTES);
  if (reading.ok) return reading.text;
  throw new CliError('FILE_UNREADABLE', `The script ${JSON.stringify(name)} ${reading.reason}`);
}
