import { describe, expect, it } from 'vitest';
import { readScriptRequest } from '../../src/scripts/script-request.ts';

const SERVERS: Readonly<Record<string, string>> = {
  github: 'github',
  'google-drive': 'google-drive',
  googleDrive: 'google-drive',
};

const read = (value: unknown) =>
  readScriptRequest(value, {
    languages: ['typescript', 'javascript'],
    serverNamed: (name) => (Object.hasOwn(SERVERS, name) ? SERVERS[name] : undefined),
  });

const MINIMAL = { name: 'count_issues', description: 'Counts issues', code: 'return 1' };

const invalid = (message: string | RegExp) =>
  expect.objectContaining({
    name: 'CodeModeError',
    code: 'SCRIPT_INVALID',
    message: typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message),
  });

describe('readScriptRequest()', () => {
  it('reads the least that a script has', () => {
    expect(read(MINIMAL)).toStrictEqual({
      name: 'count_issues',
      description: 'Counts issues',
      language: 'typescript',
      code: 'return 1',
      inputSchema: { type: 'object', properties: {}, additionalProperties: false },
      outputSchema: undefined,
      servers: [],
    });
  });

  it('reads everything that it can have', () => {
    const input = { type: 'object', properties: { owner: { type: 'string' } }, required: ['owner'] };
    const output = { type: 'object', properties: { count: { type: 'integer' } } };
    expect(
      read({
        ...MINIMAL,
        language: 'javascript',
        input,
        output,
        servers: ['googleDrive', 'github', 'google-drive'],
      }),
    ).toMatchObject({
      language: 'javascript',
      inputSchema: input,
      outputSchema: output,
      servers: ['github', 'google-drive'],
    });
  });

  it('takes null for a member that is left out', () => {
    expect(
      read({ ...MINIMAL, language: null, input: null, output: null, servers: null, function: null }),
    ).toEqual(read(MINIMAL));
  });

  it('makes a body of a function', () => {
    const { code: _, ...rest } = MINIMAL;
    expect(read({ ...rest, function: 'async ({a}) => a // end' })).toMatchObject({
      language: 'javascript',
      code: 'return await (async ({a}) => a // end\n)(args);',
    });
  });

  it('copies schemas, so that a later change changes nothing', () => {
    const input = { type: 'object', properties: { a: { type: 'string' } } };
    const script = read({ ...MINIMAL, input });
    input.properties.a.type = 'number';
    expect(script.inputSchema).toMatchObject({ properties: { a: { type: 'string' } } });
  });

  it.each([
    ['nothing', undefined, 'takes one object'],
    ['a list', [MINIMAL], 'takes one object'],
    ['an unknown member', { ...MINIMAL, state: 'approved' }, '"state" is not known'],
    ['a version', { ...MINIMAL, version: 1 }, '"version" is not known'],
    ['an odd unknown member', { ...MINIMAL, '\u202ex': 1 }, '"\\u202ex" is not known'],
    ['no description', { ...MINIMAL, description: undefined }, '"description" is undefined'],
    ['a blank description', { ...MINIMAL, description: ' \n ' }, '"description" has 0 characters'],
    ['a long description', { ...MINIMAL, description: 'x'.repeat(501) }, '"description" has 501 characters'],
    ['half of a letter in the description', { ...MINIMAL, description: 'a\ud800' }, 'surrogate'],
    ['no code', { ...MINIMAL, code: undefined }, 'either "code"'],
    ['code and a function', { ...MINIMAL, function: '() => 1' }, 'either "code"'],
    ['empty code', { ...MINIMAL, code: '' }, '"code" is empty'],
    ['code that is no text', { ...MINIMAL, code: 1 }, '"code" is number'],
    ['half of a letter in code', { ...MINIMAL, code: '"\udc00"' }, 'surrogate'],
    [
      'another language',
      { ...MINIMAL, language: 'python' },
      '"language" is "python", but must be one of typescript',
    ],
    ['a language in other letters', { ...MINIMAL, language: 'TypeScript' }, '"language"'],
    ['servers that are no list', { ...MINIMAL, servers: 'github' }, '"servers" must be a list'],
    ['too many servers', { ...MINIMAL, servers: Array(21).fill('github') }, 'at most 20'],
    ['a server out of reach', { ...MINIMAL, servers: ['github', 'payroll'] }, '"servers" has "payroll"'],
    ['a server that is no text', { ...MINIMAL, servers: [{}] }, '"servers" has object'],
    ['a server named as JavaScript names things', { ...MINIMAL, servers: ['constructor'] }, '"constructor"'],
    [
      'input that is no object schema',
      { ...MINIMAL, input: { type: 'string' } },
      '"input" must be a JSON Schema',
    ],
  ])('refuses %s', (_, value, message) => {
    expect(() => read(value)).toThrow(invalid(message));
  });

  it('counts the code in bytes', () => {
    const comment = (bytes: number) => `//${'é'.repeat((bytes - 2) / 2)}`;
    expect(read({ ...MINIMAL, code: comment(64 * 1024) }).code).toHaveLength(32 * 1024 + 1);
    expect(() => read({ ...MINIMAL, code: comment(64 * 1024 + 2) })).toThrow(
      invalid(/65538 bytes, at most 65536/),
    );
  });
});

describe('names of scripts', () => {
  it.each(['a', 'count_open_issues', 'a1', 'a'.repeat(64), 'smcp', 'thenable'])('may be %s', (name) => {
    expect(read({ ...MINIMAL, name }).name).toBe(name);
  });

  it.each([
    '',
    'A',
    '1a',
    '_a',
    'a-b',
    'a b',
    'a.b',
    'é',
    'a\u200b',
    'a\n',
    'а_cyrillic',
    'a'.repeat(65),
    undefined,
    null,
    7,
    ['a'],
  ])('may not be %j (A04)', (name) => {
    expect(() => read({ ...MINIMAL, name })).toThrow(invalid('"name" is'));
  });

  it.each(['then', 'constructor', 'to_string', 'to_json', 'value_of', 'call_tool', 'servers', 'args'])(
    'may not be %s, which means something else in scripts',
    (name) => {
      expect(() => read({ ...MINIMAL, name })).toThrow(invalid('is reserved'));
    },
  );

  it.each(['smcp_execute', 'smcp_', 'mcp_servers'])('may not be %s, which looks like ours', (name) => {
    expect(() => read({ ...MINIMAL, name })).toThrow(invalid('which is reserved'));
  });
});
