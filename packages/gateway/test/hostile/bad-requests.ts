import type { BadRequest } from './bad-request.ts';
import { badDelegations } from './bad-delegations.ts';
import { badDescribed } from './bad-described.ts';
import { badEdges } from './bad-edges.ts';
import { badEnvelopes } from './bad-envelopes.ts';
import { badFraming } from './bad-framing.ts';
import { badJson } from './bad-json.ts';
import { badLogins } from './bad-logins.ts';
import { badMessages } from './bad-messages.ts';
import { badModern } from './bad-modern.ts';
import { badParams } from './bad-params.ts';

export { slowRequests } from './bad-framing.ts';

/** Every hostile request that is refused at once. */
export const badRequests: readonly BadRequest[] = [
  ...badFraming,
  ...badEdges,
  ...badJson,
  ...badMessages,
  ...badModern,
  ...badParams,
  ...badLogins,
  ...badDelegations,
  ...badEnvelopes,
  ...badDescribed,
];
