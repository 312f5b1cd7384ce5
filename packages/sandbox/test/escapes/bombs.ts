import type { Attempt } from './attempt.ts';

const ENDED = ['timeout', 'memory', 'limit', 'killed', 'error'] as const;

/** Using up the machine. Each must end by itself, and only it. */
export const BOMBS: readonly Attempt[] = [
  { name: 'an endless loop', code: `while (true);`, status: ['timeout'] },
  { name: 'an endless loop after a call', code: `await call('echo', 1); for (;;);`, status: ['timeout'] },
  {
    name: 'an endless loop in a timer',
    code: `await new Promise(() => setTimeout(() => { for (;;); }, 1));`,
    status: ['timeout'],
  },
  {
    name: 'a flood of microtasks',
    code: `const again = () => Promise.resolve().then(again); await again();`,
    status: ENDED,
  },
  { name: 'a promise that never settles', code: `await new Promise(() => {});`, status: ['timeout'] },
  {
    name: 'a regular expression that backtracks',
    code: `return /^(a+)+$/.test('a'.repeat(50) + 'b');`,
    status: ['timeout'],
  },
  {
    name: 'a replacement that backtracks',
    code: `return 'x'.repeat(60).replace(/(x+x+)+y/, '');`,
    status: ['timeout'],
  },
  {
    name: 'an array that grows',
    code: `const a = []; for (;;) a.push(new Array(1000).fill(1));`,
    status: ENDED,
  },
  {
    name: 'a map that grows',
    code: `const m = new Map(); for (let i = 0; ; i++) m.set(i, { i });`,
    status: ENDED,
  },
  {
    name: 'strings that grow',
    code: `const s = []; for (;;) s.push('x'.repeat(1e6) + s.length);`,
    status: ENDED,
  },
  {
    name: 'a string of half a gigabyte',
    code: `return 'x'.repeat(2 ** 29 - 100).length;`,
    status: ['ok', ...ENDED],
  },
  {
    name: 'typed arrays that grow',
    code: `const a = []; for (;;) a.push(new Uint8Array(10_000_000).fill(1));`,
    status: ENDED,
  },
  { name: 'one typed array of four gigabytes', code: `return new Uint8Array(4e9).length;`, status: ENDED },
  {
    name: 'a buffer that grows in place',
    code: `const b = new ArrayBuffer(8, { maxByteLength: 2e9 }); b.resize(2e9); return new Uint8Array(b).fill(1).length;`,
    status: ['ok', ...ENDED],
  },
  {
    name: 'a big integer that squares itself',
    code: `let x = 2n; for (let i = 0; i < 40; i++) x = x * x; return String(x).length;`,
    status: ENDED,
  },
  {
    name: 'a join of a sparse array',
    code: `return new Array(2 ** 27).join('ab').length;`,
    status: ['ok', ...ENDED],
  },
  {
    name: 'recursion without end',
    code: `function f() { return f() } return f();`,
    status: ['error'],
    error: /stack|recursion/i,
  },
  {
    name: 'recursion without end in JSON',
    code: `let a = []; for (let i = 0; i < 1e6; i++) a = [a]; return a;`,
    status: ENDED,
  },
  {
    name: 'deep arguments',
    code: `let a = []; for (let i = 0; i < 1e6; i++) a = [a]; return await call('echo', a);`,
    status: ENDED,
    holds: ({ calls }) => calls.length === 0,
  },
  {
    name: 'a deep result',
    code: `return typeof await call('deep', {}).catch((e) => e.name);`,
    status: ['ok', ...ENDED],
  },
  {
    name: 'a hundred thousand calls that nobody waits for',
    code: `for (let i = 0; i < 100_000; i++) call('echo', i).catch(() => {}); await new Promise((done) => setTimeout(done, 200)); return 1;`,
    status: ['ok', ...ENDED],
    holds: ({ calls }) => calls.length <= 100,
  },
  {
    name: 'more calls than are allowed, one after another',
    code: `let n = 0; try { for (;;) { await call('echo', 1); n++ } } catch {} return n;`,
    status: ['ok', 'limit'],
    holds: ({ calls }) => calls.length <= 100,
  },
  {
    name: 'arguments over the limit',
    code: `return await call('echo', 'x'.repeat(3_000_000)).catch((e) => 'refused');`,
    status: ['ok', 'limit'],
    holds: ({ calls, value, outcome }) =>
      calls.length === 0 && (value === 'refused' || outcome.status === 'limit'),
  },
  {
    name: 'a result over the limit',
    code: `return await call('long', {}).catch((e) => 'refused');`,
    status: ['ok', 'limit'],
    holds: ({ value, outcome }) => value === 'refused' || outcome.status === 'limit',
  },
  {
    name: 'a returned value over the limit',
    code: `return 'x'.repeat(3_000_000);`,
    status: ['limit', 'error'],
  },
  {
    name: 'printing without end',
    code: `for (;;) console.log('x'.repeat(10_000));`,
    status: ENDED,
    holds: ({ stdout }) => stdout.length < 2_000_000,
  },
  {
    name: 'one line of fifty megabytes',
    code: `console.log('x'.repeat(50_000_000)); return 1;`,
    status: ['ok', ...ENDED],
    holds: ({ stdout }) => stdout.length < 2_000_000,
  },
  {
    name: 'a million timers',
    code: `for (let i = 0; i < 1_000_000; i++) setTimeout(() => {}, 1e6); return 1;`,
    status: ['ok', ...ENDED],
  },
  {
    name: 'an interval that fires for ever',
    code: `setInterval(() => {}, 0); await new Promise(() => {});`,
    status: ['timeout'],
  },
  {
    name: 'ten thousand rejections that nobody handles',
    code: `for (let i = 0; i < 10_000; i++) Promise.reject(new Error('x' + i)); return 1;`,
    status: ['ok', ...ENDED],
  },
  {
    name: 'a parser bomb of parentheses',
    code: '('.repeat(100_000),
    status: ['error', 'memory', 'killed', 'timeout'],
  },
  {
    name: 'a parser bomb of templates',
    code: '`${'.repeat(30_000),
    status: ['error', 'memory', 'killed', 'timeout'],
  },
  {
    name: 'a parser bomb of types',
    code: `type A = ${'['.repeat(50_000)}`,
    status: ['error', 'memory', 'killed', 'timeout'],
  },
  {
    name: 'an error with a chain of causes without end',
    code: `const e = new Error('x'); e.cause = e; console.error(e); throw e;`,
    status: ['error'],
  },
];
