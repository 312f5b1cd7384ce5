import { isJsonObject, type JsonObject, type JsonValue } from '@smcp/protocol';
import { toIdentifier, toTypeName } from '../identifier.ts';
import { annotationsOf } from './annotations.ts';
import { BOUNDS } from './bounds.ts';
import {
  branchesOf,
  isComposed,
  isEmptySchema,
  mayBeObject,
  namesIn,
  type ReadonlyJsonArray,
  typesOf,
} from './keywords.ts';
import { enumeration, literal } from './literals.ts';
import { createReferences, resourceOf } from './references.ts';
import {
  type Definition,
  intersectionOf,
  isOpen,
  type Member,
  NEVER,
  NULL,
  plain,
  type TypeNode,
  unionOf,
  UNKNOWN,
} from './type-node.ts';

export interface ReadSchemaOptions {
  /** Name of the type of the whole schema. */
  readonly name: string;
  /** Type of what the schema says nothing about: `unknown` refuses careless use, `any` lets it pass. */
  readonly open: TypeNode;
  /** Gives a free name for a part that has to be named. */
  readonly nameFor: (hint: string) => string;
  /** Characters of the description of a property. */
  readonly maxCommentChars: number;
  /** What is read is the arguments of a tool: an object, and closed when it names no properties at all. */
  readonly isArguments: boolean;
}

/** Where in the schema the reader is. */
interface Place {
  readonly depth: number;
  readonly resource: JsonObject;
  /** Definition whose body is being read. */
  readonly owner: Definition;
  /** What has been entered since. Inside an object or list a type may name itself; see `inPosition` for the exception. */
  readonly inside: 'nothing' | 'position' | 'list' | 'object';
}

/**
 * Reads a JSON Schema (2020-12, with the habits of draft-07) as types. Gives the type of the whole first and then those that it refers to.
 *
 * What TypeScript cannot say (`not`, `if`, `dependentSchemas`, patterns) is left out, and what exceeds {@link BOUNDS} or lies in another document admits everything:
 * a type never refuses a value for a keyword it does not know. Objects and tuples are closed unless they say otherwise, stricter than the specification, so that a
 * misspelt property is noticed.
 */
export function readSchema(root: JsonObject, options: ReadSchemaOptions): readonly Definition[] {
  const { open } = options;
  const references = createReferences(root);
  const definitions = new Map<JsonObject, Definition>();
  const waiting: {
    readonly schema: JsonObject;
    readonly resource: JsonObject;
    readonly definition: Definition;
  }[] = [];
  let nodes = 0;

  function read(schema: JsonValue | undefined, place: Place): TypeNode {
    if (schema === false) return NEVER;
    if (!isJsonObject(schema)) return open;
    nodes += 1;
    if (nodes > BOUNDS.nodes || place.depth > BOUNDS.depth) return open;
    const here = { ...place, resource: resourceOf(schema, place.resource) };
    const beside = { ...here, depth: here.depth + 1 };
    if (isEmptySchema(schema['not'])) return NEVER;

    const parts: TypeNode[] = [];
    const reference = schema['$ref'] ?? schema['$dynamicRef'] ?? schema['$recursiveRef'];
    if (typeof reference === 'string') parts.push(refer(reference, here));
    if (Object.hasOwn(schema, 'const')) parts.push(literal(schema['const'], open));
    else if (Array.isArray(schema['enum']))
      parts.push(enumeration(schema['enum'] as ReadonlyJsonArray, open));
    else parts.push(ownType(schema, here));
    for (const branch of branchesOf(schema['allOf']) ?? []) parts.push(read(branch, beside));
    for (const keyword of ['anyOf', 'oneOf']) {
      const branches = branchesOf(schema[keyword]);
      if (branches !== undefined) parts.push(unionOf(branches.map((branch) => read(branch, beside))));
    }
    const type = intersectionOf(parts, open);
    return schema['nullable'] === true ? unionOf([type, NULL]) : type;
  }

  function inObject(schema: JsonValue | undefined, place: Place): TypeNode {
    return read(schema, { ...place, depth: place.depth + 1, inside: 'object' });
  }

  function inList(schema: JsonValue | undefined, place: Place): TypeNode {
    const inside = place.inside === 'nothing' ? 'list' : place.inside;
    return read(schema, { ...place, depth: place.depth + 1, inside });
  }

  /** An optional position of a tuple, or its rest: compilers look through these and through lists in them at once, so that only an object ends a circle. */
  function inPosition(schema: JsonValue | undefined, place: Place): TypeNode {
    const inside = place.inside === 'object' ? 'object' : 'position';
    return read(schema, { ...place, depth: place.depth + 1, inside });
  }

  function refer(reference: string, place: Place): TypeNode {
    const target = references.find(reference, place.resource);
    if (target === undefined) return open;
    if (!isJsonObject(target.schema)) return target.schema === false ? NEVER : open;
    const definition = definitions.get(target.schema) ?? define(target.schema, target.resource, target.hint);
    if (definition === undefined) return open;
    if (place.inside === 'nothing' || place.inside === 'position') {
      if (reaches(definition, place.owner)) return open;
      place.owner.direct.add(definition);
    }
    definition.referenced = true;
    return { kind: 'named', definition };
  }

  function define(schema: JsonObject, resource: JsonObject, hint: string): Definition | undefined {
    if (definitions.size >= BOUNDS.definitions) return undefined;
    const name =
      definitions.size === 0 ? options.name : options.nameFor(toTypeName(toIdentifier(hint, 'part').camel));
    const definition: Definition = { name, body: open, direct: new Set(), referenced: false };
    definitions.set(schema, definition);
    waiting.push({ schema, resource, definition });
    return definition;
  }

  function ownType(schema: JsonObject, place: Place): TypeNode {
    const types = typesOf(schema);
    return types === undefined ? open : unionOf(types.map((type) => typeNamed(type, schema, place)));
  }

  function typeNamed(type: string, schema: JsonObject, place: Place): TypeNode {
    switch (type) {
      case 'string':
      case 'number':
      case 'boolean':
      case 'null':
        return plain(type);
      case 'integer':
        return plain('number');
      case 'array':
        return arrayType(schema, place);
      case 'object':
        return objectType(schema, place);
      default:
        return open;
    }
  }

  function arrayType(schema: JsonObject, place: Place): TypeNode {
    const { items, prefixItems } = schema;
    const [positions, further] = Array.isArray(prefixItems)
      ? [prefixItems, items]
      : [items, schema['additionalItems']];
    if (!Array.isArray(positions)) return { kind: 'array', item: inList(items, place) };
    const all = positions as ReadonlyJsonArray;
    if (all.length === 0) return { kind: 'array', item: inList(further, place) };
    if (all.length > BOUNDS.positions) return { kind: 'array', item: open };
    const least = schema['minItems'];
    const required =
      typeof least === 'number' ? Math.max(0, Math.min(Math.ceil(least), all.length)) : all.length;
    const closed = further === undefined || further === false || schema['maxItems'] === all.length;
    return {
      kind: 'tuple',
      items: all.map((item, index) => (index < required ? inList(item, place) : inPosition(item, place))),
      required,
      rest: closed ? undefined : inPosition(further, place),
    };
  }

  function objectType(schema: JsonObject, place: Place): TypeNode {
    const { members, partial } = membersOf(schema, place);
    const others = othersOf(schema, place);
    if (members.length === 0) return memberless(schema, place, partial ? open : others);
    if (partial) return { kind: 'object', members, others: open };
    // A type for the other members would have to admit the named ones too.
    return { kind: 'object', members, others: others === undefined || others === NEVER ? undefined : open };
  }

  function membersOf(schema: JsonObject, place: Place): { members: readonly Member[]; partial: boolean } {
    const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
    const required = namesIn(schema['required']);
    const entries = Object.entries(properties);
    const members: Member[] = [];
    for (const [key, value] of entries) {
      if (members.length >= BOUNDS.properties || nodes > BOUNDS.nodes) break;
      if (key.length > BOUNDS.literalChars) continue;
      const comment = annotationsOf(value, options.maxCommentChars);
      members.push({ key, optional: !required.has(key), type: inObject(value, place), comment });
    }
    const told = members.length;
    // A schema that only requires leaves the type to the schemas around it, which `any` would drown out.
    const type = isJsonObject(schema['properties']) ? open : UNKNOWN;
    for (const key of required) {
      if (members.length >= BOUNDS.properties) break;
      if (Object.hasOwn(properties, key) || key.length > BOUNDS.literalChars) continue;
      members.push({ key, optional: false, type, comment: '' });
    }
    return { members, partial: told < entries.length };
  }

  /** The type of members that are not named; undefined when the schema does not provide for any. */
  function othersOf(schema: JsonObject, place: Place): TypeNode | undefined {
    const further = schema['additionalProperties'] ?? schema['unevaluatedProperties'];
    const patterns = isJsonObject(schema['patternProperties'])
      ? Object.values(schema['patternProperties'])
      : [];
    if (patterns.length > BOUNDS.branches) return open;
    const types = patterns.map((pattern) => inObject(pattern, place));
    if (further !== undefined) types.push(inObject(further, place));
    return types.length === 0 ? undefined : unionOf(types);
  }

  function memberless(schema: JsonObject, place: Place, others: TypeNode | undefined): TypeNode {
    // Beside other parts of the same schema it would say only that it is an object, and spoil what they say.
    if (isComposed(schema) && (others === undefined || others === NEVER || isOpen(others))) return open;
    const keys = isJsonObject(schema['propertyNames']) ? schema['propertyNames']['enum'] : undefined;
    if (Array.isArray(keys) && keys.length > 0 && keys.length <= BOUNDS.values && others !== NEVER) {
      const names = [...namesIn(keys as ReadonlyJsonArray)].filter(
        (key) => key.length <= BOUNDS.literalChars,
      );
      const members = names.map((key) => ({ key, optional: true, type: others ?? open, comment: '' }));
      return { kind: 'object', members };
    }
    const whole = options.isArguments && schema === root && isJsonObject(schema['properties']);
    return { kind: 'object', members: [], others: others ?? (whole ? NEVER : open) };
  }

  const first = define(root, root, '');
  for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) {
    const { schema, resource, definition } = entry;
    definition.body = read(schema, { depth: 0, resource, owner: definition, inside: 'nothing' });
  }
  if (first !== undefined && options.isArguments && !mayBeObject(root)) {
    first.body = { kind: 'object', members: [], others: UNKNOWN };
  }
  return [...definitions.values()];
}

/** Whether a definition is, through others that are part of it directly, part of itself. */
function reaches(from: Definition, to: Definition): boolean {
  const seen = new Set([from]);
  for (const definition of seen) {
    if (definition === to) return true;
    for (const next of definition.direct) seen.add(next);
  }
  return false;
}
