import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { declareServer, declareUnlistedServer } from '../../src/bindings/declarations.ts';
import { GLOBAL_DECLARATIONS } from '../../src/bindings/globals.ts';
import { freeName } from '../../src/bindings/identifier.ts';
import { nameServers, nameTools } from '../../src/bindings/names.ts';
import { RESERVED_GLOBALS } from '../../src/bindings/reserved-names.ts';
import { schemaType } from '../../src/bindings/schema-type.ts';
import { declareScriptArguments } from '../../src/bindings/script-arguments.ts';
import type { ToolDefinition } from '../../src/tool-host.ts';
import { arbitraryTool } from './arbitrary-schema.ts';
import { compile } from './compile.ts';
import { BREAKOUTS, hostileTool } from './hostile-tools.ts';
import { HOSTILE_SCHEMAS, SCHEMA_CORPUS } from './schema-corpus.ts';

const OPTIONS = { maxDescriptionChars: 1000 };

/** Declarations of servers by name, each in a file of its own, with the globals. */
function declarationsOf(
  servers: Readonly<Record<string, readonly ToolDefinition[]>>,
): Record<string, string> {
  const files: Record<string, string> = { 'globals.d.ts': GLOBAL_DECLARATIONS };
  const named = nameServers(Object.keys(servers));
  for (const [index, server] of named.entries()) {
    files[`server-${index}.d.ts`] = declareServer(
      server,
      nameTools(servers[server.name] ?? []),
      OPTIONS,
    ).text;
  }
  return files;
}

/** What the compiler refuses of a script, and of the declarations. */
async function refused(files: Record<string, string>, script: string): Promise<readonly string[]> {
  const errors = await compile({ ...files, 'script.ts': script });
  const found = errors.map((error) =>
    error.file === 'script.ts' ? lineOf(script, error.line) : `${error.file}: ${error.message}`,
  );
  return [...new Set(found)];
}

/** The lines that it should refuse. */
function toRefuse(script: string): readonly string[] {
  const lines = script.split('\n').map((_, index) => lineOf(script, index + 1));
  return lines.filter((line) => line.endsWith('// refused'));
}

function lineOf(text: string, line: number): string {
  return `${line}: ${text.split('\n')[line - 1] ?? ''}`;
}

const LIST_ISSUES: ToolDefinition = {
  name: 'list-issues',
  description: 'Lists issues',
  inputSchema: {
    type: 'object',
    properties: {
      owner: { type: 'string' },
      state: { enum: ['open', 'closed'] },
      labels: { type: 'array', items: { type: 'string' } },
    },
    required: ['owner'],
  },
  outputSchema: {
    type: 'object',
    properties: { issues: { type: 'array', items: { $ref: '#/$defs/issue' } } },
    required: ['issues'],
    $defs: {
      issue: { type: 'object', properties: { title: { type: 'string' }, extra: {} }, required: ['title'] },
    },
  },
};
const SEARCH: ToolDefinition = {
  name: 'search',
  inputSchema: { type: 'object', properties: { q: { type: 'string' } } },
};
const PING: ToolDefinition = { name: 'ping', inputSchema: { type: 'object', properties: {} } };
const THEN: ToolDefinition = { name: 'then', inputSchema: { type: 'object' } };

describe('declareServer()', () => {
  it('declareServer() lets the compiler take what fits the schemas and refuse what does not', async () => {
    let declarations = '';
    const script: string[] = [];
    for (const [
      index,
      { name, schema, of = 'arguments', accepts, refuses = [] },
    ] of SCHEMA_CORPUS.entries()) {
      const taken = new Set<string>(['Whole']);
      const type = schemaType(schema, {
        of,
        name: 'Whole',
        nameFor: (hint) => freeName(hint, taken),
        indent: '',
        maxCommentChars: 200,
      });
      const types = [{ name: 'Whole', text: type.text }, ...type.parts];
      declarations += `declare namespace case${index} {\n${types.map((one) => `type ${one.name} = ${one.text};`).join('\n')}\n}\n`;
      script.push(`// ${name}`);
      const line = (value: string, n: number, end: string): string =>
        `{ const v${n}: case${index}.Whole = ${value}; }${end}`;
      script.push(...accepts.map((value, n) => line(value, n, '')));
      script.push(...refuses.map((value, n) => line(value, n, ' // refused')));
    }
    const text = script.join('\n');
    expect(await refused({ 'cases.d.ts': declarations }, text)).toEqual(toRefuse(text));
  });

  it('declareServer() types calls by method, snake name, raw name, table and call()', async () => {
    const files = {
      ...declarationsOf({ 'GitHub Enterprise': [LIST_ISSUES, SEARCH, PING, THEN], add: [PING], empty: [] }),
      'unlisted.d.ts': declareUnlistedServer(nameServers(['jira'])[0]!).text,
      'args.d.ts': declareScriptArguments(LIST_ISSUES.inputSchema, OPTIONS),
    };
    const script = `
const { issues } = await gitHubEnterprise.listIssues({ owner: 'a', state: 'open', labels: ['x'] });
const titles: string[] = issues.map((issue) => issue.title.toUpperCase() + issue.extra.anything);
issues[0]!.titel; // refused
await gitHubEnterprise.list_issues({ owner: 'a' }).then((reply) => reply.issues);
await gitHubEnterprise['list-issues']({ owner: 'a' });
await mcp_git_hub_enterprise.list_issues({ owner: 'a' });
await servers['GitHub Enterprise'].listIssues({ owner: 'a' });
await servers.gitHubEnterprise.listIssues({ owner: 'a' });
await mcp_servers['GitHub Enterprise'].listIssues({ owner: 'a' });
await gitHubEnterprise.listIssues({ owner: 1 }); // refused
await gitHubEnterprise.listIssues({}); // refused
await gitHubEnterprise.listIssues(); // refused
await gitHubEnterprise.listIssues({ owner: 'a', ovner: 'b' }); // refused
await gitHubEnterprise.listIssues({ owner: 'a', state: 'ajar' }); // refused
await gitHubEnterprise.list_issues({ owner: 1 }); // refused
await gitHubEnterprise['list-issues']({ owner: 1 }); // refused
await mcp_git_hub_enterprise.listIssues({ owner: 1 }); // refused
await servers['GitHub Enterprise'].listIssues({ owner: 1 }); // refused
await mcp_servers['GitHub Enterprise'].listIssues({ owner: 1 }); // refused
await gitHubEnterprise.listPulls({ owner: 'a' }); // refused
gitHubEnterprise.listIssues = gitHubEnterprise.listIssues; // refused
(await gitHubEnterprise.listIssues.raw({ owner: 'a' })).content[0]!.text;
await gitHubEnterprise.listIssues.raw({ owner: 1 }); // refused
(await gitHubEnterprise.list_issues.raw({ owner: 'a' })).issues; // refused
await gitHubEnterprise.search();
await gitHubEnterprise.search({});
(await gitHubEnterprise.search({ q: 'a' })).what.ever[0];
await gitHubEnterprise.search.raw();
await gitHubEnterprise.search({ q: 1 }); // refused
await gitHubEnterprise.ping();
await gitHubEnterprise.ping({});
await gitHubEnterprise.ping({ a: 1 }); // refused
await gitHubEnterprise.then_({ a: 1 });
gitHubEnterprise.then; // refused
(await gitHubEnterprise).listIssues;
const own: gitHubEnterprise.ListIssuesArgs = { owner: 'a' };
const issue: gitHubEnterprise.ListIssuesIssue = { titel: 'a' }; // refused
await empty.anything(); // refused
await jira.createIssue({ any: 'thing' }).then((reply) => reply.key.toUpperCase());
await jira.createIssue('text'); // refused
await mcp_jira.create_issue();
await servers['not yet known'].tool({ a: 1 });
await servers.add({ name: 'x', url: 'https://x.example' });
await servers.add({ url: 'https://x.example' }); // refused
await mcp_servers.add.ping();
await call('GitHub Enterprise', 'list-issues', { owner: 'a' }).then((reply) => reply.issues[0]!.title);
await call('gitHubEnterprise', 'list_issues', { owner: 'a' }).then((reply) => reply.issues);
await call('GitHub Enterprise', 'list-issues', { owner: 1 }); // refused
await call('GitHub Enterprise', 'list-issues', { owner: 'a', ovner: 1 }); // refused
await call('GitHub Enterprise', 'list-issues'); // refused
await call('GitHub Enterprise', 'list-issues', { owner: 'a' }).then((reply) => reply.isues); // refused
await call('GitHub Enterprise', 'list-issues', { owner: 'a' }, { raw: true }).then((reply) => reply.content);
await call('GitHub Enterprise', 'list-issues', { owner: 'a' }, { raw: true }).then((reply) => reply.issues); // refused
await call('GitHub Enterprise', 'list-issues', { owner: 'a' }, { raw: false }).then((reply) => reply.issues);
await call('GitHub Enterprise', 'list-issues', { owner: 'a' }, { row: true }); // refused
await call('GitHub Enterprise', 'ping');
await call('GitHub Enterprise', 'then', { a: 1 });
await callTool('other', 'tool', { a: 1 }).then((reply) => reply.a.b);
await call_tool('other', 'tool');
await call_tool('other', 'tool', 1); // refused
const [server, tool]: string[] = ['a', 'b'];
await call(server!, tool!, { a: 1 });
await call({ server: 'a', tool: 'b', args: { c: 1 } });
args.owner.toUpperCase();
args.ovner; // refused
const all = await Promise.all(['a', 'b'].map((owner) => gitHubEnterprise.listIssues({ owner })));
all[0]!.issues;
{ const gitHubEnterprise = 1; gitHubEnterprise + 1; }
export {};
`;
    expect(await refused(files, script)).toEqual(toRefuse(script));
  });

  it('declareServer() gives declarations that compile and declare nothing else, whatever the servers say (A02, A04, A14)', async () => {
    const random = fc.sample(arbitraryTool, 150);
    const files = declarationsOf({
      hostile: BREAKOUTS.map(hostileTool),
      schemas: HOSTILE_SCHEMAS.map(({ name, schema }) => ({
        name,
        inputSchema: schema,
        outputSchema: schema,
      })),
      reserved: [...RESERVED_GLOBALS, 'Promise', 'Record', 'ToolFunction'].map((name) => ({ ...PING, name })),
      random,
      ...Object.fromEntries(BREAKOUTS.map((name) => [name, [PING, LIST_ISSUES]])),
      ...Object.fromEntries([...RESERVED_GLOBALS, 'Promise', 'Map'].map((name) => [`${name} `, [PING]])),
    });
    // Uses each, so that no type stays unresolved; a leak would make one of the refused lines compile.
    const used = ['hostile', 'schemas', 'reserved', 'random'].map((server) => {
      const named = nameTools(
        { hostile: BREAKOUTS.map(hostileTool), schemas: [], reserved: [], random }[server] ?? [],
      );
      return named
        .map(
          ({ alias }) =>
            `{ const tool = ${server}.${alias}; type A = Parameters<typeof tool>[0]; const value = {} as A & object; void value; }`,
        )
        .join('\n');
    });
    const script = `${used.join('\n')}\nPWNED; // refused\ndenwp; // refused\nexport {};\n`;
    expect(await refused(files, script)).toEqual(toRefuse(script));
  });
});

describe('GLOBAL_DECLARATIONS', () => {
  it('GLOBAL_DECLARATIONS types the helpers in both spellings and by position', async () => {
    const script = `
const names: string[] = discoveredServers();
const described: string = discovered_servers({ detailed: true })[0]!.description + discoveredServers(true)[0]!.name;
discoveredServers({ detailed: 1 }); // refused
const loaded: string[] = [...(await listServers()), ...(await runtime.list_servers())];
(await listTools('a'))[0]!.toolAlias;
await list_tools(); // refused
(await queryToolDocs('a', { tool: 'x', detail: 'full' })).declaration;
(await query_tool_docs('a', 'x', 'full')).tool;
(await queryToolDocs('a'))[0]!.tool;
(await queryToolDocs('a', { detail: 'full' }))[0]!.tool;
(await queryToolDocs({ server: 'a', tool: 'b' })).tool;
(await queryToolDocs('a')).tool; // refused
await queryToolDocs('a', { detail: 'more' }); // refused
(await searchToolDocs('a', { limit: 3 })).length;
(await search_tool_docs('a', 3, 'full'))[0]!.description;
await searchToolDocs(); // refused
(await describeServer('a')).tools[0]!.input_schema;
(await runtime.listLoadedServerMetadata())[0]!.cwd;
capabilitySummary().toUpperCase() + runtime.capability_summary();
await fetchOutput('out', { from: 1 });
await saveScript({ name: 'a', description: 'b', code: 'return 1', input: { type: 'object' } });
await smcp_save({ function: async (args) => args.a, description: 'b' });
await save_tool(async function total(args) { return args.a; }, { description: 'b' });
await saveScript({ description: 'b' }); // refused
try { await call('a', 'b'); } catch (error) {
  if (error instanceof ToolError && error.code === 'DENIED') console.error(error.server, error.result?.content[0]?.text);
}
console.log(1, 'a'); console.warn({}); console.table([]); console.group(); console.groupEnd();
console.clear(); // refused
const timer = setTimeout((text: string) => console.log(text), 10, 'a'); clearTimeout(timer);
clearInterval(setInterval(() => 1, 5)); queueMicrotask(() => undefined);
new URL('a', 'https://b.example').searchParams.get('c'); new URLSearchParams({ a: 'b' }).toString();
for (const [key, value] of new URLSearchParams('a=b')) key + value;
new TextDecoder().decode(new TextEncoder().encode('a')); atob(btoa('a')); structuredClone({ a: 1 }).a;
crypto.randomUUID().length; crypto.getRandomValues(new Uint8Array(4))[0]; performance.now() + 1;
const controller = new AbortController(); controller.abort(); controller.signal.throwIfAborted();
AbortSignal.any([controller.signal, AbortSignal.timeout(5)]).addEventListener('abort', () => 1, { once: true });
new AbortSignal(); // refused
if (new DOMException('a', 'AbortError').code === 20) new EventTarget().dispatchEvent(new Event('a'));
await runtime.call('a', 'b', {}); runtime.call_tool;
fetch('https://a.example'); // refused
require('node:fs'); // refused
process.env; // refused
document.cookie; // refused
export {};
`;
    expect(await refused({ 'globals.d.ts': GLOBAL_DECLARATIONS }, script)).toEqual(toRefuse(script));
  });
});
