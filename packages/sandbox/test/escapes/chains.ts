import type { Attempt } from './attempt.ts';

const ABSENT = 'undefined';

function chain(name: string, expression: string): Attempt {
  return {
    name: `${name} does not lead to the process`,
    code: `return ${expression};`,
    status: ['ok'],
    value: ABSENT,
  };
}

/** From something at hand to a constructor of functions, and from there to the process around. */
export const CHAINS: readonly Attempt[] = [
  chain('a function', `(function () {}).constructor('return typeof process')()`),
  chain('a function, twice', `(function () {}).constructor.constructor('return typeof process')()`),
  chain('the call function', `call.constructor('return typeof process')()`),
  chain('the call function, twice', `call.constructor.constructor('return typeof require')()`),
  chain(
    'the prototype of the call function',
    `Object.getPrototypeOf(call).constructor('return typeof process')()`,
  ),
  chain('an async function', `await (async () => {}).constructor('return typeof process')()`),
  chain('a generator function', `(function* () {}).constructor('yield typeof process')().next().value`),
  chain(
    'an async generator',
    `(await (async function* () {}).constructor('yield typeof process')().next()).value`,
  ),
  chain('a result', `(await call('echo', { a: 1 })).constructor.constructor('return typeof process')()`),
  chain('a promise of a result', `call('echo', 1).constructor.constructor('return typeof process')()`),
  chain(
    'an error of the host',
    `await call('nothing', 1).catch((e) => e.constructor.constructor('return typeof process')())`,
  ),
  chain('a printer', `console.log.constructor('return typeof process')()`),
  chain('a timer', `setTimeout.constructor('return typeof process')()`),
  chain('an address', `new URL('https://a.example').constructor.constructor('return typeof process')()`),
  chain('a text encoder', `new TextEncoder().encode('a').constructor.constructor('return typeof process')()`),
  chain('the random source', `crypto.getRandomValues.constructor('return typeof process')()`),
  chain('a clone', `structuredClone(new Map()).constructor.constructor('return typeof process')()`),
  chain('an abort signal', `new AbortController().signal.constructor.constructor('return typeof process')()`),
  chain(
    'the arguments of a sloppy function',
    `(function () { return arguments.constructor.constructor('return typeof process')() })()`,
  ),
  chain('a regular expression', `/a/.exec('a').constructor.constructor('return typeof process')()`),
  chain('eval, said directly', `eval('typeof process')`),
  chain('eval, said indirectly', `(0, eval)('typeof process')`),
  chain('Function', `new Function('return typeof process')()`),
  chain('this of a sloppy function', `typeof (function () { return this })()?.process`),
  {
    name: 'callers of functions are not told',
    code: `function f() { return f.caller === null || f.caller === undefined || typeof f.caller } try { return f() } catch { return true }`,
    holds: ({ value }) => value === true || value === 'function',
  },
  {
    name: 'everything that can be reached leads to nothing of the host',
    code: `
      const seen = new Set(), queue = [globalThis], found = [];
      const marks = ['mainModule', 'dlopen', 'binding', 'execArgv', 'createRequire', 'Isolate', 'Reference', 'ExternalCopy', 'applySync', 'applyIgnored'];
      while (queue.length > 0 && seen.size < 20000) {
        const at = queue.pop();
        if ((typeof at !== 'object' && typeof at !== 'function') || at === null || seen.has(at)) continue;
        seen.add(at);
        for (const key of Reflect.ownKeys(at)) {
          if (marks.includes(key)) found.push(String(key));
          const one = Reflect.getOwnPropertyDescriptor(at, key);
          if (one === undefined) continue;
          queue.push(one.value, one.get, one.set);
        }
        queue.push(Reflect.getPrototypeOf(at));
      }
      return { found, enough: seen.size > 300 };`,
    status: ['ok'],
    value: { found: [], enough: true },
  },
  {
    name: 'no global of Node, of browsers or of other runtimes is there',
    code: `return ['process', 'require', 'module', 'exports', '__dirname', '__filename', 'global', 'Buffer', 'fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest', 'Worker',
      'importScripts', 'navigator', 'location', 'localStorage', 'indexedDB', 'caches', 'Deno', 'Bun', 'WebAssembly', 'SharedArrayBuffer', 'Atomics', 'MessageChannel',
      'BroadcastChannel', 'ivm', 'setImmediate'].filter((name) => name in globalThis);`,
    status: ['ok'],
    value: [],
  },
];
