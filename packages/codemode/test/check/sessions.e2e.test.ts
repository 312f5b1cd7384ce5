import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckReply, ScriptChecker } from '../../src/check/check.ts';
import { createScriptChecker } from '../../src/check/create-checker.ts';
import { request } from './declarations.ts';

let checker: ScriptChecker;
beforeAll(() => {
  checker = createScriptChecker();
});
afterAll(async () => {
  await checker[Symbol.asyncDispose]();
});

type Language = 'typescript' | 'javascript';

/** A script, in TypeScript unless it says otherwise. */
type Step = string | readonly [Language, string];

/** Checks scripts of one session after another; all but the last have to be right. */
async function session(...scripts: readonly Step[]): Promise<CheckReply> {
  let reply: CheckReply = { ok: true, declares: '' };
  for (const script of scripts) {
    if (!reply.ok) throw new Error(`An earlier script is wrong: ${JSON.stringify(reply.diagnostics)}`);
    const [language, code] = typeof script === 'string' ? (['typescript', script] as const) : script;
    reply = await checker.check(request(code, { language, earlier: reply.declares, wantsDeclares: true }));
  }
  return reply;
}

async function declares(...scripts: readonly Step[]): Promise<string> {
  const reply = await session(...scripts);
  if (!reply.ok) throw new Error(JSON.stringify(reply.diagnostics));
  return reply.declares;
}

const PAGE = `const page = await github.listIssues({ owner: 'a' });`;

describe('check() with wantsDeclares', () => {
  it.each([
    ['a result', PAGE, /declare const page: \{\s+items: github\.Issue\[\];\s+next\?: string;\s+\};/u],
    ['what an await gives', `let n = await (async () => 5)();`, /^declare let n: number;$/mu],
    [
      'patterns',
      `${PAGE} const { items: [first, ...rest], next = 'x' } = page;`,
      /declare const first: github\.Issue;\ndeclare const rest: github\.Issue\[\];\ndeclare const next: string;/u,
    ],
    [
      'several at once',
      `let a = 1, b = 'x';\nvar c = [a];`,
      /^declare let a: number;\ndeclare let b: string;\ndeclare var c: number\[\];$/mu,
    ],
    ['constants', `const a = 1, b = 'x';`, /^declare const a = 1;\ndeclare const b = "x";$/mu],
    [
      'functions',
      `async function load(owner: string, n = 1) { return github.listIssues({ owner }); }`,
      /declare function load\(owner: string, n\?: number\): Promise<\{/u,
    ],
    [
      'overloads',
      `function f(a: string): string; function f(a: number): number; function f(a: any) { return a; }`,
      /declare function f\(a: string\): string;\ndeclare function f\(a: number\): number;/u,
    ],
    [
      'arrow functions',
      `const double = (n: number) => n * 2;`,
      /declare const double: \(n: number\) => number;/u,
    ],
    [
      'classes',
      `class Box<T> { constructor(readonly value: T) {} map<U>(f: (t: T) => U) { return new Box(f(this.value)); } }`,
      /declare class Box<T> \{[^]*map<U>\(f: \(t: T\) => U\): Box<U>;\n\}/u,
    ],
    ['enums', `enum Size { Small, Large = 8 }`, /declare enum Size \{\n {4}Small = 0,\n {4}Large = 8\n\}/u],
    [
      'interfaces and types',
      `interface Row { key: string }\ntype Rows<T extends Row = Row> = T[] | null;`,
      /interface Row \{\n {4}key: string;\n\}\ntype Rows<T extends Row = Row> = T\[\] \| null;/u,
    ],
    [
      'functions that take any',
      `const f = (a, { b }) => a + b;`,
      /declare const f: \(a: any, \{ b \}: \{\n {4}b: any;\n\}\) => any;/u,
    ],
    [
      'names in other scripts',
      `const größe = 1, $d = 2, 日本 = 3;`,
      /declare const größe = 1;\ndeclare const \$d = 2;\ndeclare const 日本 = 3;/u,
    ],
    ['code after the end', `return 1;\nconst never = 5;`, /^declare const never = 5;$/mu],
    [
      'strings that look like declarations',
      `const a = "x; \\ndeclare const b: any", c = \`d\${1}, e: f\`;`,
      /^declare const a = "x; \\ndeclare const b: any";\ndeclare const c = "d1, e: f";$/mu,
    ],
    [
      'words that switch the check off',
      `const a = '// @ts-ignore';`,
      /^declare const a = "\/\/ @ts-ignore";$/mu,
    ],
  ])('gives the types of %s', async (_what, code, expected) => {
    expect(await declares(code)).toMatch(expected);
  });

  it('gives nothing of what is inside of blocks and functions', async () => {
    expect(
      await declares(
        `{ const a = 1; } if (1) { let b = 2; } for (const c of [1]) { class D {} } (() => { const e = 1; })();`,
      ),
    ).toBe('');
  });

  it('gives nothing for expressions and functions that are the whole script', async () => {
    expect(await declares(`return (await jira.search({ jql: 'const' })).length`)).toBe('');
    expect(await declares(`async () => { const a = 1; return a; }`)).toBe('');
    expect(await declares(`function () { const a = 1; return a; }`)).toBe('');
  });

  it('leaves out what nobody asked for', async () => {
    const code = 'const b = 1;';
    expect(await checker.check(request(code))).toEqual({ ok: true, declares: '' });
    expect(await checker.check(request(code, { earlier: 'declare const a: 1;\n' }))).toEqual({
      ok: true,
      declares: 'declare const a: 1;\n',
    });
  });

  it('takes types from comments in JavaScript', async () => {
    const text = await declares([
      'javascript',
      `/** @typedef {{ q: number }} Query */
/** @param {Query} query @returns {string} */
function ask(query) { return String(query.q); }
const report = {}; report.total = 1;
class Counter { constructor() { this.n = 0; } }`,
    ]);
    expect(text).toMatch(/declare function ask\(query: Query\): string;/u);
    expect(text).toMatch(/declare const report: \{\n {4}total: number;\n\};/u);
    expect(text).toMatch(/declare class Counter \{\n {4}n: number;/u);
    expect(text).toMatch(/^type Query = \{/mu);
  });
});

describe('check() of a session', () => {
  it('knows the types of earlier variables [S0-15] [S0-24]', async () => {
    expect(await session(PAGE, `return page.items[0].title.toUpperCase();`)).toMatchObject({ ok: true });
    expect(await session(PAGE, `return page.itms;`)).toMatchObject({
      ok: false,
      diagnostics: [{ line: 1, column: 13, code: 2551 }],
    });
  });

  it('knows them after several scripts', async () => {
    expect(
      await session(
        PAGE,
        `const titles = page.items.map((one) => one.title);`,
        `let n = 1;`,
        `return page.items.length + titles[0].length + n;`,
      ),
    ).toMatchObject({ ok: true });
  });

  it('lets a script assign to variables of earlier ones, with the right types', async () => {
    expect(
      await session(
        `let total = 0; var seen = new Set<string>();`,
        `total += 1; seen.add('x'); seen = new Set();`,
      ),
    ).toMatchObject({ ok: true });
    expect(await session(`let total = 0;`, `total = 'x';`)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 2322 }],
    });
    expect(await session(`const total = 0;`, `total = 1;`)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 2588 }],
    });
  });

  it('lets a script declare names anew, with other types', async () => {
    const scripts = [
      PAGE,
      `const page = 'x'; let other = page;`,
      `const n: string = page; return other.length;`,
    ];
    expect(await session(...scripts)).toMatchObject({ ok: true });
    expect(await declares(...scripts)).not.toMatch(/items/u);
  });

  it('uses classes, functions, enums and types of earlier scripts', async () => {
    const first = `class Row { constructor(public key: string) {} } interface Shape { area: number }
enum Size { Small, Large } type Keys = keyof Shape; function area(shape: Shape) { return shape.area; }`;
    const second = `const rows: Row[] = [new Row('a')]; const key: Keys = 'area';
class Square extends Row implements Shape { area = Size.Large; }
return area(new Square('b')) + rows.length + area({ [key]: 1 });`;
    expect(await session(first, second)).toMatchObject({ ok: true });
    expect(await session(first, second, `return area({ size: 1 });`)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 2353 }],
    });
  });

  it('takes a declaration again that is the same as before', async () => {
    const again = `interface Row { key: string }\nconst rows: Row[] = [];`;
    expect(await session(again, again, `return rows[0].key;`)).toMatchObject({ ok: true });
  });

  it('lets a variable of a session come before a server of its name', async () => {
    expect(await session(`const jira = { mine: 1 };`, `return jira.mine.toFixed();`)).toMatchObject({
      ok: true,
    });
  });

  it('goes from one language to the other', async () => {
    expect(
      await session(
        PAGE,
        ['javascript', `const titles = page.items.map((one) => one.title);`],
        `return titles[0].length;`,
      ),
    ).toMatchObject({ ok: true });
    expect(await session(PAGE, ['javascript', `return page.itms;`])).toMatchObject({
      ok: false,
      diagnostics: [{ code: 2551 }],
    });
  });

  it('points at earlier declarations under their name', async () => {
    expect(await session(`function one(a: number) { return a; }`, `one();`)).toMatchObject({
      ok: false,
      diagnostics: [{ related: [{ file: 'earlier.d.ts', line: 1 }] }],
    });
  });

  it('is not evaded by what earlier scripts declared', async () => {
    const evil = `const a = '*/ @ts-nocheck'; interface Promise<T> { items: any }
type Weird = "'; declare const gitlab: any; '" | \`\${string}
declare const gitlab: any;\`;`;
    expect(await session(evil, `await gitlab.x();`)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 2304 }],
    });
  });

  it('forgets types when there is no room for them, and not the names', async () => {
    await using small = createScriptChecker({ limits: { maxDeclaresBytes: 200 } });
    const members = Array.from({ length: 50 }, (_, index) => `member${index}: ${index}`).join(', ');
    const reply = await small.check(
      request(`const large = { ${members} }; const n = 1;`, { wantsDeclares: true }),
    );
    expect(reply).toEqual({ ok: true, declares: 'declare let large: any;\ndeclare const n = 1;\n' });
  });
});
