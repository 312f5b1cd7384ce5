import type { BadRequest, Refusal, RequestParts } from './bad-request.ts';
import { asWorker } from './bad-logins.ts';
import { invalidParams, loginRefused } from './refusals.ts';

const PROVES = '[S1-46] [S1-48] [S1-57]';

function chain(
  header: string | readonly string[],
  agent: 'worker' | 'courier' | 'deputy' | 'hermit' | 'planner' = 'worker',
): RequestParts {
  return asWorker({ authorization: `Bearer {{${agent}}}`, 'x-smcp-delegation-chain': header });
}

/** The caller learns the failing link, counted from 1; the operator learns why. */
function atLink(link: number, detail: string, agent = 'worker'): Refusal {
  return loginRefused(
    `The delegation chain is not valid at link ${link}`,
    'AUTH_DELEGATION',
    `agent:${agent}: DELEGATION_${detail}`,
  );
}

function noChain(principal: string): Refusal {
  return loginRefused(
    'The delegation chain is not valid',
    'AUTH_DELEGATION',
    `${principal}: DELEGATION_PRESENTER: the presenter may not act for others`,
  );
}

const THREE_PARTS = 'MALFORMED: A link has three parts separated by dots';

const entries: readonly (readonly [name: string, request: RequestParts, expect: Refusal])[] = [
  ['nonsense', chain('nonsense'), atLink(1, THREE_PARTS)],
  ['empty', chain(''), atLink(1, THREE_PARTS)],
  ['in two headers', chain(['{{chain-good}}', '{{chain-good}}']), atLink(1, THREE_PARTS)],
  ['a good link and an empty one', chain('{{chain-good}},'), atLink(2, THREE_PARTS)],
  ['in JSON', chain('["{{chain-good}}"]'), atLink(1, 'MALFORMED: The header is not text in base64url')],
  [
    'with a blank behind the comma',
    chain('{{chain-spaced}}'),
    atLink(2, 'MALFORMED: The header is not text in base64url'),
  ],
  [
    'with a padded signature',
    chain('{{chain-padded-signature}}'),
    atLink(1, 'MALFORMED: The signature is not 64 bytes in base64url'),
  ],
  [
    'signed by the wrong one',
    chain('{{chain-forged}}'),
    atLink(1, 'SIGNATURE: The signature is not that of the delegator'),
  ],
  [
    'changed after signing',
    chain('{{chain-tampered}}'),
    atLink(1, 'SIGNATURE: The signature is not that of the delegator'),
  ],
  [
    'without an algorithm',
    chain('{{chain-alg-none}}'),
    atLink(1, 'ALGORITHM: The algorithm of a link is EdDSA'),
  ],
  [
    'signed with a public key as a secret',
    chain('{{chain-alg-hs256}}'),
    atLink(1, 'ALGORITHM: The algorithm of a link is EdDSA'),
  ],
  [
    'a token of another type',
    chain('{{chain-other-type}}'),
    atLink(1, 'TYPE: The type of a link is `smcp-delegation+jwt`'),
  ],
  ['that brings its own key', chain('{{chain-own-key}}'), atLink(1, 'UNKNOWN_MEMBER: Unknown member "jwk"')],
  [
    'with a claim nobody knows',
    chain('{{chain-extra-claim}}'),
    atLink(1, 'UNKNOWN_MEMBER: Unknown member "admin"'),
  ],
  [
    'with a claim twice',
    chain('{{chain-twice-scope}}'),
    atLink(1, 'DUPLICATE_MEMBER: The payload: JSON key "scope" at offset 17 stands twice in one object'),
  ],
  [
    'for another gateway',
    chain('{{chain-other-audience}}'),
    atLink(1, 'AUDIENCE: The link was made for another gateway'),
  ],
  ['expired', chain('{{chain-expired}}'), atLink(1, 'EXPIRED: The link has expired')],
  ['not valid yet', chain('{{chain-early}}'), atLink(1, 'NOT_YET_VALID: The link is not valid yet')],
  [
    'that lives too long',
    chain('{{chain-lasting}}'),
    atLink(1, 'LIFETIME: The link lives longer than 3600 seconds'),
  ],
  [
    'of more than 16 KiB',
    chain('{{chain-over-long}}'),
    atLink(1, 'TOO_LONG: The chain is longer than 16384 bytes'),
  ],
  [
    'of more links than its presenter takes',
    chain('{{chain-too-many}}', 'deputy'),
    atLink(4, 'TOO_MANY_LINKS: The chain has more than 3 links', 'deputy'),
  ],
  [
    'through an agent that takes fewer links',
    chain('{{chain-too-deep}}', 'deputy'),
    atLink(2, 'TOO_DEEP: agent:planner accepts 1 links', 'deputy'),
  ],
  ['with a loop', chain('{{chain-loop}}'), atLink(3, 'LOOP: A principal appears twice in the chain')],
  [
    'without its first link',
    chain('{{chain-first-removed}}'),
    atLink(1, 'PREVIOUS: `prev` is not the digest of the previous link'),
  ],
  [
    'without its middle link',
    chain('{{chain-middle-removed}}', 'courier'),
    atLink(2, 'BROKEN: The delegator is not the delegate of the previous link', 'courier'),
  ],
  [
    'in the wrong order',
    chain('{{chain-reordered}}'),
    atLink(1, 'PREVIOUS: `prev` is not the digest of the previous link'),
  ],
  [
    'with another link before',
    chain('{{chain-beyond-depth}}'),
    atLink(2, 'PREVIOUS: `prev` is not the digest of the previous link'),
  ],
  [
    'of somebody else',
    chain('{{chain-other-presenter}}'),
    atLink(1, 'PRESENTER: The chain was made for another principal'),
  ],
  [
    'from somebody without a key',
    chain('{{chain-no-key}}'),
    atLink(1, 'UNKNOWN_KEY: No key is registered for the delegator'),
  ],
  [
    'from somebody the agent does not accept',
    chain('{{chain-not-accepted}}'),
    atLink(1, 'NOT_ALLOWED: agent:worker does not accept key:carol'),
  ],
  [
    'from somebody whose key has expired',
    chain('{{chain-dead-delegator}}'),
    atLink(1, 'DELEGATOR: delegator key:expired is expired'),
  ],
  [
    'longer than its first link allows',
    chain('{{chain-too-short-depth}}'),
    atLink(2, 'DEPTH: The previous link does not allow as many further links'),
  ],
  [
    'that outlives its first link',
    chain('{{chain-outlives}}'),
    atLink(2, 'OUTLIVES: The link outlives the previous one'),
  ],
  ['to an agent that takes none', chain('{{chain-to-hermit}}', 'hermit'), noChain('agent:hermit')],
  ['presented by a key', { headers: { 'x-smcp-delegation-chain': '{{chain-good}}' } }, noChain('key:alice')],
  [
    'with a narrow scope, and a tool beyond it',
    {
      ...asWorker({ 'x-smcp-delegation-chain': '{{chain-narrow}}', 'mcp-session-id': '{{session-narrow}}' }),
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get-sum","arguments":{"a":1,"b":2}}}',
    },
    invalidParams('Unknown tool: get-sum'),
  ],
  [
    'with a scope wider than its delegator’s role',
    {
      ...asWorker({
        authorization: 'Bearer {{planner}}',
        'x-smcp-delegation-chain': '{{chain-wide}}',
        'mcp-session-id': '{{session-wide}}',
      }),
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get-sum","arguments":{"a":1,"b":2}}}',
    },
    invalidParams('Unknown tool: get-sum'),
  ],
];

/** Chains of delegation that do not hold, each with the failing link. */
export const badDelegations: readonly BadRequest[] = entries.map(([name, request, expect]) => ({
  name: `chain: ${name}`,
  threat: 'A36',
  proves: PROVES,
  request,
  expect,
}));
