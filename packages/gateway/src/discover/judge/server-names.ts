const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
const MAX_CHARS = 64;

/** A name that our configuration can hold, as near as can be: `My Server` becomes `My-Server`. */
export function cleanName(name: string): string {
  if (NAME.test(name)) return name;
  const plain = name
    .slice(0, 1000)
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[^A-Za-z0-9_.-]+/g, '-')
    .replaceAll(/^[^A-Za-z0-9]+|-+$/g, '')
    .slice(0, MAX_CHARS);
  return plain === '' ? 'server' : plain;
}

/** The name itself, or with the first number behind it that makes it free. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(name)) return name;
  for (let number = 2; ; number += 1) {
    const suffix = `_${number}`;
    const numbered = name.slice(0, MAX_CHARS - suffix.length) + suffix;
    if (!isTaken(numbered)) return numbered;
  }
}
