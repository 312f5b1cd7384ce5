import { basename, dirname, extname, resolve } from 'node:path';
import type { PolicySpec } from '@smcp/policy';
import { allChecks } from './checks/all-checks.ts';
import { scalarsOf, toValue, type ConfigNode } from './config-node.ts';
import { isCredentialPath } from './credential-fields.ts';
import { readTextFile, type ReadFile } from './file-reader.ts';
import { createGitRunner, readGitSource, type ConfigSource, type RunGit } from './git-source.ts';
import { interpolate } from './interpolate.ts';
import { ifJsonSyntaxError } from './json-syntax.ts';
import { toPolicySpec } from './policy-spec.ts';
import { ConfigError, ProblemList, type ConfigErrorCode, type ConfigProblem } from './problems.ts';
import { reportSchemaIssues } from './schema-problems.ts';
import { configSchema, type Config } from './schema.ts';
import { readYaml } from './yaml-document.ts';

const MAX_FILE_BYTES = 1024 * 1024;
const MIN_SECRET_CHARS = 6;
const OTHERS_READ = 0o004;
const TOP = { line: 1, column: 1 } as const;

export interface LoadOptions {
  /** The file, absolute or relative to the working directory. Messages call it by this name. A name that ends in `.json` must hold strict JSON. */
  readonly file: string;
  /** Where `${VAR}` comes from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Looks up `${secret:name}`; undefined when there is no such secret. Absent: every such reference is an error. */
  readonly secret?: (name: string) => Promise<string | undefined>;
  /** Default: from disk. */
  readonly readFile?: ReadFile;
  /** Default: the git on PATH. */
  readonly git?: RunGit;
  /** Largest file, in bytes. Default 1 MiB. */
  readonly maxBytes?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** A checked configuration, frozen through and through. */
export interface LoadedConfig {
  readonly config: Config;
  /** Absolute path of the file. */
  readonly file: string;
  /** Absolute path of its folder, from which relative paths start. */
  readonly folder: string;
  readonly source: ConfigSource;
  readonly policy: PolicySpec;
  readonly warnings: readonly ConfigProblem[];
  /**
   * Values of at least 6 characters that no log may show, longest first: everything put in for `${…}`, and what stands literally in credential
   * fields. Defaults written as `${VAR:-default}` count only in credential fields.
   */
  readonly secretValues: readonly string[];
  /** Absolute paths of the files that `${file:…}` names. */
  readonly files: readonly string[];
}

/**
 * Reads, fills in and checks a configuration file.
 *
 * Does not check that servers answer, that programs exist, or that JSON Schemas of rules compile. All problems of a file are reported together.
 *
 * @throws {ConfigError} `CONFIG_UNREADABLE` when the file is missing, too large, not UTF-8 or not a regular file; `CONFIG_SYNTAX` when it is not
 *   YAML 1.2 or uses a refused part of it; `CONFIG_VARIABLE_MISSING` when all that is wrong are references that lead to nothing;
 *   `CONFIG_INVALID` otherwise.
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const file = resolve(options.file);
  const folder = dirname(file);
  const readFile = options.readFile ?? readTextFile;
  const problems = new ProblemList(options.file);
  const refuse = (code: ConfigErrorCode, files: readonly string[] = [], cause?: unknown): never => {
    throw new ConfigError(code, problems.errors, {
      files: [file, ...files],
      ...(cause === undefined ? {} : { cause }),
    });
  };

  const reading = await readFile(file, options.maxBytes ?? MAX_FILE_BYTES);
  if (!reading.ok) {
    problems.errorAt(TOP, [], 'unreadable', `The configuration file ${reading.reason}`);
    return refuse('CONFIG_UNREADABLE', [], reading.cause);
  }
  const document = readDocument(reading.text, extname(file) === '.json', problems);
  if (hasSyntaxError(problems)) return refuse('CONFIG_SYNTAX');

  const { root, values, files } = await interpolate(document, { ...options, folder, readFile }, problems);
  const parsed = configSchema.safeParse(toValue(root));
  if (!parsed.success) reportSchemaIssues(root, parsed.error.issues, problems);
  const facts = { now: (options.now ?? Date.now)() };
  for (const check of allChecks) check(root, problems, facts);
  if (!parsed.success || problems.errors.length > 0) {
    const onlyMissing = problems.errors.every((problem) => problem.code === 'variable-missing');
    return refuse(onlyMissing ? 'CONFIG_VARIABLE_MISSING' : 'CONFIG_INVALID', files);
  }

  warnAboutLiteralSecrets(root, reading.mode, options.file, problems);
  const source = await readGitSource(file, options.git ?? createGitRunner(options.env));
  return deepFreeze({
    config: parsed.data,
    file,
    folder,
    source,
    policy: toPolicySpec(root, source),
    warnings: problems.warnings,
    secretValues: secretValues(root, values),
    files,
  });
}

function readDocument(text: string, isJson: boolean, problems: ProblemList): ConfigNode {
  const unmarked = text.replace(/^\ufeff/, '');
  // Tabs are white space in JSON but may not indent in YAML; the position of what follows stays the same.
  const root = readYaml(isJson ? unmarked.replaceAll('\t', ' ') : unmarked, problems);
  const notJson = isJson && problems.errors.length === 0 ? ifJsonSyntaxError(unmarked) : undefined;
  if (notJson !== undefined) problems.errorAt(notJson, [], 'syntax', 'Not valid JSON');
  if (root === undefined || (root.kind === 'scalar' && root.value === null)) {
    // NOTE: an editor that writes in place empties the file first; a gateway that took that over would drop everybody.
    if (problems.errors.length === 0) {
      problems.errorAt(TOP, [], 'syntax', 'The file is empty', 'write {} for a configuration of defaults');
    }
    return { kind: 'map', path: [], at: TOP, entries: new Map() };
  }
  return root;
}

function hasSyntaxError(problems: ProblemList): boolean {
  return problems.errors.some((problem) => problem.code === 'syntax');
}

function warnAboutLiteralSecrets(
  root: ConfigNode,
  mode: number | undefined,
  file: string,
  problems: ProblemList,
): void {
  if (((mode ?? 0) & OTHERS_READ) === 0) return;
  for (const scalar of scalarsOf(root)) {
    if (scalar.origin === 'literal' && isCredentialPath(scalar.path)) {
      problems.warn(
        scalar,
        'secret-exposed',
        `Every user of this machine can read this credential in ${basename(file)}`,
        'use "${VAR}" or "chmod 600"',
      );
    }
  }
}

function secretValues(root: ConfigNode, interpolated: readonly string[]): readonly string[] {
  const found = new Set(interpolated);
  for (const { path, value } of scalarsOf(root)) {
    if (typeof value !== 'string' || !isCredentialPath(path)) continue;
    found.add(value);
    // The word before the value, such as "Bearer", is no secret, and the value may turn up without it.
    const afterScheme = /^[A-Za-z][A-Za-z0-9-]* +(\S+)$/.exec(value)?.[1];
    if (afterScheme !== undefined) found.add(afterScheme);
  }
  return [...found].filter((value) => value.length >= MIN_SECRET_CHARS).sort((a, b) => b.length - a.length);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const below of Object.values(value)) deepFreeze(below);
  }
  return value;
}
