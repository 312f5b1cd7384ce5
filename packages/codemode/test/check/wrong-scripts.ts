/** A mistake, and the place at which it has to be found: line, column, number of the message. */
export interface WrongScript {
  readonly code: string;
  readonly at: readonly (readonly [line: number, column: number, code: number])[];
  readonly says: RegExp;
  readonly language?: 'javascript';
}

export const WRONG_SCRIPTS: Readonly<Record<string, WrongScript>> = {
  'an argument of the wrong type': {
    code: `await github.listIssues({ owner: 7 });`,
    at: [[1, 27, 2322]],
    says: /^Type 'number' is not assignable to type 'string'\.$/u,
  },
  'a value that is none of those allowed': {
    code: `const x = 1;\n\n  await github.listIssues({ owner: 'a', state: 'opn' });`,
    at: [[3, 41, 2820]],
    says: /Did you mean '"open"'\?/u,
  },
  'a missing argument': {
    code: `await jira.transition({ key: 'API-1' });`,
    at: [[1, 23, 2741]],
    says: /Property 'to' is missing/u,
  },
  'no arguments at all': {
    code: `await github.listIssues();`,
    at: [[1, 14, 2554]],
    says: /Expected 1 arguments, but got 0/u,
  },
  'too many arguments': {
    code: `await jira.search({ jql: 'x' }, 5);`,
    at: [[1, 33, 2554]],
    says: /Expected 1 arguments, but got 2/u,
  },
  'an unknown argument': {
    code: `await jira.search({\n  jql: 'x',\n  limits: 5,\n});`,
    at: [[3, 3, 2561]],
    says: /Did you mean to write 'limit'\?/u,
  },
  'an unknown tool': {
    code: `await github.listIsues({ owner: 'a' });`,
    at: [[1, 14, 2551]],
    says: /Did you mean 'listIssues'\?/u,
  },
  'an unknown tool by its raw name': {
    code: `await github['list-isues']({ owner: 'a' });`,
    at: [[1, 14, 2551]],
    says: /Property 'list-isues' does not exist.*Did you mean 'list-issues'\?/u,
  },
  'a raw name that is like no other': {
    code: `await github['zzz']({ owner: 'a' });`,
    at: [[1, 7, 7053]],
    says: /Property 'zzz' does not exist/u,
  },
  'an unknown server': {
    code: `await gitlab.listIssues({});`,
    at: [[1, 7, 2304]],
    says: /^Cannot find name 'gitlab'\.$/u,
  },
  'an unknown member of a result': {
    code: `const page = await github.listIssues({ owner: 'a' });\nreturn page.issues;`,
    at: [[2, 13, 2339]],
    says: /Property 'issues' does not exist/u,
  },
  'an unknown member of an item': {
    code: `const { items } = await github.listIssues({ owner: 'a' });\nreturn items.map((issue) => issue.titel);`,
    at: [[2, 35, 2551]],
    says: /Did you mean 'title'\?/u,
  },
  'an unknown name in a pattern': {
    code: `const { issues } = await github.listIssues({ owner: 'a' });`,
    at: [[1, 9, 2339]],
    says: /Property 'issues' does not exist/u,
  },
  'a missing await': {
    code: `const page = github.listIssues({ owner: 'a' });\nreturn page.items;`,
    at: [[2, 13, 2339]],
    says: /does not exist on type 'Promise</u,
  },
  'a missing await in a condition': {
    code: `if (jira.search({ jql: 'x' })) return 1;`,
    at: [[1, 5, 2801]],
    says: /will always return true/u,
  },
  'a loop over a promise': {
    code: `for (const one of jira.search({ jql: 'x' })) console.log(one);`,
    at: [[1, 19, 2488]],
    says: /must have a '\[Symbol\.iterator\]\(\)'/u,
  },
  'what may be missing': {
    code: `const { items } = await github.listIssues({ owner: 'a' });\nreturn items.find((one) => one.id === 1).title;`,
    at: [[2, 8, 2532]],
    says: /^Object is possibly 'undefined'\.$/u,
  },
  'what may be null': {
    code: `return (await jira.search({ jql: 'x' })).map((one) => one.points + 1);`,
    at: [[1, 55, 18047]],
    says: /'one\.points' is possibly 'null'/u,
  },
  'a comparison that is never true': {
    code: `const size: 'a' | 'b' = 'a' as any;\nif (size === 'c') return 1;`,
    at: [[2, 5, 2367]],
    says: /appears to be unintentional/u,
  },
  'a call that a callback gets wrong': {
    code: `await Promise.all([1, 2].map((id) => jira.transition({ key: id, to: 'done' })));`,
    at: [[1, 56, 2322]],
    says: /Type 'number' is not assignable to type 'string'/u,
  },
  'several mistakes, in their order': {
    code: `await jira.search({ jql: 1 });\nawait nothing();\nawait github.createIssue({ owner: 'a', title: 2 });`,
    at: [
      [1, 21, 2322],
      [2, 7, 2304],
      [3, 40, 2322],
    ],
    says: /Type 'number'/u,
  },
  'the constant that is assigned to': {
    code: `const a = 1;\na = 2;`,
    at: [[2, 1, 2588]],
    says: /it is a constant/u,
  },
  'a name that is declared twice': {
    code: `const a = 1;\nconst a = 2;`,
    at: [
      [1, 7, 2451],
      [2, 7, 2451],
    ],
    says: /Cannot redeclare/u,
  },
  'columns behind characters of two units': {
    code: `/* 😀 é */ await gitlab.x();`,
    at: [[1, 18, 2304]],
    says: /gitlab/u,
  },
  'lines after carriage returns': {
    code: `const a = 1;\r\n\r\nreturn b;`,
    at: [[3, 8, 2304]],
    says: /Cannot find name 'b'/u,
  },
  'a raw call with wrong arguments': {
    code: `await jira.search.raw({});`,
    at: [[1, 23, 2741]],
    says: /Property 'jql' is missing/u,
  },
  'wrong code after the end': {
    code: `return 1;\nawait jira.search({ jql: 2 });`,
    at: [[2, 21, 2322]],
    says: /Type 'number'/u,
  },
  'a wrong function without a name': {
    code: `async function () {\n  return await gitlab.x();\n}`,
    at: [[2, 16, 2304]],
    says: /gitlab/u,
  },
  'an unknown word': { code: `cnst a = 1;`, at: [[1, 1, 1435]], says: /Did you mean 'const'\?/u },
  'JavaScript with a wrong argument': {
    language: 'javascript',
    code: `await github.listIssues({ owner: 7 });`,
    at: [[1, 27, 2322]],
    says: /Type 'number'/u,
  },
  'JavaScript with an unknown tool': {
    language: 'javascript',
    code: `await github.listIsues({ owner: 'a' });`,
    at: [[1, 14, 2551]],
    says: /listIssues/u,
  },
  'JavaScript with types': {
    language: 'javascript',
    code: `const a: number = 1;`,
    at: [[1, 10, 8010]],
    says: /only be used in TypeScript files/u,
  },

  'a keyword that the sandbox does not know': {
    code: `const a = 1;\nusing b = null as any;`,
    at: [[1, 1, 2318]],
    says: /Disposable/u,
  },
  'an import': {
    code: `import fs from 'fs';\nreturn 1;`,
    at: [[1, 1, 1232]],
    says: /^A script cannot import: servers are globals/u,
  },
  'an import of types': {
    code: `import type { X } from './x.ts';`,
    at: [[1, 1, 1232]],
    says: /cannot import/u,
  },
  'an import of a side effect': {
    code: `const a = 1;\nimport 'evil';`,
    at: [[2, 1, 1232]],
    says: /cannot import/u,
  },
  'an import by a call': {
    code: `const fs = await import('node:fs');`,
    at: [[1, 25, 2591]],
    says: /cannot import/u,
  },
  'an import in a type': {
    code: `let a: import('typescript').X;`,
    at: [[1, 15, 2307]],
    says: /cannot import/u,
  },
  require: {
    code: `const fs = require('fs');`,
    at: [[1, 12, 2591]],
    says: /^Cannot find name 'require'\. A script has no network/u,
  },
  'an export': {
    code: `export const a = 1;`,
    at: [[1, 1, 1184]],
    says: /^A script cannot export: `return` gives its result$/u,
  },
  'a default export': { code: `export default 5;`, at: [[1, 1, 1258]], says: /^A script cannot export/u },
  'the network': {
    code: `return fetch('https://example.com');`,
    at: [[1, 8, 2304]],
    says: /^Cannot find name 'fetch'\. A script has no network/u,
  },
  'the process': {
    code: `return process.env.HOME;`,
    at: [[1, 8, 2591]],
    says: /^Cannot find name 'process'\. A script has no network/u,
  },

  'a brace too many': {
    code: `if (true) {\n  return 1;\n}\n}`,
    at: [[4, 2, 1128]],
    says: /^The braces do not match/u,
  },
  'a brace that is missing': {
    code: `if (true) {\n  return 1;\n`,
    at: [[2, 12, 1005]],
    says: /^The script ends in the middle of something: '\}' expected/u,
  },
  'a bracket that is missing': {
    code: `return [1, 2`,
    at: [[1, 13, 1005]],
    says: /^The script ends in the middle of something/u,
  },
  'a value that is missing': {
    code: `const a =  `,
    at: [[1, 10, 1109]],
    says: /^The script ends in the middle of something/u,
  },
  'a condition without a statement': {
    code: `if (1)`,
    at: [[1, 7, 1156]],
    says: /^The script ends in the middle of something/u,
  },
  'a text without an end': { code: 'const a = `x', at: [[1, 13, 1160]], says: /Unterminated template/u },
  'a comment without an end': { code: 'return 1; /* x', at: [[1, 15, 1010]], says: /'\*\/' expected/u },
};
