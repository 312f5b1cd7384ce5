import type { z } from 'zod';
import { child, nodeAt, quote, type ConfigNode, type ConfigPath } from './config-node.ts';
import { configJsonSchema, type JsonSchema } from './json-schema.ts';
import type { ProblemList } from './problems.ts';
import { describeKind, describeValue, didYouMean, listOf } from './wording.ts';

type Issue = z.core.$ZodIssue;

/** Reports what the schema found wrong, in our words and at the place in the file. */
export function reportSchemaIssues(root: ConfigNode, issues: readonly Issue[], problems: ProblemList): void {
  const schema = configJsonSchema();
  for (const issue of issues) reportIssue({ root, schema, problems }, issue, toPath(issue.path));
}

interface Context {
  readonly root: ConfigNode;
  readonly schema: JsonSchema;
  readonly problems: ProblemList;
}

function toPath(path: readonly PropertyKey[]): ConfigPath {
  return path.map((step) => (typeof step === 'number' ? step : String(step)));
}

function reportIssue(context: Context, issue: Issue, path: ConfigPath): void {
  const { root, problems } = context;
  const node = nodeAt(root, path);
  if (node === undefined) return reportMissing(context, path);
  if (node.kind === 'scalar' && node.origin === 'unresolved') return;
  switch (issue.code) {
    case 'unrecognized_keys':
      return reportUnknownKeys(context, node, issue.keys);
    case 'invalid_key':
      return problems.keyError(
        node,
        'wrong-value',
        `Expected as key ${keyWish(issue)}, found ${quote(String(path.at(-1)))}`,
      );
    case 'invalid_union':
      return reportUnion(context, issue, node);
    case 'invalid_type':
      return problems.error(
        node,
        'wrong-type',
        `Expected ${kindName(issue.expected)}, found ${describeKindOrNumber(node)}`,
        typeHint(node, issue.expected),
      );
    case 'invalid_value':
      return problems.error(
        node,
        'wrong-value',
        `Expected ${issue.values.length === 1 ? '' : 'one of '}${listOf(issue.values)}, found ${describeValue(node)}`,
        valueHint(node, issue.values),
      );
    case 'too_small':
      return problems.error(
        node,
        'wrong-value',
        `Expected at least ${amount(issue.minimum, issue.origin)}, found ${measure(node, issue.origin)}`,
      );
    case 'too_big':
      return problems.error(
        node,
        'wrong-value',
        `Expected at most ${amount(issue.maximum, issue.origin)}, found ${measure(node, issue.origin)}`,
      );
    case 'invalid_format':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'custom':
      // The schema's own texts complete the sentence "Expected …".
      return problems.error(node, 'wrong-value', `Expected ${issue.message}, found ${describeValue(node)}`);
  }
}

function reportMissing({ root, problems }: Context, path: ConfigPath): void {
  const parent = nodeAt(root, path.slice(0, -1)) ?? root;
  problems.errorAt(parent.at, path, 'missing-key', `The key ${quote(String(path.at(-1)))} is missing`);
}

function reportUnknownKeys({ schema, problems }: Context, node: ConfigNode, keys: readonly string[]): void {
  const known = knownKeys(schema, node.path);
  for (const key of keys) {
    const at = child(node, key);
    if (at === undefined) continue;
    const hint =
      didYouMean(key, known) ?? (known.length === 0 ? undefined : `known here: ${known.join(', ')}`);
    problems.keyError(at, 'unknown-key', 'Unknown key', hint);
  }
}

function reportUnion(
  context: Context,
  issue: Extract<Issue, { code: 'invalid_union' }>,
  node: ConfigNode,
): void {
  const ofSameKind = issue.errors.filter(
    (branch) => !branch.some((below) => below.path.length === 0 && below.code === 'invalid_type'),
  );
  const [branch] = ofSameKind;
  if (branch !== undefined && ofSameKind.length === 1) {
    for (const below of branch) reportIssue(context, below, [...node.path, ...toPath(below.path)]);
    return;
  }
  if (branch !== undefined) {
    context.problems.error(node, 'wrong-value', `Expected ${issue.message}, found ${describeValue(node)}`);
    return;
  }
  const kinds = new Set(
    issue.errors.flatMap((errors) =>
      errors.flatMap((below) => (below.code === 'invalid_type' ? [kindName(below.expected)] : [])),
    ),
  );
  context.problems.error(
    node,
    'wrong-type',
    `Expected ${[...kinds].join(' or ')}, found ${describeKindOrNumber(node)}`,
    typeHint(node, 'string'),
  );
}

function keyWish(issue: Extract<Issue, { code: 'invalid_key' }>): string {
  return issue.issues[0]?.message ?? 'another text';
}

function kindName(expected: string): string {
  switch (expected) {
    case 'object':
    case 'record':
      return 'a map';
    case 'array':
      return 'a list';
    case 'int':
      return 'a whole number';
    case 'boolean':
      return 'true or false';
    default:
      return `a ${expected}`;
  }
}

/** A number of the wrong kind is shown; a string is not, since it may be a secret in the wrong place. */
function describeKindOrNumber(node: ConfigNode): string {
  const isNumber = node.kind === 'scalar' && typeof node.value === 'number';
  return isNumber ? describeValue(node) : describeKind(node);
}

function typeHint(node: ConfigNode, expected: string): string | undefined {
  if (node.kind !== 'scalar') return undefined;
  if (node.value === null) return 'give it a value or remove the key';
  if (expected === 'string') return 'put it in quotes';
  if (typeof node.value !== 'string') return undefined;
  if (node.origin === 'interpolated') return '"${…}" always gives a string';
  if (expected === 'array') return 'write it as a list: ["…"]';
  return ['number', 'int', 'boolean'].includes(expected) ? 'remove the quotes if there are any' : undefined;
}

function valueHint(node: ConfigNode, values: readonly unknown[]): string | undefined {
  if (node.kind !== 'scalar' || typeof node.value !== 'string' || node.origin !== 'literal') return undefined;
  return didYouMean(
    node.value,
    values.filter((value) => typeof value === 'string'),
  );
}

function amount(bound: number | bigint, origin: string): string {
  if (origin === 'string') return `${bound} characters`;
  return origin === 'array' ? `${bound} items` : String(bound);
}

function measure(node: ConfigNode, origin: string): string {
  if (node.kind === 'list') return String(node.items.length);
  if (origin === 'string' && node.kind === 'scalar') return String(String(node.value).length);
  return describeValue(node);
}

/** The keys that the schema has at `path`. */
function knownKeys(schema: JsonSchema, path: ConfigPath): readonly string[] {
  const branches = path.reduce<readonly JsonSchema[]>(
    (current, step) => current.flatMap((branch) => below(branch, step)),
    [schema],
  );
  return branches.flatMap(alternatives).flatMap((branch) => Object.keys(branch.properties ?? {}));
}

function below(schema: JsonSchema, step: string | number): readonly JsonSchema[] {
  return alternatives(schema).flatMap((branch) => {
    if (typeof step === 'number') return branch.items === undefined ? [] : [branch.items];
    const properties = branch.properties ?? {};
    if (Object.hasOwn(properties, step)) return properties[step] ?? [];
    return typeof branch.additionalProperties === 'object' ? [branch.additionalProperties] : [];
  });
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  return schema.anyOf === undefined ? [schema] : schema.anyOf.flatMap(alternatives);
}
