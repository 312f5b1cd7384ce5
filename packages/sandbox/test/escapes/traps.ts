import type { Attempt } from './attempt.ts';

const isShort = ({ outcome }: { readonly outcome: { readonly error?: unknown } }): boolean =>
  JSON.stringify(outcome.error ?? '').length < 20_000;

/** Values whose reading runs code, in what is returned, sent and thrown. */
export const TRAPS: readonly Attempt[] = [
  {
    name: 'a returned getter that throws is an error of the script',
    code: `return { get a() { throw new Error('trap') } };`,
    status: ['error'],
    error: /trap/,
  },
  {
    name: 'a returned proxy that throws is an error of the script',
    code: `return new Proxy({}, { ownKeys() { throw new Error('trap') } });`,
    status: ['error'],
    error: /trap/,
  },
  {
    name: 'a returned proxy that answers differently each time is read once',
    code: `let n = 0; return new Proxy({ a: 1 }, { get: (t, k) => (k === 'a' ? ++n : undefined) });`,
    status: ['ok'],
    value: { a: 1 },
  },
  {
    name: 'a returned toJSON is data in the end',
    code: `return { toJSON: () => ({ b: 2 }) };`,
    status: ['ok'],
    value: { b: 2 },
  },
  {
    name: 'a sent proxy arrives as plain data',
    code: `return await call('echo', new Proxy({ a: 1 }, {}));`,
    status: ['ok'],
    value: { a: 1 },
  },
  {
    name: 'a sent getter that throws fails the call, not the host',
    code: `return await call('echo', { get a() { throw new Error('trap') } }).catch((e) => e.message);`,
    status: ['ok'],
    value: 'trap',
  },
  {
    name: 'a name that is an object does not reach the host as one',
    code: `try { return await call({ toString: () => 'echo' }, 1) } catch (e) { return 'refused' }`,
    holds: ({ calls }) => calls.every(({ name }) => typeof name === 'string'),
  },
  {
    name: 'a name that is a symbol is refused',
    code: `try { await call(Symbol('x'), 1); return 'made' } catch { return 'refused' }`,
    value: 'refused',
  },
  {
    name: 'a thrown proxy is an error of the script',
    code: `throw new Proxy(new Error('x'), { get() { throw 1 }, getPrototypeOf() { throw 2 } });`,
    status: ['error'],
  },
  {
    name: 'a thrown object with traps is an error of the script',
    code: `throw { get message() { throw 1 }, get name() { throw 2 }, get stack() { throw 3 }, toString() { throw 4 } };`,
    status: ['error'],
  },
  { name: 'thrown undefined is an error of the script', code: `throw undefined;`, status: ['error'] },
  { name: 'a thrown symbol is an error of the script', code: `throw Symbol('x');`, status: ['error'] },
  {
    name: 'a huge message is cut',
    code: `throw new Error('x'.repeat(5_000_000));`,
    status: ['error'],
    holds: isShort,
  },
  {
    name: 'a huge name is cut',
    code: `const e = new Error('x'); e.name = 'n'.repeat(5_000_000); throw e;`,
    status: ['error'],
    holds: isShort,
  },
  {
    name: 'a forged stack is data',
    code: `const e = new Error('x'); e.stack = 'at secret (/etc/passwd:1:1)\\n'.repeat(100000); throw e;`,
    status: ['error'],
    holds: isShort,
  },
  {
    name: 'stacks name the script only',
    code: `function deep() { throw new Error('here') } deep();`,
    status: ['error'],
    holds: ({ outcome }) =>
      !/node_modules|runner|isolated|\/(?:home|root|usr|tmp|work|app)\//.test(JSON.stringify(outcome.error)),
  },
  {
    name: 'stacks seen inside name nothing of the runner',
    code: `return new Error('x').stack + (await call('nothing', 1).catch((e) => e.stack));`,
    status: ['ok'],
    holds: ({ value }) => !/node_modules|runner|\.js:|\/(?:home|root|usr|tmp|work|app)\//.test(String(value)),
  },
  {
    name: 'prepareStackTrace gives no functions of the bridge',
    code: `try { Error.prepareStackTrace = (e, sites) => sites } catch {} const sites = new Error('x').stack; await call('echo', 1);
      return Array.isArray(sites) ? sites.every((site) => { const f = site.getFunction?.(), t = site.getThis?.(); return (f === undefined || f === null || String(f).length < 5000) && (t === undefined || t === null || t === globalThis) }) : true;`,
    value: true,
  },
  {
    name: 'an infinite stackTraceLimit ends as an error',
    code: `Error.stackTraceLimit = Infinity; function f() { return f() + 1 } f();`,
    status: ['error', 'memory', 'timeout', 'killed'],
  },
  {
    name: 'a thenable that is returned stays in the script',
    code: `return { then(done) { done('data') } };`,
    status: ['ok'],
    value: 'data',
  },
  {
    name: 'a result with a member then is not waited for',
    code: `const got = await call('thenable', {}); return got.value;`,
    status: ['ok'],
    value: 2,
  },
  {
    name: 'a returned object with a plain then is data',
    code: `return { then: 1 };`,
    status: ['ok'],
    holds: ({ outcome }) => outcome.value === '{"then":1}',
  },
  {
    name: 'a returned function is no value that crosses',
    code: `return () => 1;`,
    holds: ({ outcome, value }) => outcome.status === 'error' || value === undefined || value === null,
  },
  {
    name: 'a returned cycle is an error of the script',
    code: `const a = {}; a.a = a; return a;`,
    status: ['error'],
  },
  {
    name: 'a returned big integer is an error of the script',
    code: `return { deep: [1n] };`,
    status: ['error'],
    error: /BigInt/i,
  },
];
