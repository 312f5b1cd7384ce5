import type { JsonObject } from '@smcp/protocol';
import type { Language } from '@smcp/sandbox';
import { expect, it } from 'vitest';
import { readExecuteArguments } from '../../src/execute/read-arguments.ts';
import { DEFAULT_SETTINGS } from '../../src/settings.ts';

const LANGUAGES: readonly Language[] = ['typescript', 'javascript'];
const PLAN = `sha256:${'0a'.repeat(32)}`;

const read = (args: JsonObject, languages = LANGUAGES) =>
  readExecuteArguments(args, { settings: DEFAULT_SETTINGS, languages });

const refused = (message: string | RegExp) =>
  expect.objectContaining({
    code: 'ARGUMENT_INVALID',
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  });

function thrownBy(args: JsonObject): unknown {
  try {
    return read(args);
  } catch (error) {
    return error;
  }
}

it('readExecuteArguments() fills in what is not given', () => {
  expect(read({ code: 'return 1' })).toEqual({
    code: 'return 1',
    language: 'typescript',
    session: undefined,
    servers: [],
    timeout: undefined,
    mode: { kind: 'run' },
  });
});

it('readExecuteArguments() takes null for what is not given', () => {
  expect(
    read({ code: '1', language: null, session: null, servers: null, timeout: null, mode: null }),
  ).toEqual(read({ code: '1' }));
});

it('readExecuteArguments() keeps the code as it is', () => {
  expect(read({ code: '\n  return 1;\n' }).code).toBe('\n  return 1;\n');
});

it.each([undefined, null, '', ' \n\t', 5, [], {}])('readExecuteArguments() refuses the code %j', (code) => {
  expect(thrownBy(code === undefined ? {} : { code })).toEqual(refused("Missing 'code' argument"));
});

it('readExecuteArguments() refuses code that is too long, counted in bytes', () => {
  const max = DEFAULT_SETTINGS.limits.sourceBytes;
  expect(read({ code: 'x'.repeat(max) }).code).toHaveLength(max);
  expect(thrownBy({ code: `${'x'.repeat(max - 1)}é` })).toEqual(
    refused(`'code' has ${max + 1} bytes, at most ${max} are taken`),
  );
});

it('readExecuteArguments() refuses code with half of a surrogate pair', () => {
  expect(thrownBy({ code: 'return "\ud800"' })).toEqual(refused(/surrogate/));
});

it.each([
  ['ruby', "'language' must be one of typescript, javascript"],
  [5, "'language' must be one of typescript, javascript"],
  ['TypeScript', "'language' must be one of typescript, javascript"],
  ['python', 'python is not available here: use typescript or javascript'],
])('readExecuteArguments() refuses the language %j', (language, message) => {
  expect(thrownBy({ code: '1', language })).toEqual(refused(message));
});

it('readExecuteArguments() takes python where the engine has it', () => {
  expect(read({ code: '1', language: 'python' }, ['typescript', 'javascript', 'python']).language).toBe(
    'python',
  );
});

it.each(['a', 'My-Session_1.2', '0', 'x'.repeat(64)])(
  'readExecuteArguments() takes the session %j',
  (session) => {
    expect(read({ code: '1', session }).session).toBe(session);
  },
);

it.each(['', 'a b', '../x', 'é', 'x'.repeat(65), '.hidden', 'a\n', 5, ['a']])(
  'readExecuteArguments() refuses the session %j',
  (session) => {
    expect(thrownBy({ code: '1', session })).toEqual(refused(/[Ss]ession/));
  },
);

it('readExecuteArguments() takes each server once, in order [S3-35]', () => {
  expect(read({ code: '1', servers: ['b', 'a', 'b', 'A'] }).servers).toEqual(['b', 'a', 'A']);
});

it.each([
  ['github', "'servers' must be a list"],
  [{ 0: 'a' }, "'servers' must be a list"],
  [['a', 5], "'servers' must be a list of names of servers"],
  [['a', ''], "'servers' must be a list of names of servers"],
  [Array.from({ length: 65 }, (_, i) => `s${i}`), "'servers' has 65 names, at most 64 are taken"],
])('readExecuteArguments() refuses the servers %j', (servers, message) => {
  expect(thrownBy({ code: '1', servers })).toEqual(refused(message));
});

it.each([
  [1, 1],
  [0, 1],
  [-5, 1],
  [120, 120],
  [121, 120],
  [1e9, 120],
])('readExecuteArguments() brings the timeout %j to %j', (timeout, expected) => {
  expect(read({ code: '1', timeout }).timeout).toBe(expected);
});

it.each(['30', 1.5, true, [], 1e300 * 1e300])('readExecuteArguments() refuses the timeout %j', (timeout) => {
  expect(thrownBy({ code: '1', timeout })).toEqual(refused("'timeout' must be an integer"));
});

it.each([
  ['run', { kind: 'run' }],
  ['preview', { kind: 'preview' }],
  [`apply:${PLAN}`, { kind: 'apply', plan: PLAN }],
])('readExecuteArguments() reads the mode %j', (mode, expected) => {
  expect(read({ code: '1', mode }).mode).toEqual(expected);
});

it.each([
  'Run',
  'apply',
  'apply:',
  `apply:${PLAN.slice(0, -1)}`,
  `apply:${PLAN.toUpperCase()}`,
  ` apply:${PLAN}`,
  5,
  {},
])('readExecuteArguments() refuses the mode %j', (mode) => {
  expect(thrownBy({ code: '1', mode })).toEqual(refused(/^'mode' must be 'run', 'preview'/));
});

it.each([
  ['server', "Unknown argument 'server'; did you mean 'servers'?"],
  ['Code ', "Unknown argument 'Code'; did you mean 'code', 'mode'?"],
  ['zzzzzzzz', "Unknown argument 'zzzzzzzz'; there are code, language, session, servers, timeout, mode"],
])('readExecuteArguments() refuses the argument %j and names the nearest', (name, message) => {
  expect(thrownBy({ code: '1', [name]: 1 })).toEqual(refused(message));
});

it('readExecuteArguments() takes no member that arguments inherit or own as __proto__', () => {
  expect(thrownBy(JSON.parse('{"code": "1", "__proto__": {"mode": "preview"}}') as JsonObject)).toEqual(
    refused(/^Unknown argument/),
  );
});

it.each(['preview', `apply:sha256:${'0'.repeat(64)}`])(
  'readExecuteArguments() refuses a session with the mode %s',
  (mode) => {
    expect(thrownBy({ code: '1', session: 'a', mode })).toEqual(
      refused(/'session' goes with mode 'run' only/),
    );
  },
);
