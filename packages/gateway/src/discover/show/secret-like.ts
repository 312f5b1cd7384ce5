import { isSecretName } from '../../audit/redact/secret-names.ts';

const UUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i;
const RUN = /[A-Za-z0-9]{16,}/g;
const HEX = /^[0-9a-f]{20,}$/i;
const SHORT_NAME = /(?:^|[_-])(?:pat|key|auth|pin|psk|dsn|cred)s?$/i;

/** Whether a variable, option or query parameter of this name likely holds a secret. */
export function isSecretKey(name: string): boolean {
  return isSecretName(name) || SHORT_NAME.test(name);
}

/** Whether a text looks drawn at random, as tokens do and words, names and versions do not. */
export function looksRandom(text: string): boolean {
  if (UUID.test(text)) return true;
  return (text.match(RUN) ?? []).some(
    (run) =>
      /\d/.test(run) && ((/[a-z]/.test(run) && /[A-Z]/.test(run)) || (HEX.test(run) && /[a-f]/i.test(run))),
  );
}
