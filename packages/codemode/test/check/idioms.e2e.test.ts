import { afterAll, describe, expect, it } from 'vitest';
import { GLOBAL_DECLARATIONS } from '../../src/bindings/globals.ts';
import { createScriptChecker } from '../../src/check/create-checker.ts';

/** What models write without thinking; none of it may be held up by the check of the real declarations. */
const IDIOMS = [
  'await new Promise((r) => setTimeout(r, 3000)); return 1',
  'const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms)); await sleep(5);',
  'const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)); await sleep(5);',
  'const id = setInterval(() => {}, 5); clearInterval(id);',
  'const out: any = {}; out.a = 1; for (const [k, v] of Object.entries(out)) console.log(k, v); return out',
  'let r; try { r = await call("a", "b", {}) } catch (e) { console.log(e.message) } return r',
  'const a = []; a.push(1); return a.map((x) => x + 1)',
  'const res = {}; for (const k of ["a"]) { res[k] = 1 } return res',
  'return Object.groupBy([1, 2, 3], (n) => (n % 2 ? "odd" : "even"))',
  'const u = new URL("https://a.b/c?d=1"); return [...u.searchParams]',
  'return JSON.parse("{}").foo.bar',
  'return [...new Set([1, 2])].sort((a, b) => b - a)',
  'const [first] = await Promise.allSettled([call("a", "b")]); return first.status === "fulfilled" ? first.value : first.reason.message',
  'class A { #x = 1; get x() { return this.#x } } return new A().x',
  'enum E { A, B } return E.A',
  'const items = (await servers["x"].list()).items.filter((i) => i.done); return items.length',
  'return await mcp_servers["x"].list({})',
  'return await runtime.search_tool_docs("x", { limit: 3 })',
  'console.table([{ a: 1 }]); console.log("%s", "a"); return null',
  'return structuredClone({ t: performance.now(), d: new Date().toISOString() })',
  'async function main() { return 1 }\nreturn main();',
  'async () => { const r = await call("a", "b"); return r.items }',
];

describe('the check with the declarations of every script', () => {
  const checker = createScriptChecker();

  afterAll(async () => {
    await checker[Symbol.asyncDispose]();
  });

  it.each(IDIOMS)('passes %s', async (code) => {
    const declarations = [{ name: 'globals.d.ts', text: GLOBAL_DECLARATIONS }];
    const reply = await checker.check({ code, language: 'typescript', name: 'script.ts', declarations });
    expect(reply).toMatchObject({ ok: true });
  });
});
