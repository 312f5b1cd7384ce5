import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScriptChecker } from '../../src/check/check.ts';
import { createScriptChecker } from '../../src/check/create-checker.ts';
import { request } from './declarations.ts';
import { GOOD_JAVASCRIPT, GOOD_SCRIPTS } from './good-scripts.ts';
import { WRONG_SCRIPTS, type WrongScript } from './wrong-scripts.ts';

let checker: ScriptChecker;
beforeAll(() => {
  checker = createScriptChecker();
});
afterAll(async () => {
  await checker[Symbol.asyncDispose]();
});

describe('check() of scripts in which nothing is wrong', () => {
  it.each(Object.entries(GOOD_SCRIPTS))('accepts %s', async (_name, code) => {
    expect(await checker.check(request(code))).toEqual({ ok: true, declares: '' });
  });

  it.each(Object.entries(GOOD_JAVASCRIPT))('accepts %s in JavaScript', async (_name, code) => {
    expect(await checker.check(request(code, { language: 'javascript' }))).toEqual({
      ok: true,
      declares: '',
    });
  });
});

describe('check() of scripts with mistakes', () => {
  it.each(Object.entries(WRONG_SCRIPTS))(
    'finds %s',
    async (_name, { code, at, says, language }: WrongScript) => {
      const reply = await checker.check(request(code, { language: language ?? 'typescript' }));
      if (reply.ok) throw new Error('Nothing was found');
      expect(reply.diagnostics.map((one) => [one.line, one.column, one.code])).toEqual(at);
      expect(reply.diagnostics[0]?.message).toMatch(says);
      expect(reply.more).toBe(0);
    },
  );

  it('names the place in the declarations that is in the way', async () => {
    const reply = await checker.check(request(`await github.listIssues({ owner: 'a', state: 'opn' });`));
    expect(reply).toMatchObject({
      ok: false,
      diagnostics: [
        {
          related: [{ file: 'github.d.ts', line: 12, message: expect.stringContaining(`property 'state'`) }],
        },
      ],
    });
  });

  it('names the place in the script when that is in the way, under its name', async () => {
    const code = `function one(a: number) { return a; }\n\none();`;
    const reply = await checker.check(request(code, { name: 'totals.ts' }));
    expect(reply).toMatchObject({
      diagnostics: [
        { line: 3, related: [{ file: 'totals.ts', line: 1, message: expect.stringContaining(`'a'`) }] },
      ],
    });
  });

  it('keeps all lines of a message, as far as there is room', async () => {
    const code = `const f: (a: { b: { c: { d: string } } }) => void = (x: { b: { c: { d: number } } }) => {};`;
    const reply = await checker.check(request(code));
    if (reply.ok) throw new Error('Nothing was found');
    expect(reply.diagnostics[0]?.message.split('\n').length).toBeGreaterThan(2);
    const brief = createScriptChecker({ limits: { maxMessageChars: 40 } });
    await using _brief = brief;
    const shorter = await brief.check(request(code));
    expect(shorter.ok ? '' : shorter.diagnostics[0]?.message).toHaveLength(40);
  });

  it('names ten mistakes and counts the others', async () => {
    const code = Array.from({ length: 25 }, (_, index) => `await unknown${index}();`).join('\n');
    const reply = await checker.check(request(code));
    if (reply.ok) throw new Error('Nothing was found');
    expect(reply.diagnostics.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(reply.more).toBe(15);
  });

  it('says that there is more when one long line has more mistakes than it reads of', async () => {
    const code = Array.from({ length: 20_000 }, (_, index) => `x${index};`).join('');
    const reply = await checker.check(request(code));
    expect(reply.ok ? 0 : reply.more).toBeGreaterThan(0);
  });
});
