const HINT = /pass|pwd|secret|token|key|auth|cookie|cred|jwt/i;
const SECRET =
  /(?:password|passwd|passphrase|passcode|pwd|secrets?|token|apikey|accesskey|privatekey|secretkey|signingkey|encryptionkey|accountkey|authkey|authorization|cookies?|credentials?|jwt|secretvalue|apikeys)$/;
/** Positions in a list, not credentials. */
const CURSOR = /(?:page|next|previous|prev|continuation|sync|cursor|scroll|resume)token$/;

/** Whether a member of this name holds a secret, however it is spelt: `apiKey`, `API_KEY`, `x-api-key`. */
export function isSecretName(name: string): boolean {
  if (name.length > 256 || !HINT.test(name)) return false;
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return SECRET.test(plain) && !CURSOR.test(plain);
}
