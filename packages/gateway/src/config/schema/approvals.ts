import { z } from 'zod';
import { count, seconds } from './common.ts';

const DAY_SECONDS = 86_400;

export const approvals = z.strictObject({
  expire_seconds: seconds(DAY_SECONDS)
    .default(900)
    .describe('How long a question stays open. A denial holds as long for the same call.'),
  valid_seconds: seconds(DAY_SECONDS)
    .default(300)
    .describe('How long a given approval may be used, once, before it lapses.'),
  max_pending_per_principal: count.default(20).describe('Open questions about calls of one principal.'),
  max_pending: count.default(1000).describe('Open questions in all.'),
  answered_by: z
    .array(z.enum(['caller', 'operator']))
    .min(1)
    .default(['caller', 'operator'])
    .describe(
      'Who may answer. `caller`: the user of the client, who is asked in it. `operator`: whoever may run `smcp approvals` in the state folder.',
    ),
});
