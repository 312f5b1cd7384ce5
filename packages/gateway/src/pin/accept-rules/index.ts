import type { JsonObject } from '@smcp/protocol';
import { isSameJson } from '../canonical-json.ts';
import type { AcceptRule } from './accept-rule.ts';
import { annotationsStricter } from './annotations-stricter.ts';
import { descriptionWhitespace } from './description-whitespace.ts';
import { icons } from './icons.ts';
import { meta } from './meta.ts';
import { newOptionalParameter } from './new-optional-parameter.ts';
import { outputSchemaAdded } from './output-schema-added.ts';
import { title } from './title.ts';
import type { AcceptRuleName } from '../../config/schema/pinning.ts';

const RULES: Readonly<Record<AcceptRuleName, AcceptRule>> = {
  annotations_stricter: annotationsStricter,
  description_whitespace: descriptionWhitespace,
  icons,
  meta,
  new_optional_parameter: newOptionalParameter,
  output_schema_added: outputSchemaAdded,
  title,
};

/**
 * The rules that together account for every difference between two definitions, in the order of `allowed`; undefined when something is left that
 * somebody has to look at.
 */
export function ifHarmless(
  pinned: JsonObject,
  seen: JsonObject,
  allowed: readonly AcceptRuleName[],
): readonly AcceptRuleName[] | undefined {
  const used: AcceptRuleName[] = [];
  let left = seen;
  for (const name of new Set(allowed)) {
    const next = RULES[name](pinned, left);
    if (!isSameJson(next, left)) {
      used.push(name);
      left = next;
    }
  }
  return isSameJson(left, pinned) ? used : undefined;
}
