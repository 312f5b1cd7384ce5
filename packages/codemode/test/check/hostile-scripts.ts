const DEEP = 40_000;

/** Attempts to get past the check, and what must be found all the same. */
export const EVASIONS: Readonly<
  Record<string, { readonly code: string; readonly at: readonly (readonly [number, number, number])[] }>
> = {
  'a comment that switches the check off': {
    code: `// @ts-nocheck\nawait jira.search({ jql: 1 });`,
    at: [[2, 21, 2322]],
  },
  'the same in a block comment': {
    code: `/* @ts-nocheck */ await jira.search({ jql: 1 });`,
    at: [[1, 39, 2322]],
  },
  'a comment that hides the next line': {
    code: `// @ts-ignore\nawait jira.search({ jql: 1 });`,
    at: [[2, 21, 2322]],
  },
  'a comment that expects an error': {
    code: `// @ts-expect-error\nawait jira.search({ jql: 1 });`,
    at: [[2, 21, 2322]],
  },
  'the same after many slashes': {
    code: `///// @ts-ignore because\nawait jira.search({ jql: 1 });`,
    at: [[2, 21, 2322]],
  },
  'the same in capitals': { code: `// @TS-IGNORE\nawait jira.search({ jql: 1 });`, at: [[2, 21, 2322]] },
  'a comment over several lines that hides the next': {
    code: `/*\n * @ts-ignore */\nawait jira.search({ jql: 1 });`,
    at: [[3, 21, 2322]],
  },
  'a reference to a file': {
    code: `/// <reference path="/etc/passwd" />\nawait gitlab.x();`,
    at: [[2, 7, 2304]],
  },
  'a reference to the declarations of browsers': {
    code: `/// <reference lib="dom" />\nreturn document;`,
    at: [[2, 8, 2584]],
  },
  'a reference to no declarations': {
    code: `/// <reference no-default-lib="true" />\nawait gitlab.x();`,
    at: [[2, 7, 2304]],
  },
  'a reference to types of packages': {
    code: `/// <reference types="node" />\nreturn process;`,
    at: [[2, 8, 2591]],
  },
  'a brace that leaves the function, and one that comes back': { code: `return 1; } {`, at: [[1, 14, 1128]] },
  'code between two functions': {
    code: `} declare const gitlab: any; async function f() {\nawait gitlab.x();`,
    at: [[2, 18, 1128]],
  },
  'globals that are declared from between': {
    code: `}\ndeclare global { interface Promise<T> { items: any } }\n{`,
    at: [[3, 2, 1128]],
  },
  'a name like that at the end': {
    code: `} const end_00 = 1; async function f() { const end_ = end_00;`,
    at: [[1, 62, 1128]],
  },
  'globals that are declared from within': {
    code: `declare global { const gitlab: any }\nawait gitlab.x();`,
    at: [
      [1, 1, 1234],
      [2, 7, 2304],
    ],
  },
  'a module that is declared': { code: `declare module 'fs' { export const a: 1 }`, at: [[1, 1, 1234]] },
  'a server that is declared anew with what it lacks': {
    code: `interface Tools { nothing(): void }\nawait (github as Tools).nothing();`,
    at: [[2, 8, 2352]],
  },
  'an import of a file that exists': { code: `return import('./script.ts');`, at: [[1, 15, 2307]] },
  'an import of the declarations': { code: `type A = typeof import('../1');`, at: [[1, 24, 2307]] },
  'an import equals': { code: `import a = require('fs');`, at: [[1, 1, 1232]] },
  'a re-export': { code: `export * from '/etc/passwd';`, at: [[1, 1, 1233]] },
  'options of the compiler in comments': {
    code: `// @noImplicitAny: false\n// @lib: dom\nreturn document;`,
    at: [[3, 8, 2584]],
  },
  'a break in the line that only some count': {
    code: `const a = 1;\u2028// @ts-ignore\u2028await gitlab.x();`,
    at: [[3, 7, 2304]],
  },
  'lines that look like a report': {
    code: `// \u001b[96mscript.ts\u001b[0m:\u001b[93m9\u001b[0m:\u001b[93m9\u001b[0m - \u001b[91merror\u001b[0m\u001b[90m TS1: \u001b[0mfake\nawait gitlab.x();`,
    at: [[2, 7, 2304]],
  },
  'a report on the line of a mistake': {
    code: `await gitlab.x(); // \u001b[96mscript.ts\u001b[0m:\u001b[93m9\u001b[0m:\u001b[93m9\u001b[0m - \u001b[91merror\u001b[0m\u001b[90m TS1: \u001b[0mfake`,
    at: [[1, 7, 2304]],
  },
  'half of a character of two units': { code: `const a = '\ud800';\nawait gitlab.x();`, at: [[2, 7, 2304]] },
  'a byte order mark': { code: `\ufeffawait gitlab.x();`, at: [[1, 8, 2304]] },
};

/** Scripts that would keep a compiler busy, fill its memory or overflow its stack. */
export const BOMBS: Readonly<Record<string, string>> = {
  parentheses: `const x = ${'('.repeat(100_000)}1${')'.repeat(100_000)};`,
  'nested lists': `const x = ${'['.repeat(DEEP)}${']'.repeat(DEEP)};`,
  blocks: `${'{'.repeat(DEEP)}${'}'.repeat(DEEP)}`,
  'arrow functions': `const x = ${'a=>'.repeat(DEEP)}1;`,
  conditions: `const x = ${'1?'.repeat(DEEP)}1${':1'.repeat(DEEP)};`,
  'type arguments': `let x: ${'A<'.repeat(DEEP)}1${'>'.repeat(DEEP)};`,
  'ambiguous comparisons': 'a<b<'.repeat(DEEP),
  'nested templates': `${'`${'.repeat(DEEP)}1${'}`'.repeat(DEEP)}`,
  'a long sum': `const x = ${Array.from({ length: 60_000 }, () => '1').join('+')};`,
  'a chain of members': `let x: any; x${'.a'.repeat(100_000)}`,
  'a type that doubles': `type F<N extends unknown[], A, B> = N extends [infer _, ...infer R] ? F<R, [A, B], [B, A]> | F<R, [B, A], [A, B]> | F<R, [A, A], [B, B]> : [A, B];
const x: F<[${'1,'.repeat(20)}1], 1, 2> = 1;`,
  'a union of templates': `type D = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';
type B = \`\${D}\${D}\${D}\${D}\`; type M = { [K in B]: { [L in B]: \`\${K}\${L}\` } }; let m!: M; const z: M[B][B] = 'x';`,
  'a large union squared': `type U = ${Array.from({ length: 12_000 }, (_, index) => `'k${index}'`).join('|')};
type P = { [K in U]: { [L in U]: [K, L] }[U] }[U]; let p!: P; const s: string = p;`,
  'overloads that are all tried': `${Array.from({ length: 4000 }, (_, index) => `function f(a: ${index}): ${index};`).join('')}function f(a: any): any {}
${Array.from({ length: 4000 }, () => 'f(0+0);').join('')}`,
};
