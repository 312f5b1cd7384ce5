/** A `.d.ts` text without its comments, and with every string literal as `''`. Written apart from the generator, to check it. */
export interface ReadDeclarations {
  readonly code: string;
  readonly comments: readonly string[];
}

/** @throws {SyntaxError} When a comment, string or bracket does not end. */
export function readDeclarations(text: string): ReadDeclarations {
  const comments: string[] = [];
  const open: string[] = [];
  let code = '';
  let at = 0;
  while (at < text.length) {
    const char = text[at] ?? '';
    if (text.startsWith('//', at)) throw new SyntaxError('A comment to the end of the line');
    if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      if (end === -1) throw new SyntaxError('A comment does not end');
      comments.push(text.slice(at, end + 2));
      at = end + 2;
      continue;
    }
    if (char === '"' || char === '`') throw new SyntaxError(`An unexpected ${char}`);
    if (char === "'") {
      at += 1;
      while (text[at] !== "'") {
        if (at >= text.length || /[\n\r\u2028\u2029]/.test(text[at] ?? ''))
          throw new SyntaxError('A string does not end');
        at += text[at] === '\\' ? 2 : 1;
      }
      code += "''";
      at += 1;
      continue;
    }
    if ('([{'.includes(char)) open.push(char);
    if (')]}'.includes(char) && open.pop() !== { ')': '(', ']': '[', '}': '{' }[char]) {
      throw new SyntaxError(`An unexpected ${char}`);
    }
    code += char;
    at += 1;
  }
  if (open.length > 0) throw new SyntaxError('A bracket does not end');
  return { code, comments };
}

/** The statements of the top level, each with its outermost braces emptied, in one line. */
export function topLevel(code: string): readonly string[] {
  let depth = 0;
  let kept = '';
  for (const char of code) {
    if (char === '}') depth -= 1;
    if (depth === 0) kept += char;
    if (char === '{') depth += 1;
  }
  return kept
    .replaceAll('}', '}\n')
    .replaceAll(';', ';\n')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
