import { isJsonObject, type JsonObject, type JsonValue } from '@smcp/protocol';

/** Words that name a secret by themselves. */
const SECRET_WORDS: ReadonlySet<string> = new Set(
  (
    'password passwd passcode passphrase passwort pwd secret secrets token bearer credential credentials apikey mnemonic ' +
    'pin cvv cvv2 cvc otp totp'
  ).split(' '),
);

/** Those of them that are numbers. */
const SECRET_NUMBERS: ReadonlySet<string> = new Set('pin cvv cvv2 cvc otp totp'.split(' '));

/** Pairs of words that name a secret together. */
const SECRET_PAIRS: ReadonlySet<string> = new Set([
  ...['api', 'access', 'private', 'secret', 'signing', 'encryption', 'ssh', 'recovery', 'auth'].flatMap(
    (first) => [`${first} key`, `${first} code`],
  ),
  'security code',
  'verification code',
  'seed phrase',
  'recovery phrase',
  'card number',
]);

/** An order to hand one over, in the prose around a field with a harmless name. */
const ORDER =
  /\b(?:enter|type|provide|paste|give|send|supply|input|share|submit|tell|confirm|fill\s+in)\b[^.!?\n]{0,60}?\b(?:pass(?:word|phrase|code)|secret(?:\s+key)?|(?:api|access|private)[\s_-]*key|(?:access|auth\w*|bearer|api)[\s_-]*token|pin\b|cvv|cvc|seed\s+phrase|credentials?|one[\s-]time\s+(?:code|password))/i;

/** What makes an order its contrary. Only for numbers: "Do not enter anything but your password" would be one, too. */
const WARNING = /\b(?:not|never|don['’]t)\s+(?:ever\s+)?$/i;

const MAX_TEXT = 20_000;

/**
 * Whether a form asks the user for a secret: by the name or title of a field into which something can be typed, by its format, or in its prose. Yes and no, and
 * choices from a list, are no secrets. Finds what it can recognise: a question in other words passes.
 *
 * @param params Of `elicitation/create` in form mode.
 */
export function asksForSecret({ message, requestedSchema }: JsonObject): boolean {
  const typed = fieldsIn(requestedSchema).filter(([, field]) => isTyped(field));
  return typed.some(([name, field]) => isSecretField(name, field)) || (typed.length > 0 && isOrder(message));
}

/** Every property at any depth. Forms are to be flat, but a client may show others. */
function fieldsIn(schema: JsonValue | undefined): readonly [string, JsonValue][] {
  const fields: [string, JsonValue][] = [];
  const open: JsonValue[] = schema === undefined ? [] : [schema];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) {
      continue;
    }
    const properties = isJsonObject(value) ? value['properties'] : undefined;
    if (isJsonObject(properties)) {
      fields.push(...Object.entries(properties));
    }
    open.push(...Object.values(value));
  }
  return fields;
}

function isTyped(field: JsonValue): boolean {
  return (
    isJsonObject(field) &&
    field['type'] !== 'boolean' &&
    field['enum'] === undefined &&
    field['oneOf'] === undefined
  );
}

function isSecretField(name: string, field: JsonValue): boolean {
  const { title, description, format, type } = isJsonObject(field) ? field : {};
  const isNumber = type === 'number' || type === 'integer';
  const words = isNumber ? SECRET_NUMBERS : SECRET_WORDS;
  return (
    format === 'password' ||
    namesSecret(name, words) ||
    (typeof title === 'string' && (namesSecret(title, words) || isOrder(title))) ||
    (isOrder(description) && !(isNumber && isWarning(description)))
  );
}

function isOrder(text: JsonValue | undefined): boolean {
  return typeof text === 'string' && ORDER.test(text.normalize('NFKC').slice(0, MAX_TEXT));
}

function isWarning(text: JsonValue | undefined): boolean {
  const plain = typeof text === 'string' ? text.normalize('NFKC').slice(0, MAX_TEXT) : '';
  const order = ORDER.exec(plain);
  return order !== null && WARNING.test(plain.slice(0, order.index));
}

function namesSecret(name: string, secrets: ReadonlySet<string>): boolean {
  const words = name
    .normalize('NFKC')
    .slice(0, MAX_TEXT)
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  return words.some((word, at) => secrets.has(word) || SECRET_PAIRS.has(`${word} ${words[at + 1] ?? ''}`));
}
