import { LiteralFinder } from './literal-finder.ts';

/** `[start, end)` in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One kind of secret that can be told by its looks. */
export interface TokenPattern {
  readonly name: string;
  /** Lower-case texts, one of which stands in every match, in whatever case; the expression is tried only when one was seen. */
  readonly hints: readonly string[];
  /**
   * Global. Takes time linear in the text: no two neighbouring repetitions share characters, and what can fail after a long run is bounded.
   * A group named `secret` narrows what is replaced.
   */
  readonly expression: RegExp;
  /** A last look at the match; without it every match counts. */
  readonly accepts?: (match: RegExpExecArray) => boolean;
}

/** Names whose value is secret, as they stand in texts: `password=…`, `"api_key": "…"`, `AWS_SECRET_ACCESS_KEY: …`. */
const SECRET_NAMES =
  'pass(?:word|wd|phrase)|pwd|secret|token|(?:api|access|private|secret|signing|encryption|account|auth)[_-]?key|credentials?|authorization|cookie';

const SECRET_NAME_HINTS = ['pass', 'pwd', 'secret', 'token', 'key', 'credential', 'authorization', 'cookie'];

export const TOKEN_PATTERNS: readonly TokenPattern[] = [
  { name: 'SMCP credential', hints: ['smcp_'], expression: /smcp_(?:key|agent)_[A-Za-z0-9_-]{8,}/g },
  {
    name: 'GitHub token',
    hints: ['gho_', 'ghp_', 'ghs_', 'ghu_', 'ghr_'],
    expression: /gh[opusr]_[A-Za-z0-9]{20,}/g,
  },
  { name: 'GitHub fine-grained token', hints: ['github_pat_'], expression: /github_pat_[A-Za-z0-9_]{20,}/g },
  {
    name: 'GitLab token',
    hints: ['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glft-', 'glsoat-'],
    expression: /gl(?:pat|dt|rt|cbt|ptt|ft|soat)-[A-Za-z0-9_-]{20,}/g,
  },
  { name: 'Slack token', hints: ['xox'], expression: /xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,}/g },
  { name: 'Slack app token', hints: ['xapp-'], expression: /xapp-[0-9]-[A-Za-z0-9-]{10,}/g },
  {
    name: 'Slack webhook',
    hints: ['hooks.slack.com/'],
    expression: /hooks\.slack\.com\/(?:services|workflows|triggers)\/(?<secret>[A-Za-z0-9/_-]{20,})/g,
  },
  {
    name: 'AWS access key',
    hints: ['akia', 'asia', 'abia', 'acca'],
    expression: /(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])/g,
  },
  {
    // Nothing marks it but its length, so it counts only beside the id of an access key.
    name: 'AWS secret key',
    hints: ['akia', 'asia', 'abia', 'acca'],
    expression: /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g,
    accepts: ({ input }) => /(?<![A-Z0-9])A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16}/.test(input),
  },
  { name: 'Google API key', hints: ['aiza'], expression: /AIza[A-Za-z0-9_-]{35}/g },
  { name: 'Google OAuth token', hints: ['ya29.'], expression: /ya29\.[A-Za-z0-9_-]{20,}/g },
  { name: 'Google OAuth secret', hints: ['gocspx-'], expression: /GOCSPX-[A-Za-z0-9_-]{20,}/g },
  {
    name: 'OpenAI or Anthropic key',
    hints: ['sk-'],
    expression: /(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{20,}/g,
    // Hyphenated words such as `sk-learn-…` have no digit.
    accepts: ([text]) => /[0-9]/.test(text),
  },
  {
    name: 'Stripe key',
    hints: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'pk_live_', 'pk_test_'],
    expression: /(?<![A-Za-z0-9])(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}/g,
  },
  { name: 'Stripe webhook secret', hints: ['whsec_'], expression: /whsec_[A-Za-z0-9+/=]{20,}/g },
  { name: 'npm token', hints: ['npm_'], expression: /npm_[A-Za-z0-9]{30,}/g },
  { name: 'PyPI token', hints: ['pypi-'], expression: /pypi-[A-Za-z0-9_-]{40,}/g },
  { name: 'Hugging Face token', hints: ['hf_'], expression: /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,}/g },
  {
    name: 'SendGrid key',
    hints: ['sg.'],
    expression: /(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,}/g,
  },
  { name: 'DigitalOcean token', hints: ['_v1_'], expression: /do[opr]_v1_[a-f0-9]{40,}/g },
  {
    name: 'Linear key',
    hints: ['lin_api_', 'lin_oauth_'],
    expression: /lin_(?:api|oauth)_[A-Za-z0-9]{20,}/g,
  },
  { name: 'Atlassian token', hints: ['atatt3'], expression: /ATATT3[A-Za-z0-9_=-]{20,}/g },
  {
    // One run, dots included, that the check takes apart: so no second run has to be looked for.
    name: 'JSON Web Token',
    hints: ['eyj'],
    expression: /eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,4}/g,
    accepts: ([text]) => isWebToken(text),
  },
  {
    name: 'bearer token',
    hints: ['bearer'],
    expression: /\bbearer\s{1,8}(?<secret>[A-Za-z0-9._~+/=-]{8,})/gi,
    accepts: (match) => looksRandom(match.groups?.['secret'] ?? ''),
  },
  {
    name: 'basic credentials',
    hints: ['basic'],
    expression: /\bbasic\s{1,8}(?<secret>[A-Za-z0-9+/=_-]{6,})/gi,
    accepts: (match) => isUserAndPassword(match.groups?.['secret'] ?? ''),
  },
  {
    // Without its last line it reaches to the end of the text.
    name: 'private key',
    hints: ['private key'],
    expression:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[^]*?-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|[^]*)/g,
  },
  {
    name: 'credentials in a URL',
    hints: ['://'],
    expression: /:\/\/(?<secret>[^\s/?#"'<>\\]{1,1024})@/g,
    accepts: (match) =>
      (match.groups?.['secret'] ?? '').includes(':') || (match.groups?.['secret'] ?? '').length >= 20,
  },
  {
    name: 'assignment',
    hints: SECRET_NAME_HINTS,
    expression: new RegExp(
      `(?:${SECRET_NAMES})(?:\\\\{0,3}["'])?\\s{0,4}=\\s{0,2}(?:\\\\{0,3}["'](?<secret>[^"'\\\\\\n]{1,1024})|(?<secret>[^\\s"'&,;<>(){}\\[\\]\\\\=][^\\s"'&,;<>(){}\\[\\]\\\\]{2,}))`,
      'gi',
    ),
  },
  {
    name: 'quoted member',
    hints: SECRET_NAME_HINTS,
    expression: new RegExp(
      `(?:${SECRET_NAMES})(?:\\\\{0,3}["'])?\\s{0,4}:\\s{0,4}\\\\{0,3}["'](?<secret>[^"'\\\\\\n]{1,1024})`,
      'gi',
    ),
  },
  {
    // `token: expired` is prose, `password: hunter2` is not.
    name: 'plain member',
    hints: SECRET_NAME_HINTS,
    expression: new RegExp(
      `(?:${SECRET_NAMES})\\s{0,4}:\\s{0,4}(?<secret>[^\\s"'&,;<>(){}\\[\\]\\\\]{6,})`,
      'gi',
    ),
    accepts: (match) => /[0-9]/.test(match.groups?.['secret'] ?? ''),
  },
];

const HINTS = new LiteralFinder(TOKEN_PATTERNS.flatMap((pattern) => pattern.hints));

/** Where a text holds what looks like a secret. */
export function findTokens(text: string): readonly Span[] {
  const seen = new Set<string>();
  HINTS.find(text.toLowerCase(), (hint) => seen.add(hint));
  if (seen.size === 0) return [];
  return TOKEN_PATTERNS.filter(({ hints }) => hints.some((hint) => seen.has(hint))).flatMap((pattern) =>
    findPattern(pattern, text),
  );
}

function findPattern(pattern: TokenPattern, text: string): readonly Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(pattern.expression)) {
    if (pattern.accepts?.(match) === false) continue;
    const secret = match.groups?.['secret'] ?? match[0];
    // A narrowed part is searched from behind: the name before it may hold the same characters.
    const start = match.index + match[0].lastIndexOf(secret);
    spans.push({ start, end: start + secret.length });
  }
  return spans;
}

/** RFC 7515 and 7516: three or five parts, the first a JSON object; a cut one is told by its header. */
function isWebToken(text: string): boolean {
  const parts = text.split('.');
  if (parts.length >= 3 && (parts[1] ?? '') !== '' && (parts[2] ?? '').length >= 8) return true;
  return /"(?:alg|enc|typ|kid)"/.test(
    Buffer.from((parts[0] ?? '').slice(0, 1024), 'base64url').toString('latin1'),
  );
}

function looksRandom(token: string): boolean {
  return token.length >= 20 || /[0-9]/.test(token);
}

/** RFC 7617: base64 of `user:password`. */
function isUserAndPassword(encoded: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what tells bytes from text
  return /^[^\u0000-\u001f\u007f:]*:[^\u0000-\u001f\u007f]*$/.test(
    Buffer.from(encoded, 'base64')
      .toString('utf8')
      .replace(/\ufffd/g, '\u0000'),
  );
}
