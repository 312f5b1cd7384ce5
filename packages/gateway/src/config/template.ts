/** A part of a text with references. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reference'; readonly reference: Reference; readonly offset: number }
  | { readonly kind: 'malformed'; readonly offset: number };

export type Reference =
  | { readonly kind: 'variable'; readonly name: string; readonly fallback?: string }
  | { readonly kind: 'file'; readonly name: string }
  | { readonly kind: 'secret'; readonly name: string };

const VARIABLE = /^([A-Za-z_][A-Za-z0-9_]{0,255})(?::-([^]*))?$/;
const FILE = /^file:([^\0]{1,4096})$/;
const SECRET = /^secret:([A-Za-z0-9][A-Za-z0-9_./-]{0,255})$/;

/**
 * Splits a text at its references: `${VAR}`, `${VAR:-default}`, `${file:path}`, `${secret:name}`; `$${` stands for a literal `${`. A default
 * reaches to the next `}` and is taken as it is. What is put in for a reference is never looked at again.
 */
export function parseTemplate(text: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literal = '';
  let index = 0;
  const flush = (): void => {
    if (literal !== '') parts.push({ kind: 'text', text: literal });
    literal = '';
  };
  while (index < text.length) {
    const next = text.indexOf('$', index);
    if (next === -1) break;
    literal += text.slice(index, next);
    if (text.startsWith('$${', next)) {
      literal += '${';
      index = next + 3;
    } else if (text.startsWith('${', next)) {
      flush();
      const end = text.indexOf('}', next);
      const reference = end === -1 ? undefined : parseReference(text.slice(next + 2, end));
      parts.push(
        reference === undefined
          ? { kind: 'malformed', offset: next }
          : { kind: 'reference', reference, offset: next },
      );
      index = end === -1 ? text.length : end + 1;
    } else {
      literal += '$';
      index = next + 1;
    }
  }
  literal += text.slice(index);
  flush();
  return parts;
}

function parseReference(body: string): Reference | undefined {
  const variable = VARIABLE.exec(body);
  if (variable !== null) {
    const [, name = '', fallback] = variable;
    return { kind: 'variable', name, ...(fallback === undefined ? {} : { fallback }) };
  }
  const file = FILE.exec(body)?.[1];
  if (file !== undefined) return { kind: 'file', name: file };
  const secret = SECRET.exec(body)?.[1];
  return secret === undefined ? undefined : { kind: 'secret', name: secret };
}
