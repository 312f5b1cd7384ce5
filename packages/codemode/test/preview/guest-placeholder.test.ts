import { runInNewContext } from 'node:vm';
import { isJsonObject, type JsonValue } from '@smcp/protocol';
import { describe, expect, it } from 'vitest';
import { createPlaceholders } from '../../src/preview/guest-placeholder.ts';
import { ifReference, textParts } from '../../src/preview/reference.ts';

interface Ran {
  /** What the script gave, through JSON. */
  readonly value: JsonValue;
  readonly notes: readonly string[];
}

/** Runs a script over the placeholder `r` of planned call 1, in a realm that has nothing but the function's text. */
function run(script: string): Ran {
  const prelude = `
    const notes = [];
    const r = (${createPlaceholders.toString()})((text) => notes.push(text))(1);
    const { stringify } = JSON;`;
  const text: unknown = runInNewContext(`(() => {${prelude}
    const value = (() => {${script}})();
    return stringify({ value: value === undefined ? null : value, notes });
  })()`);
  return JSON.parse(String(text));
}

const SILENT: readonly string[] = [];

describe('createPlaceholders()', () => {
  it.each([
    ['itself', 'r', []],
    ['a member', 'r.id', ['id']],
    ['an element', 'r.items[0].id', ['items', 0, 'id']],
    ['odd keys', 'r["a b"]["01"]["1e3"][""]', ['a b', '01', '1e3', '']],
    ['keys with quotes', "r['\"]>']", ['"]>']],
    ['keys of every object', 'r.constructor.prototype.__proto__', ['constructor', 'prototype', '__proto__']],
    ['names of methods', 'r.map.filter.trim', ['map', 'filter', 'trim']],
  ])('is written as a reference to %s', (_, expression, path) => {
    const ran = run(`return {x: ${expression}}`);
    expect(ran).toEqual({ value: { x: { $result: 1, path } }, notes: SILENT });
    expect(isJsonObject(ran.value) && ifReference(ran.value['x'] ?? null)).toEqual({ planned: 1, path });
  });

  it.each([
    ['r', []],
    ['r.id', ['id']],
    ['r.items[0].$a_1', ['items', 0, '$a_1']],
    ['r["a.b"]', ['a.b']],
    ['r["é"]', ['é']],
    ["r['\"]>']", ['"]>']],
    ['r[12345678901]', ['12345678901']],
  ])('puts %s into a text that tells where it came from', (expression, path) => {
    for (const text of [
      `\`a \${${expression}} b\``,
      `'a ' + ${expression} + ' b'`,
      `['a', ${expression}, 'b'].join(' ')`,
    ]) {
      const { value, notes } = run(`return ${text}`);
      expect(typeof value === 'string' && textParts(value)).toEqual(['a ', { planned: 1, path }, ' b']);
      expect(notes).toEqual([]);
    }
  });

  it('can be awaited, compared and told by its type', () => {
    expect(
      run(
        'return [r.then === undefined, typeof r, typeof r.a, r.a === r.a, r.a === r.b, Array.isArray(r), r == null]',
      ),
    ).toEqual({
      value: [true, 'object', 'object', true, false, false, false],
      notes: SILENT,
    });
  });

  it.each([
    ['for (const x of r.items) throw 1', null],
    ['return [...r.items]', []],
    ['return r.items.length', 0],
    ['return r.items.map((x) => x.id)', []],
    ['return r.items.filter(Boolean).length', 0],
    ['return r.items.reduce((sum, x) => sum + x.n, 5)', 5],
    ['return r.items.reduce((sum, x) => sum + x.n)', null],
    ['r.items.forEach(() => { throw 1 })', null],
    ['return Object.keys(r)', []],
    ['return {...r.a}', {}],
    ['return "id" in r', false],
    ['return r.hasOwnProperty("id")', false],
    ['return Number(r.n)', null],
    ['return r.n * 2', null],
    ['return r.n > 3', false],
    ['r.a = 1; delete r.a', null],
    ['return r.name.toUpperCase()', '<RESULT 1.NAME>'],
    ['return r.name.split(" ").length', 2],
  ])('goes on with nothing, and says so: %s', (script, value) => {
    const ran = run(script);
    expect(ran.value).toEqual(value);
    expect(ran.notes[0]).toMatch(/^The rest depends on <result 1/);
  });

  it('says each thing once, and not without end', () => {
    expect(run('for (let i = 0; i < 50; i += 1) r.items.length').notes).toHaveLength(1);
    expect(run('for (let i = 0; i < 50; i += 1) r.items[i].length').notes).toHaveLength(20);
  });

  it('ends for a script that follows it without end', () => {
    const ran = run('let page = r, n = 0; while (page) { page = page.next; n += 1; } return n');
    expect(ran.value).toBe(33);
    expect(ran.notes).toHaveLength(1);
  });

  it('keeps its way when the script changes what everything is made of', () => {
    const { value } = run(`
      JSON.stringify = JSON.parse = () => 'evil';
      Map.prototype.get = Map.prototype.set = () => 'evil';
      Reflect.apply = Reflect.get = () => 'evil';
      Array.prototype.values = Array.prototype[Symbol.iterator] = () => 'evil';
      String.prototype.split = String.prototype.slice = () => 'evil';
      Object.prototype.apply = Object.prototype.construct = Object.prototype.get = () => 'evil';
      Object.defineProperty(Array.prototype, '0', { set() { throw new Error('evil'); }, configurable: true });
      globalThis.Proxy = globalThis.Map = globalThis.Array = globalThis.String = () => 'evil';
      return [stringify(r.items[0].id), '' + r.items[0].id];`);
    expect(value).toEqual(['{"$result":1,"path":["items",0,"id"]}', '<result 1.items[0].id>']);
  });

  it('refers to nothing outside of itself', () => {
    // The realm has the language and no more; a reference to the module would be an error there.
    expect(run('return r.a.b').value).toEqual({ $result: 1, path: ['a', 'b'] });
    expect(createPlaceholders.toString()).not.toMatch(/__vi|import|require/);
  });
});
