import type { Attempt } from './attempt.ts';

const refused = (name: string, code: string): Attempt => ({ name, code, status: ['error'] });

/** Bringing in code, memory or machine code from elsewhere, and reaching for the machine. */
export const LOADERS: readonly Attempt[] = [
  refused('import() of a builtin is refused', `await import('node:fs');`),
  refused('import() of a file is refused', `await import('/etc/passwd');`),
  refused('import() of data is refused', `await import('data:text/javascript,export default 1');`),
  refused('import() inside eval is refused', `await eval("import('node:fs')");`),
  refused('import() inside Function is refused', `await new Function("return import('node:fs')")();`),
  refused('a static import is refused', `import fs from 'node:fs'; return fs;`),
  refused('import.meta is refused', `return import.meta.url;`),
  refused('require is not there', `return require('fs');`),
  refused('process is not there', `return process.env;`),
  refused('fetch is not there', `return await fetch('http://127.0.0.1');`),
  { name: 'WebAssembly is not there', code: `return typeof WebAssembly;`, value: 'undefined' },
  { name: 'SharedArrayBuffer is not there', code: `return typeof SharedArrayBuffer;`, value: 'undefined' },
  { name: 'Atomics is not there', code: `return typeof Atomics;`, value: 'undefined' },
  {
    name: 'a shared buffer cannot be had from elsewhere',
    code: `return Reflect.ownKeys(ArrayBuffer).concat(Reflect.ownKeys(ArrayBuffer.prototype)).some((key) => String(key).includes('hared'));`,
    value: false,
  },
  {
    name: 'a text for a timer is not run',
    code: `globalThis.hit = 0; try { setTimeout('globalThis.hit = 1', 0) } catch {} await new Promise((done) => setTimeout(done, 20)); return globalThis.hit;`,
    value: 0,
  },
  {
    name: 'a hashbang or a HTML comment hides no code',
    code: `let a = 1; <!-- a = 2\nreturn a;`,
    status: ['ok', 'error'],
    holds: ({ outcome, value }) => outcome.status === 'error' || value === 1 || value === 2,
  },
  {
    name: 'closing the wrapper does not leave the script',
    code: `})(); globalThis.left = typeof process; (async () => {`,
    status: ['error'],
  },
  {
    name: 'a return in a template does not leave the script',
    code: 'return `${(() => typeof process)()}`;',
    value: 'undefined',
  },
  {
    name: 'with does not give other scopes',
    code: `return new Function('with (this) { return typeof process }').call(globalThis);`,
    value: 'undefined',
  },
  {
    name: 'a symbol registry shares nothing with the host',
    code: `return Symbol.keyFor(Symbol.for('nodejs.util.inspect.custom')) && typeof globalThis[Symbol.for('nodejs.util.inspect.custom')];`,
    value: 'undefined',
  },
  {
    name: 'locale and time are those of any machine',
    code: `return typeof Intl.DateTimeFormat().resolvedOptions().timeZone;`,
    value: 'string',
  },
];
