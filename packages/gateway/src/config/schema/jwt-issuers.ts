import { z } from 'zod';
import { name, record, scope, seconds } from './common.ts';

/** Signatures that only the holder of a private key can make. There is no way to write another here. */
const ASYMMETRIC = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

const address = z.url({ protocol: /^https?$/, error: 'an address that starts with https://' });
const claim = z.string().min(1).max(256);
const text = z.string().min(1).max(2048);

export const jwtIssuers = record(
  name,
  z.strictObject({
    issuer: address.describe(
      'The issuer exactly as its tokens write it in `iss`, slash at the end included. `http://` only on this machine.',
    ),
    audience: z
      .union([text, z.array(text).min(1).max(32)])
      .optional()
      .describe(
        'Accepted values of `aud`. Beside them the address of the gateway and of the endpoint that is called are always accepted. Default: nothing else.',
      ),
    jwks_url: address
      .optional()
      .describe('Where the keys of the issuer are. Default: found through the metadata of the issuer.'),
    algorithms: z
      .array(z.enum(ASYMMETRIC))
      .min(1)
      .default(['RS256', 'PS256', 'ES256', 'EdDSA'])
      .describe('Accepted signature algorithms.'),
    require_at_jwt: z
      .boolean()
      .default(false)
      .describe('Accept only tokens that say to be access tokens (`typ: at+jwt`, RFC 9068).'),
    id_claim: claim
      .default('sub')
      .describe(
        'Claim that names the user; the principal is called `user:<name of the issuer>:<value>`. Choose one that is never given to somebody else.',
      ),
    roles_claim: claim
      .default('groups')
      .describe(
        'Claim with the groups or roles of the user: a list, or a text with values between blanks. A dotted path such as `realm_access.roles` leads inside.',
      ),
    roles: record(claim, z.union([name, z.array(name).min(1)]))
      .prefault({})
      .describe(
        'Which value of `roles_claim` gives which role, or list of roles, of this file. Other values give nothing.',
      ),
    tenant_claim: claim
      .optional()
      .describe('Claim that names the tenant; a token without it is refused. Default: tenant `default`.'),
    required_scopes: z
      .array(scope)
      .max(64)
      .default([])
      .describe('OAuth scopes that every token needs. Clients are told to ask for them.'),
    clock_tolerance_seconds: z
      .number()
      .int()
      .min(0)
      .max(60)
      .default(5)
      .describe('How far the clock of the issuer may be off.'),
    max_lifetime_seconds: seconds(30 * 86_400)
      .default(86_400)
      .describe('Tokens made to live longer are refused.'),
  }),
);
