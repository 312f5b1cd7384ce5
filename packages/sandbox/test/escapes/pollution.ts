import type { Attempt } from './attempt.ts';

/** Changing what everything else is built on, in the script or through what it sends and gets. */
export const POLLUTION: readonly Attempt[] = [
  {
    name: 'a member of Object.prototype does not get into later runs',
    before: [`try { Object.prototype.admin = true } catch {} return 1;`],
    code: `return ({}).admin === undefined;`,
    value: true,
  },
  {
    name: 'a result with the key __proto__ stays data',
    code: `const got = await call('proto', {}); return [({}).admin, Object.hasOwn(got, '__proto__'), Object.getPrototypeOf(got) === Object.prototype, got.a];`,
    status: ['ok'],
    value: [null, true, true, 1],
  },
  {
    name: 'a result that names constructor and prototype stays data',
    code: `const got = await call('nestedProto', {}); return [({}).admin, typeof ({}).constructor, got.constructor.prototype.admin];`,
    status: ['ok'],
    value: [null, 'function', true],
  },
  {
    name: 'arguments with the key __proto__ arrive as text and change nothing',
    code: `await call('echo', JSON.parse('{"__proto__":{"admin":true}}')); return ({}).admin === undefined;`,
    value: true,
    holds: ({ calls }) => calls[0]?.input === '{"__proto__":{"admin":true}}' && !('admin' in {}),
  },
  {
    name: 'another JSON.stringify does not change what is returned',
    code: `try { JSON.stringify = () => '"owned"' } catch {} return { a: 1 };`,
    value: { a: 1 },
  },
  {
    name: 'another JSON.parse does not change results',
    code: `try { JSON.parse = () => 'owned' } catch {} return await call('echo', { a: 1 });`,
    value: { a: 1 },
  },
  {
    name: 'another Promise.prototype.then does not hold calls up',
    code: `try { Promise.prototype.then = function () { return 'owned' } } catch {} return await call('echo', 3);`,
    value: 3,
  },
  {
    name: 'another global Promise does not reach the call function',
    code: `try { globalThis.Promise = class { constructor() { throw new Error('owned') } } } catch {} return await call('echo', 4);`,
    value: 4,
  },
  {
    name: 'other call and apply of functions are not used',
    code: `try { Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => { throw new Error('owned') } } catch {} return await call('echo', 5);`,
    value: 5,
  },
  {
    name: 'a getter named then on Object.prototype is never asked',
    code: `let asked = 0; try { Object.defineProperty(Object.prototype, 'then', { get() { asked++ } }) } catch {} await call('echo', {}); return asked;`,
    value: 0,
  },
  {
    name: 'toJSON on Object.prototype does not change what is sent',
    code: `try { Object.prototype.toJSON = () => 'owned' } catch {} return await call('echo', { a: 1 });`,
    value: { a: 1 },
  },
  {
    name: 'other methods of maps and arrays do not confuse answers',
    code: `try { Map.prototype.get = Map.prototype.set = Array.prototype.push = Array.prototype.shift = () => 'owned' } catch {} return await Promise.all([call('echo', 1), call('echo', 2)]);`,
    value: [1, 2],
  },
  {
    name: 'another iterator of arrays is not used',
    code: `try { Array.prototype[Symbol.iterator] = function* () { yield 'owned' } } catch {} return await call('echo', [1, 2]);`,
    value: [1, 2],
  },
  {
    name: 'another String does not rename calls',
    code: `try { globalThis.String = () => 'owned' } catch {} return await call('echo', 6);`,
    value: 6,
    holds: ({ calls }) => calls[0]?.name === 'echo',
  },
  {
    name: 'a call function that was replaced is the old one in the next run',
    before: [`try { globalThis.call = () => 'owned' } catch {} return 1;`],
    code: `return await call('echo', 7);`,
    value: 7,
  },
  {
    name: 'a setter for numbers on Array.prototype does not see what is sent',
    code: `let seen = 0; try { Object.defineProperty(Array.prototype, '0', { set() { seen++ } }) } catch {} await call('echo', [1]); return seen;`,
    value: 0,
  },
  {
    name: 'derived errors and objects can still be given names and methods',
    code: `class Mine extends Error { constructor(m) { super(m); this.name = 'Mine' } } const o = {}; o.toString = () => 'mine'; o.constructor = 1; return [new Mine('x').name, String(o), o.constructor];`,
    status: ['ok'],
    value: ['Mine', 'mine', 1],
  },
];
