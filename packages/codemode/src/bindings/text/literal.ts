import { INVISIBLE, PLAIN } from './invisible.ts';

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** A text as a string literal of TypeScript in single quotes, equal to the text. Whatever cannot be seen is spelt out. */
export function quote(text: string): string {
  const escaped = text.replaceAll(/[\\']/g, String.raw`\$&`);
  return PLAIN.test(text)
    ? `'${escaped}'`
    : `'${escaped.replaceAll(/[\t\n]/g, spell).replaceAll(INVISIBLE, spell)}'`;
}

/** A text as the name of a property: bare where it can be. */
export function propertyName(key: string): string {
  return IDENTIFIER.test(key) && key !== 'constructor' && key !== '__proto__' ? key : quote(key);
}

function spell(char: string): string {
  return Array.from(
    { length: char.length },
    (_, index) => `\\u${char.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}
