import type { Attempt } from './attempt.ts';

/** What an earlier run of the same owner left must not be there in a run without a session. */
export const LEFTOVERS: readonly Attempt[] = [
  {
    name: 'globals of an earlier run are gone',
    before: [`globalThis.secret = 'hunter2'; return 1;`],
    code: `return typeof secret;`,
    value: 'undefined',
  },
  {
    name: 'variables of an earlier run are gone',
    before: [`var secret = 'hunter2'; let other = 1; return 1;`],
    code: `return [typeof secret, typeof other];`,
    value: ['undefined', 'undefined'],
  },
  {
    name: 'symbols in the registry carry no values over',
    before: [`globalThis[Symbol.for('k')] = 'hunter2'; return 1;`],
    code: `return typeof globalThis[Symbol.for('k')];`,
    value: 'undefined',
  },
  {
    name: 'timers of an earlier run do not fire',
    before: [
      `setTimeout(() => { call('late', 1) }, 20); setInterval(() => { call('late', 2) }, 5); return 1;`,
    ],
    code: `await new Promise((done) => setTimeout(done, 80)); return 1;`,
    value: 1,
    holds: ({ calls }) => calls.every(({ name }) => name !== 'late'),
  },
  {
    name: 'promises of an earlier run do not go on',
    before: [
      `(async () => { for (let i = 0; i < 50; i++) { await new Promise((d) => setTimeout(d, 2)); call('late', i).catch(() => {}) } })(); return 1;`,
    ],
    code: `await new Promise((done) => setTimeout(done, 80)); return 1;`,
    value: 1,
    holds: ({ calls }) => calls.every(({ name }) => name !== 'late'),
  },
  {
    name: 'lastIndex of shared expressions is not kept',
    before: [
      `RegExp.prototype.exec.call(/a/g, 'aaa'); return RegExp.$1;`,
      `/(hunter2)/.exec('hunter2'); return 1;`,
    ],
    code: `return RegExp.$1;`,
    value: '',
  },
  {
    name: 'a random source that was seeded by nobody differs between runs',
    code: `return crypto.randomUUID() !== crypto.randomUUID() && Math.random() !== Math.random();`,
    value: true,
  },
];
