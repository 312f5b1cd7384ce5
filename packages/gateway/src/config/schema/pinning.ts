import { z } from 'zod';

export const ACCEPT_RULES = [
  'annotations_stricter',
  'title',
  'description_whitespace',
  'new_optional_parameter',
  'output_schema_added',
  'icons',
  'meta',
] as const;

/** A kind of change to a definition that may be taken over without an operator. */
export type AcceptRuleName = (typeof ACCEPT_RULES)[number];

export const pinning = z.strictObject({
  mode: z
    .enum(['first_use', 'operator', 'off'])
    .default('first_use')
    .describe(
      '`first_use`: what the server shows first is pinned. `operator`: it offers nothing until `smcp servers pin` was run. `off`: nothing is compared.',
    ),
  on_change: z
    .enum(['withhold', 'serve_pinned'])
    .default('withhold')
    .describe(
      'What becomes of a tool or prompt whose definition changed, until the change is accepted. `withhold`: it is neither listed nor callable. `serve_pinned`: the pinned definition stays listed and callable.',
    ),
  new_tools: z
    .enum(['accept', 'hold'])
    .optional()
    .describe(
      'What becomes of tools and prompts that appear later. `accept`: they are pinned and offered. `hold`: they wait for `smcp servers accept`. Default: `hold` with `mode: operator`, otherwise `accept`.',
    ),
  accept: z
    .array(z.enum(ACCEPT_RULES))
    .default(['annotations_stricter', 'description_whitespace'])
    .describe(
      'Kinds of changes that are taken over without asking. None of them loosens anything or adds text.',
    ),
});

export type PinSettings = z.output<typeof pinning>;
