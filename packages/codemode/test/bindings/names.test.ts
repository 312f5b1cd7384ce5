import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memberNames, nameServers, nameTools, resolveServer, resolveTool } from '../../src/bindings/names.ts';
import { RESERVED_GLOBALS, UNSAFE_MEMBERS } from '../../src/bindings/reserved-names.ts';
import type { NamedTool } from '../../src/bindings/named.ts';

const tools = (...names: readonly string[]): readonly NamedTool[] =>
  nameTools(names.map((name) => ({ name, inputSchema: { type: 'object' } })));
const aliases = (...names: readonly string[]): string[] => tools(...names).map((tool) => tool.alias);
const snakes = (...names: readonly string[]): string[] => tools(...names).map((tool) => tool.snake);
const servers = (...names: readonly string[]): string[] => nameServers(names).map((server) => server.alias);

const rawName = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'A', 'b', '_', '-', '2', ' '), maxLength: 6 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(...RESERVED_GLOBALS, ...UNSAFE_MEMBERS, 'then_', 'then-2', 'mcp_servers', '💥', ''),
);
const rawNames = fc.uniqueArray(rawName, { maxLength: 25 });

describe('nameTools()', () => {
  it.each([
    ['list_issues', 'listIssues', 'list_issues'],
    ['list-issues', 'listIssues', 'list_issues'],
    ['list issues', 'listIssues', 'list_issues'],
    ['listIssues', 'listIssues', 'list_issues'],
    ['ListIssues', 'listIssues', 'list_issues'],
    ['LIST_ISSUES', 'listIssues', 'list_issues'],
    ['issues/list.v2', 'issuesListV2', 'issues_list_v2'],
    ['getURLOfPage', 'getURLOfPage', 'get_url_of_page'],
    ['URLOfPage', 'urlOfPage', 'url_of_page'],
    ['API-get-user', 'apiGetUser', 'api_get_user'],
    ['__private__', 'private', 'private'],
    ['delete', 'delete', 'delete'],
    ['raw', 'raw', 'raw'],
    ['2fa', '_2fa', '_2fa'],
    ['créer_tâche', 'creerTache', 'creer_tache'],
    ['ｆｕｌｌ', 'full', 'full'],
  ])('nameTools() calls %j %s and %s', (name, alias, snake) => {
    expect(tools(name)).toMatchObject([{ alias, snake }]);
  });

  it.each([['💥'], [''], ['---'], ['\u200b'], ['\u202e'], ['поиск'], ['検索']])(
    'nameTools() finds a name for %j, of which nothing is left',
    (name) => {
      expect(tools(name)).toMatchObject([{ alias: 'tool', snake: 'tool' }]);
    },
  );

  it('nameTools() leaves out what cannot be seen and what looks like another letter (A04)', () => {
    expect(aliases('list\u200bIssues', 'l\u202eist', 'tag\u{e0041}ged')).toEqual([
      'listIssues',
      'list',
      'tagged',
    ]);
    // The first is Cyrillic.
    expect(aliases('раypal', 'paypal')).toEqual(['ypal', 'paypal']);
  });

  it.each(['then', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', 'toJSON', 'isPrototypeOf'])(
    'nameTools() gives no method the name %s, which the language itself would call',
    (name) => {
      expect(tools(name)).toMatchObject([{ alias: `${name}_` }]);
      expect(memberNames(tools(name)[0]!)).not.toContain(name);
    },
  );

  it('nameTools() gives no member of __proto__', () => {
    expect(memberNames(tools('__proto__')[0]!)).toEqual(['proto']);
    expect(memberNames(tools('__defineGetter__')[0]!)).toEqual(['defineGetter', 'define_getter']);
  });

  it('nameTools() lets the one that is exactly its raw name win, and numbers the others', () => {
    expect(aliases('list-issues', 'list_issues', 'listIssues')).toEqual([
      'listIssues2',
      'listIssues3',
      'listIssues',
    ]);
    expect(snakes('list-issues', 'list_issues', 'listIssues')).toEqual([
      'list_issues_2',
      'list_issues',
      'list_issues_3',
    ]);
  });

  it('nameTools() counts past a number that is a raw name', () => {
    expect(aliases('a-b', 'a b', 'aB2', 'a.b')).toEqual(['aB', 'aB3', 'aB2', 'aB4']);
  });

  it('nameTools() tells tools apart that have one and the same name', () => {
    expect(aliases('x', 'x', 'x')).toEqual(['x', 'x2', 'x3']);
  });

  it('nameTools() keeps identifiers short and tells long ones apart', () => {
    const [first = '', second = ''] = aliases(`${'x'.repeat(300)}1`, `${'x'.repeat(300)}2`);
    expect(first).toHaveLength(64);
    expect(second).toBe(`${first}2`);
  });

  it('nameTools() names 20,000 tools that clash in less than a second', () => {
    const started = performance.now();
    const named = aliases(...Array.from({ length: 20_000 }, (_, n) => '-'.repeat(n % 50)));
    expect(new Set(named).size).toBe(20_000);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('nameTools() gives identifiers of ASCII letters, digits and underscores, none twice, none of another tool', () => {
    fc.assert(
      fc.property(rawNames, (names) => {
        const named = tools(...names);
        const owners = new Map<string, NamedTool>();
        for (const tool of named) {
          expect(tool.alias).toMatch(/^[a-z_][A-Za-z0-9_]*$/);
          expect(tool.snake).toMatch(/^[a-z_][a-z0-9_]*$/);
          for (const member of memberNames(tool)) {
            expect(UNSAFE_MEMBERS.has(member)).toBe(false);
            expect(owners.has(member)).toBe(false);
            owners.set(member, tool);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('nameTools() changes nothing when tools are added at the end, unless one is exactly a name given before', () => {
    fc.assert(
      fc.property(rawNames, fc.nat(), (names, at) => {
        const before = tools(...names.slice(0, at % (names.length + 1)));
        const given = new Set(before.flatMap((tool) => [tool.alias, tool.snake]));
        fc.pre(names.slice(before.length).every((name) => !given.has(name)));
        expect(tools(...names).slice(0, before.length)).toEqual(before);
      }),
      { numRuns: 500, maxSkipsPerRun: 1000 },
    );
  });
});

describe('nameServers()', () => {
  it.each([
    ['github', 'github', 'github'],
    ['google-drive', 'googleDrive', 'google_drive'],
    ['Promise', 'promise', 'promise'],
    ['Map', 'map', 'map'],
    ['fetch', 'fetch', 'fetch'],
    ['undefined', 'undefined_', 'undefined'],
    ['console', 'console_', 'console'],
    ['servers', 'servers_', 'servers_'],
    ['runtime', 'runtime_', 'runtime'],
    ['call', 'call_', 'call'],
    ['call_tool', 'callTool_', 'call_tool'],
    ['args', 'args_', 'args'],
    ['await', 'await_', 'await'],
    ['let', 'let_', 'let'],
    ['type', 'type_', 'type'],
    ['globalThis', 'globalThis_', 'global_this'],
    ['then', 'then_', 'then'],
    ['__proto__', 'proto', 'proto'],
    ['1password', '_1password', '_1password'],
    ['💥', 'server', 'server'],
  ])('nameServers() calls %j %s and mcp_%s', (name, alias, snake) => {
    expect(nameServers([name])).toEqual([{ name, alias, snake }]);
  });

  it('nameServers() numbers servers that clash', () => {
    expect(servers('git-hub', 'git_hub', 'gitHub')).toEqual(['gitHub2', 'gitHub3', 'gitHub']);
    expect(servers('let', 'LET')).toEqual(['let_', 'let_2']);
  });

  it('nameServers() gives globals that are free, each once, whatever the names', () => {
    fc.assert(
      fc.property(rawNames, (names) => {
        const named = nameServers(names);
        const globals = named.flatMap(({ alias, snake }) => [alias, `mcp_${snake}`]);
        expect(new Set(globals).size).toBe(globals.length);
        for (const global of globals) {
          expect(RESERVED_GLOBALS.has(global)).toBe(false);
          expect(global).not.toBe('mcp_servers');
          expect(global).toMatch(/^[a-z_][A-Za-z0-9_]*$/);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('resolveTool()', () => {
  const named = tools('list-issues', 'listIssues', 'Then', 'then', 'GET-ME', 'ab', 'AB');

  it.each([
    ['list-issues', 'list-issues'],
    ['listIssues', 'listIssues'],
    ['listIssues2', 'list-issues'],
    ['list_issues', 'list-issues'],
    ['list_issues_2', 'listIssues'],
    ['then', 'then'],
    ['getMe', 'GET-ME'],
    ['get_me', 'GET-ME'],
    ['get-me', 'GET-ME'],
    ['GETME', 'GET-ME'],
    ['ab', 'ab'],
    ['AB', 'AB'],
  ])('resolveTool() takes %j for %j', (asked, name) => {
    expect(resolveTool(named, asked)?.definition.name).toBe(name);
  });

  it.each(['', 'list', '__proto__', 'constructor', 'aB', 'list-issues '])(
    'resolveTool() finds nothing that is called %j, or not only one',
    (asked) => {
      expect(resolveTool(named, asked)).toBeUndefined();
    },
  );

  it('resolveTool() finds every tool by its raw name and by each of its members', () => {
    fc.assert(
      fc.property(rawNames, (names) => {
        const all = tools(...names);
        for (const tool of all) {
          for (const name of [tool.definition.name, ...memberNames(tool)]) {
            expect(resolveTool(all, name)).toBe(tool);
          }
        }
      }),
    );
  });

  it('resolveServer() finds a server by raw name, alias and snake name, in any case', () => {
    const all = nameServers(['Google Drive', 'github']);
    for (const name of ['Google Drive', 'googleDrive', 'google_drive', 'GOOGLE DRIVE', 'googledrive']) {
      expect(resolveServer(all, name)?.name).toBe('Google Drive');
    }
    expect(resolveServer(all, 'drive')).toBeUndefined();
  });
});
