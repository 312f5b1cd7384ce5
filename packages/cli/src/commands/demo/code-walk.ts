import type { Tool } from '@modelcontextprotocol/client';
import { isJsonObject, type JsonObject } from '@smcp/protocol';
import { textOf, withClient, type Headers } from './demo-client.ts';
import { attackScript, FIND_SCRIPT, workScript, WRONG_SCRIPT } from './demo-scripts.ts';
import type { Sample } from './sample.ts';
import { savingsText, type Effort } from './savings.ts';
import { refused, shows, type Step } from './step.ts';

const WHO = { who: 'key alice', call: 'smcp_execute' } as const;

/** A script that was run, with everything of it that a model writes or reads. */
interface RanScript {
  readonly result: unknown;
  readonly text: string;
  readonly isError: boolean;
  readonly chars: number;
}

/** The part of the walk that scripts do: one over all servers, what it saves, and what scripts are refused. */
export async function codeWalk(url: string, sample: Sample): Promise<readonly Step[]> {
  const alice = { authorization: `Bearer ${sample.key}` };
  const notes = `${sample.filesFolder}/notes.txt`;
  const script = runWork(url, alice, sample);
  const { facts } = sample;
  return [
    await shows({ title: 'One script', ...WHO }, async () => {
      const { result, text } = (await script).work;
      const sum = (facts.sum / 100).toFixed(2);
      const isRight =
        isJsonObject(result) &&
        result['files'] === facts.files &&
        result['open'] === facts.open &&
        result['sum'] === sum;
      return [
        isRight
          ? `${facts.files + 3} calls of three servers, one value back: ${facts.open} of the orders in ${facts.files} files are open, ${sum} EUR`
          : text,
        isRight,
      ];
    }),
    await shows({ title: 'What it saves', ...WHO, call: 'the same as plain calls' }, async () => {
      const calls = await plainCalls(url, alice, sample);
      const [few, many] = [(await script).effort, calls];
      return [savingsText(few, many), few.chars < many.chars && few.roundTrips < many.roundTrips];
    }),
    await refused(
      { title: 'Wrong script', ...WHO },
      'Check failed: 1 error; nothing was run',
      async () => await failing(url, alice, WRONG_SCRIPT),
    ),
    ...(await attempts(url, alice, notes)),
  ];
}

/** Finds the tools, then does the work: what a model does that knows nothing of the servers. */
async function runWork(
  url: string,
  headers: Headers,
  { filesFolder }: Sample,
): Promise<{ readonly work: RanScript; readonly effort: Effort }> {
  return await withClient(`${url}/code`, headers, async (client) => {
    const { tools } = await client.listTools();
    const found = await run(client, FIND_SCRIPT);
    const work = await run(client, workScript(filesFolder));
    if (!found.text.includes('files.readTextFile('))
      throw new Error(`The tools were not found: ${found.text}`);
    return { work, effort: { roundTrips: 3, chars: charsOf(tools) + found.chars + work.chars } };
  });
}

/** The same work as calls one by one, which are made, so that what comes back is counted as it is. */
async function plainCalls(url: string, headers: Headers, { filesFolder, facts }: Sample): Promise<Effort> {
  return await withClient(`${url}/mcp`, headers, async (client) => {
    const { tools } = await client.listTools();
    const message = `${facts.open} orders over ${(facts.sum / 100).toFixed(2)} EUR are open`;
    const entity = { name: 'open orders', entityType: 'figure', observations: [message] };
    const weeks = Array.from({ length: facts.files }, (_, index) => `${filesFolder}/week-${index + 1}.txt`);
    const calls: readonly (readonly [string, Record<string, unknown>])[] = [
      ['files_list_directory', { path: filesFolder }],
      ...weeks.map((path) => ['files_read_text_file', { path }] as const),
      ['memory_create_entities', { entities: [entity] }],
      ['everything_echo', { message }],
    ];
    let chars = charsOf(tools);
    for (const [name, args] of calls) {
      const result = await client.callTool({ name, arguments: args });
      chars += JSON.stringify({ name, args }).length + textOf(result).length;
    }
    return { roundTrips: calls.length + 1, chars };
  });
}

/** What a model is given of tools. */
function charsOf(tools: readonly Tool[]): number {
  const shown = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  return JSON.stringify(shown).length;
}

/** Each attempt that a hostile script makes is a step of its own. */
async function attempts(url: string, headers: Headers, file: string): Promise<readonly Step[]> {
  const labels = { title: 'Refused in a script', ...WHO };
  let tried: JsonObject;
  try {
    const { result, text } = await withClient(
      `${url}/code`,
      headers,
      async (client) => await run(client, attackScript(file)),
    );
    if (!isJsonObject(result)) throw new Error(text);
    tried = result;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [{ ...labels, result: `failed: ${message.slice(0, 300)}`, ok: false }];
  }
  const step = (what: string, expected: string, denied?: string): Step => {
    const said = tried[what];
    const ok = typeof said === 'string' && said.includes(expected);
    return {
      ...labels,
      call: what,
      result: ok ? `refused: ${said}` : JSON.stringify(said ?? 'not tried'),
      ok,
      ...(denied === undefined ? {} : { denied }),
    };
  };
  return [
    step('change a file', "Tool 'edit_file' not found", 'files:edit_file'),
    step('reach the network', 'is not a function'),
    step('start a process', 'of undefined'),
    step('leave the sandbox', 'process is not defined'),
  ];
}

async function failing(url: string, headers: Headers, code: string): Promise<string> {
  const { isError, text } = await withClient(
    `${url}/code`,
    headers,
    async (client) => await run(client, code),
  );
  if (isError) throw new Error(text);
  return text;
}

async function run(
  client: Parameters<Parameters<typeof withClient>[2]>[0],
  code: string,
): Promise<RanScript> {
  const answer = await client.callTool({ name: 'smcp_execute', arguments: { code } });
  const text = textOf(answer);
  const structured: unknown = answer.structuredContent;
  return {
    result: isJsonObject(structured) ? structured['result'] : undefined,
    text,
    isError: answer.isError === true,
    chars: code.length + text.length,
  };
}
