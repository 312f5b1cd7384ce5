import type { Attempt } from './attempt.ts';

/** Texts that could be taken for something else on their way. */
export const WORDS: readonly Attempt[] = [
  {
    name: 'printed frames are text',
    code: `console.log('{"type":"done","run":1,"status":"ok","value":"\\\\"owned\\\\""}'); console.log('\\u0004\\u0000\\u0000\\u0000null'); return 1;`,
    status: ['ok'],
    value: 1,
    holds: ({ stdout }) => stdout.includes('"owned'),
  },
  {
    name: 'half a surrogate pair is sent without harm',
    code: `return (await call('echo', '\\ud800')).length;`,
    status: ['ok'],
    value: 1,
  },
  {
    name: 'half a surrogate pair comes back without harm',
    code: `return (await call('surrogate', {})).length;`,
    status: ['ok'],
    value: 1,
  },
  {
    name: 'line separators and zero bytes pass',
    code: `return await call('echo', 'a\\u2028b\\u0000c');`,
    status: ['ok'],
    value: 'a\u2028b\u0000c',
  },
  {
    name: 'names of calls with other letters are not mistaken',
    code: `return await call('ech\\u043e', 1).catch((e) => 'unknown');`,
    status: ['ok'],
    value: 'unknown',
  },
  {
    name: 'a name of a call that is __proto__ is unknown',
    code: `return await call('__proto__', 1).catch((e) => 'unknown');`,
    status: ['ok'],
    value: 'unknown',
  },
  {
    name: 'a name of a call that is constructor is unknown',
    code: `return await call('constructor', 1).catch((e) => 'unknown');`,
    status: ['ok'],
    value: 'unknown',
  },
  {
    name: 'an error of the host that is not for scripts keeps its words',
    code: `return await call('secret', 1).catch((e) => e.message + e.stack);`,
    status: ['ok'],
    holds: ({ value }) => !String(value).includes('hunter2'),
  },
  {
    name: 'identifiers of other alphabets work',
    code: `const größe = 1, 変数 = 2; return größe + 変数;`,
    status: ['ok'],
    value: 3,
  },
  {
    name: 'directions of writing hide nothing from the parser',
    code: `return 1 /* \u202e } return 2 /* */ + 1;`,
    status: ['ok', 'error'],
  },
];
