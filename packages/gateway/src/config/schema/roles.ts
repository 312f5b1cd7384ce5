import { z } from 'zod';
import { name, record } from './common.ts';

const pattern = z.string().regex(/^[^:]+:[^]+$/, { error: 'a "server:tool" glob such as "slack:read_*"' });

const rule = z.strictObject({
  tool: z
    .union([pattern, z.array(pattern).min(1)])
    .describe('One `server:tool` glob, or a list of them: which tools, prompts or resources.'),
  arguments: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      'Argument names with a JSON Schema (2020-12) each. The rule matches only a call that has every named argument and whose values satisfy the schemas.',
    ),
});

const rules = z.array(z.union([pattern, rule])).default([]);

export const roles = record(
  name,
  z.strictObject({
    description: z.string().optional().describe('For the people who read the file.'),
    allow: rules.describe(
      'What the role may do: globs such as `slack:*`, or rules with `tool` and `arguments`.',
    ),
    deny: rules.describe('What the role may not do, whatever `allow` says. Written like `allow`.'),
    ask: rules.describe(
      'What the role may do once a person has approved the very call. Written like `allow`, and stronger than it; nothing else needs to allow it.',
    ),
  }),
);

export const policy = z.strictObject({
  show_reasons: z
    .boolean()
    .default(false)
    .describe(
      'Tell callers which rule denied a call. Otherwise a denied tool looks like one that does not exist.',
    ),
});
