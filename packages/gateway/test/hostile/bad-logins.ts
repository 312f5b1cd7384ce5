import type { BadRequest, Refusal, RequestParts } from './bad-request.ts';
import { badToken, loginRefused, NO_CREDENTIAL } from './refusals.ts';

const NOT_BEARER = badToken('AUTH_MALFORMED', 'Authorization scheme is not Bearer');
const WRONG_FORM = badToken('AUTH_MALFORMED', 'bearer token of the wrong form');
const UNKNOWN = badToken('AUTH_UNKNOWN', 'no such token');

function tokens(
  expect: Refusal,
  values: Readonly<Record<string, string | readonly string[]>>,
  more: Pick<BadRequest, 'threat' | 'proves'> = {},
): readonly BadRequest[] {
  return Object.entries(values).map(([name, authorization]) => ({
    name: `token: ${name}`,
    threat: 'A39',
    ...more,
    request: { headers: { authorization } },
    expect,
  }));
}

function agents(
  detail: string,
  values: Readonly<Record<string, string | readonly string[] | null>>,
): readonly BadRequest[] {
  return Object.entries(values).map(([name, codeHash]) => ({
    name: `code hash: ${name}`,
    threat: 'A57',
    proves: '[S1-46] [S1-47]',
    request: asWorker({ 'x-smcp-code-hash': codeHash }),
    expect: loginRefused(
      'The code hash is missing or not the registered one',
      'AUTH_CODE_HASH',
      `agent:worker presented ${detail}`,
    ),
  }));
}

export function asWorker(headers: RequestParts['headers'] = {}): RequestParts {
  return {
    headers: {
      authorization: 'Bearer {{worker}}',
      'x-smcp-code-hash': '{{code-hash}}',
      'mcp-session-id': '{{session-worker}}',
      ...headers,
    },
  };
}

/** Tokens that are none, or are no longer, or are not enough. */
export const badLogins: readonly BadRequest[] = [
  {
    name: 'token: none',
    threat: 'A39',
    proves: '[S1-38]',
    request: { headers: { authorization: null } },
    expect: NO_CREDENTIAL,
  },
  ...tokens(NO_CREDENTIAL, { 'an empty header': '' }, { proves: '[S1-38]' }),
  ...tokens(
    NOT_BEARER,
    {
      'without a scheme': '{{alice}}',
      'as a password': 'Basic {{alice}}',
      'with a scheme of its own': 'Token {{alice}}',
      'twice in two headers': ['Bearer {{alice}}', 'Bearer {{alice}}'],
      'a good one before a bad one': ['Bearer {{alice}}', 'Bearer nonsense'],
    },
    { proves: '[S1-38]' },
  ),
  ...tokens(WRONG_FORM, {
    'only the scheme': 'Bearer',
    'two blanks between': 'Bearer  {{alice}}',
    'a tab between': 'Bearer\t{{alice}}',
    'two tokens': 'Bearer {{alice}} {{bob}}',
    'two tokens with a comma': 'Bearer {{alice}},{{bob}}',
    'in quotes': 'Bearer "{{alice}}"',
    'with a parameter': 'Bearer {{alice}};admin=1',
    'with a letter of another alphabet': 'Bearer {{alice}}\u00e4',
    'with a percent': 'Bearer {{alice}}%00',
  }),
  ...tokens(UNKNOWN, {
    'of somebody nobody knows': `Bearer smcp_key_${'A'.repeat(43)}`,
    'without its last character': 'Bearer smcp_key_pV2mXo7qRk3TzLw9Yc5HnDf8JbGs1AeUi4WyQt6KrM',
    'with something behind': 'Bearer {{alice}}x',
    'with padding behind': 'Bearer {{alice}}=',
    'in capitals': 'Bearer SMCP_KEY_PV2MXO7QRK3TZLW9YC5HNDF8JBGS1AEUI4WYQT6KRMV',
    'only its prefix': 'Bearer smcp_key_',
    'the hash of a known one': `Bearer ${'0123456789abcdef'.repeat(4)}`,
    'a session in its place': 'Bearer {{session}}',
    'a credential of a server in its place': 'Bearer {{injectedHeader}}',
    'a code hash in its place': `Bearer ${'ab'.repeat(32)}`,
  }),
  ...tokens(badToken('AUTH_MALFORMED', 'Authorization header longer than 8 KiB'), {
    'of ten thousand characters': `Bearer ${'A'.repeat(10_000)}`,
  }),
  ...tokens(
    badToken('AUTH_EXPIRED', 'key:expired has expired'),
    { expired: 'Bearer {{expired}}' },
    { proves: '[S1-24]' },
  ),
  ...tokens(badToken('AUTH_REVOKED', 'key:revoked was revoked'), { revoked: 'Bearer {{revoked}}' }),
  ...agents('no code hash', { missing: null }),
  ...agents('another code hash', {
    'of other code': `sha256:${'cd'.repeat(32)}`,
    empty: '',
    'without its kind': 'ab'.repeat(32),
    'in capitals': `sha256:${'AB'.repeat(32)}`,
    'cut short': `sha256:${'ab'.repeat(31)}`,
    'with something behind': '{{code-hash}}00',
    'of another kind': `sha1:${'ab'.repeat(20)}`,
    'sent twice': ['{{code-hash}}', '{{code-hash}}'],
    'in a list with the right one': `sha256:${'cd'.repeat(32)}, {{code-hash}}`,
  }),
];
