import { z } from 'zod';
import { name } from './common.ts';

const credential = z.string().min(8);

const expires = z.union([z.iso.datetime({ offset: true }), z.iso.date()], {
  error: 'a date such as "2027-01-31", or a time with its zone such as "2027-01-31T18:00:00Z"',
});

const publicKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/, {
  error: 'the 43 base64url characters of an Ed25519 public key',
});

const roles = {
  role: name.optional().describe('The one role it has. Give `role` or `roles`.'),
  roles: z.array(name).optional().describe('All roles it has, when there is more than one.'),
};

export const apiKeys = z.array(
  z.strictObject({
    name: name.describe('Who this is; the principal is called `key:<name>`.'),
    key: credential.describe(
      'The key itself, best as `${VAR}`. `smcp keys create` makes good ones, which start with `smcp_key_`.',
    ),
    ...roles,
    expires: expires
      .optional()
      .describe('From this moment on the key is refused; a date means its midnight in UTC. Default: never.'),
    public_key: publicKey
      .optional()
      .describe('Ed25519 public key (the `x` of its JWK) with which this principal signs delegations.'),
  }),
);

export const agents = z.array(
  z.strictObject({
    name: name.describe('Which agent this is; the principal is called `agent:<name>`.'),
    token: credential.describe(
      'The token itself, best as `${VAR}`. `smcp agents create` makes good ones, which start with `smcp_agent_`.',
    ),
    code_hash: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, { error: '"sha256:" and 64 hexadecimal digits in lower case' })
      .describe('SHA-256 of the agent’s code, as `sha256:<hex>`. An agent that presents another is refused.'),
    ...roles,
    max_delegation_depth: z
      .number()
      .int()
      .min(0)
      .max(16)
      .default(0)
      .describe('Longest delegation chain that may end at this agent or pass through it.'),
    allowed_delegators: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Principals that may delegate to it, such as `key:alice` or `agent:planner`. Empty means nobody.',
      ),
    public_key: publicKey
      .optional()
      .describe('Ed25519 public key (the `x` of its JWK) with which this agent delegates further.'),
    expires: expires
      .optional()
      .describe(
        'From this moment on the token is refused; a date means its midnight in UTC. Default: never.',
      ),
  }),
);
