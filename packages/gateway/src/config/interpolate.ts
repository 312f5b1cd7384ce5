import { resolve } from 'node:path';
import { mapScalars, quote, scalarsOf, type ConfigNode, type ScalarNode } from './config-node.ts';
import type { ReadFile } from './file-reader.ts';
import type { ConfigProblemCode, ProblemList } from './problems.ts';
import { parseTemplate, type Reference, type TemplatePart } from './template.ts';

const MAX_SECRET_FILE_BYTES = 64 * 1024;
const MAX_EXPANDED_CHARS = 8 * 1024 * 1024;
const GROUP_READ = 0o040;
const OTHERS_ANY = 0o007;

/** Where values for references come from. */
export interface ReferenceSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that relative paths start from, absolute. */
  readonly folder: string;
  readonly readFile: ReadFile;
  readonly secret?: (name: string) => Promise<string | undefined>;
}

export interface Interpolation {
  readonly root: ConfigNode;
  /** Every value that was put in for a reference; defaults written in the file are not among them. */
  readonly values: readonly string[];
  /** Absolute paths of the files asked for by `${file:…}`. */
  readonly files: readonly string[];
}

type Found =
  | { readonly ok: true; readonly value: string; readonly warning?: string }
  | {
      readonly ok: false;
      readonly code: ConfigProblemCode;
      readonly message: string;
      readonly hint?: string;
    };

/**
 * Replaces the references in all strings below `root`; keys stay as they are, and a replaced value stays a string.
 *
 * Every reference is looked up once. One that leads to nothing is reported at its string, which becomes `unresolved`.
 */
export async function interpolate(
  root: ConfigNode,
  sources: ReferenceSources,
  problems: ProblemList,
): Promise<Interpolation> {
  const templates = new Map<ScalarNode, readonly TemplatePart[]>();
  const references = new Map<string, Reference>();
  for (const scalar of scalarsOf(root)) {
    if (typeof scalar.value !== 'string' || !scalar.value.includes('${')) continue;
    const parts = parseTemplate(scalar.value);
    templates.set(scalar, parts);
    for (const part of parts)
      if (part.kind === 'reference') references.set(idOf(part.reference), part.reference);
  }
  const lookups = new Map<string, Found>();
  for (const [id, reference] of references) lookups.set(id, await lookUp(reference, sources));

  let expandedChars = 0;
  const fill = (scalar: ScalarNode): ScalarNode => {
    const parts = templates.get(scalar);
    if (parts === undefined) return scalar;
    const texts = parts.map((part) => fillPart(part, scalar, lookups, problems));
    const value = texts.join('');
    expandedChars += value.length;
    if (expandedChars > MAX_EXPANDED_CHARS) {
      problems.error(scalar, 'forbidden', 'The values put in for "${…}" are too long altogether');
      return { ...scalar, origin: 'unresolved' };
    }
    if (texts.includes(undefined)) return { ...scalar, origin: 'unresolved' };
    return {
      ...scalar,
      value,
      origin: parts.some((part) => part.kind === 'reference') ? 'interpolated' : 'literal',
    };
  };
  return {
    root: mapScalars(root, fill),
    values: [...lookups.values()].flatMap((found) => (found.ok ? [found.value] : [])),
    files: [...references.values()].flatMap((reference) =>
      reference.kind === 'file' ? [resolve(sources.folder, reference.name)] : [],
    ),
  };
}

function idOf(reference: Reference): string {
  return `${reference.kind}:${reference.name}`;
}

function fillPart(
  part: TemplatePart,
  scalar: ScalarNode,
  lookups: ReadonlyMap<string, Found>,
  problems: ProblemList,
): string | undefined {
  if (part.kind === 'text') return part.text;
  if (part.kind === 'malformed') {
    const forms =
      'write "${NAME}", "${NAME:-default}", "${file:path}" or "${secret:name}", or "$${" for a literal "${"';
    problems.error(scalar, 'reference-malformed', 'Malformed "${…}"', forms);
    return undefined;
  }
  const { reference } = part;
  const found = lookups.get(idOf(reference));
  if (found?.ok === true) {
    if (found.warning !== undefined) problems.warn(scalar, 'secret-exposed', found.warning);
    return found.value;
  }
  if (reference.kind === 'variable' && reference.fallback !== undefined) return reference.fallback;
  if (found !== undefined) problems.error(scalar, found.code, found.message, found.hint);
  return undefined;
}

async function lookUp(reference: Reference, sources: ReferenceSources): Promise<Found> {
  if (reference.kind === 'variable') return lookUpVariable(reference.name, sources.env);
  if (reference.kind === 'file') return lookUpFile(reference.name, sources);
  return lookUpSecret(reference.name, sources.secret);
}

function lookUpVariable(name: string, env: ReferenceSources['env']): Found {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (value !== undefined && value !== '') return { ok: true, value };
  return {
    ok: false,
    code: 'variable-missing',
    message: `The environment variable ${name} is ${value === undefined ? 'not set' : 'empty'}`,
    hint: `set it, or give a default with "\${${name}:-…}"`,
  };
}

async function lookUpFile(name: string, sources: ReferenceSources): Promise<Found> {
  const reading = await sources.readFile(resolve(sources.folder, name), MAX_SECRET_FILE_BYTES);
  if (!reading.ok) {
    return {
      ok: false,
      code: 'variable-missing',
      message: `The file ${quote(name)} ${reading.reason}`,
      hint: 'relative paths start from the folder of the configuration file',
    };
  }
  const mode = reading.mode ?? 0;
  if ((mode & OTHERS_ANY) !== 0) {
    return {
      ok: false,
      code: 'secret-exposed',
      message: `The file ${quote(name)} is open to every user of this machine (mode ${octal(mode)})`,
      hint: 'take the rights of others away, as with "chmod 600", or "defaultMode: 0400" of a Kubernetes volume',
    };
  }
  const value = reading.text.replace(/\r?\n$/, '');
  if (value === '') {
    return { ok: false, code: 'variable-missing', message: `The file ${quote(name)} is empty` };
  }
  if ((mode & GROUP_READ) === 0) return { ok: true, value };
  return {
    ok: true,
    value,
    warning: `The file ${quote(name)} can be read by its whole group (mode ${octal(mode)})`,
  };
}

function octal(mode: number): string {
  return `0${mode.toString(8).padStart(3, '0')}`;
}

async function lookUpSecret(name: string, secret: ReferenceSources['secret']): Promise<Found> {
  if (secret === undefined) {
    return {
      ok: false,
      code: 'variable-missing',
      message: 'No secret store is open here to look up "${secret:…}"',
    };
  }
  let value: string | undefined;
  try {
    value = await secret(name);
  } catch {
    // The store's own error may quote what it holds, and its owner has logged it.
    return {
      ok: false,
      code: 'variable-missing',
      message: `The secret ${quote(name)} could not be read from the store`,
    };
  }
  if (value !== undefined && value !== '') return { ok: true, value };
  return {
    ok: false,
    code: 'variable-missing',
    message: `There is no secret called ${quote(name)} in the store`,
    hint: `make it with "smcp secrets set ${name}"`,
  };
}
