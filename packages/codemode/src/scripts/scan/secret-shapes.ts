import { placeOf } from './finding.ts';

/** A kind of credential that is known by its looks. Every expression takes time linear in the text. */
interface SecretShape {
  readonly name: string;
  readonly expression: RegExp;
}

const SHAPES: readonly SecretShape[] = [
  { name: 'an SMCP credential', expression: /smcp_(?:key|agent)_[A-Za-z0-9_-]{8,}/ },
  { name: 'a GitHub token', expression: /gh[opusr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}/ },
  { name: 'a GitLab token', expression: /gl(?:pat|dt|rt|cbt|ptt|ft|soat)-[A-Za-z0-9_-]{20,}/ },
  { name: 'a Slack token', expression: /xox[a-z]-[A-Za-z0-9-]{10,}|xapp-[0-9]-[A-Za-z0-9-]{10,}/ },
  { name: 'an AWS access key', expression: /(?<![A-Z0-9])A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16}(?![A-Z0-9])/ },
  {
    name: 'a Google key',
    expression: /AIza[A-Za-z0-9_-]{35}|GOCSPX-[A-Za-z0-9_-]{20,}|ya29\.[A-Za-z0-9_-]{20,}/,
  },
  {
    name: 'an OpenAI or Anthropic key',
    expression: /(?<![A-Za-z0-9])sk-(?=[A-Za-z_-]{0,40}[0-9])[A-Za-z0-9_-]{20,}/,
  },
  { name: 'a Stripe key', expression: /(?<![A-Za-z0-9])(?:[srp]k_(?:live|test)|whsec)_[A-Za-z0-9]{10,}/ },
  { name: 'an npm token', expression: /npm_[A-Za-z0-9]{30,}/ },
  { name: 'a PyPI token', expression: /pypi-[A-Za-z0-9_-]{40,}/ },
  { name: 'a Hugging Face token', expression: /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,}/ },
  { name: 'a SendGrid key', expression: /(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,}/ },
  {
    name: 'a JSON Web Token',
    expression: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,}/,
  },
  { name: 'a bearer token', expression: /\bbearer\s{1,4}(?=[a-z._~+/-]{0,60}[0-9])[a-z0-9._~+/=-]{16,}/i },
  { name: 'a private key', expression: /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/ },
  {
    name: 'a password in an address',
    expression: /[a-z]:\/\/[^\s/?#@"'`<>${}:]{1,100}:[^\s/?#@"'`<>${}]{1,100}@/i,
  },
  {
    name: 'a password or key as a literal',
    expression:
      /(?:pass(?:word|wd|phrase)|secret|token|(?:api|access|private|signing|auth)[_-]?key|credentials?)["']?\s{0,4}[:=]\s{0,4}["'`](?=[^"'`\s]{0,60}[0-9])[^"'`\s${}<>]{8,200}["'`]/i,
  },
];

/** Credentials that stand in a text, by kind and place; never by their value. */
export function findSecretShapes(text: string): readonly string[] {
  return SHAPES.flatMap(({ name, expression }) => {
    const match = expression.exec(text);
    return match === null ? [] : [`${name} at ${placeOf(text, match.index)}`];
  });
}
