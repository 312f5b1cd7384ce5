/** A key for texts that others chose: two lists of texts give the same key only when they are equal one by one. */
export function sessionKey(owner: string, name: string): string {
  return JSON.stringify([owner, name]);
}
