const PLAIN = /^[!-~]{1,128}$/;
const MAX_SHOWN = 128;

/** A name as it may stand in a reason or message: on one line and cut, in quotes unless it is plain. */
export function shown(name: string): string {
  if (PLAIN.test(name)) return name;
  return JSON.stringify(name.length > MAX_SHOWN ? `${name.slice(0, MAX_SHOWN - 1)}…` : name);
}
