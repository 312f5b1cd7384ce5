import { setTimeout as sleep } from 'node:timers/promises';
import { Client, ProtocolError, type Transport } from '@modelcontextprotocol/client';
import { isJsonObject, META, TASKS_EXTENSION, type JsonObject } from '@smcp/protocol';
import { CALL_TIMEOUT_MS, type EraClient, type TaskEnd } from './era-client.ts';
import { tap } from './tap.ts';
import { User } from './user.ts';
import { waitUntil } from '../harness/wait-until.ts';

const INFO = { name: 'modern-client', version: '1' };
const VERSION = '2026-07-28';
const CAPABILITIES = {
  elicitation: { form: {}, url: {} },
  sampling: {},
  roots: {},
  extensions: { [TASKS_EXTENSION]: {} },
};

/** The official client of the second generation, held to 2026-07-28. */
export async function connectModernClient(transport: Transport): Promise<EraClient> {
  const user = new User();
  const received: JsonObject[] = [];
  const client = new Client(INFO, {
    capabilities: CAPABILITIES,
    versionNegotiation: { mode: { pin: VERSION } },
  });
  client.setRequestHandler('elicitation/create', ({ params }) => user.elicit(params));
  client.setRequestHandler('sampling/createMessage', ({ params }) => user.sample({ ...params }));
  client.setRequestHandler('roots/list', () => user.roots());
  await client.connect(transport);
  tap(transport, received);
  let logLevel: string | undefined;

  return {
    era: 'modern',
    received,
    asked: user.asked,
    get answers() {
      return user.answers;
    },
    set answers(answers) {
      user.answers = answers;
    },
    forget: () => {
      received.length = 0;
      logLevel = undefined;
      user.forget();
    },
    listTools: async () => (await client.listTools()).tools,
    callTool: async (name, args = {}, { meta, signal, onProgress } = {}) => {
      const _meta = { ...meta, ...(logLevel === undefined ? {} : { [META.logLevel]: logLevel }) };
      const options = {
        timeout: CALL_TIMEOUT_MS,
        ...(signal === undefined ? {} : { signal }),
        ...(onProgress === undefined ? {} : { onprogress: onProgress }),
      };
      return (await client.callTool({ name, arguments: args, _meta }, options)) as JsonObject;
    },
    callAsTask: async (name) => await callAsTask(transport, received, name),
    listPrompts: async () => (await client.listPrompts()).prompts,
    getPrompt: async (name, args = {}) => (await client.getPrompt({ name, arguments: args })) as JsonObject,
    listResources: async () => (await client.listResources()).resources,
    listTemplates: async () => (await client.listResourceTemplates()).resourceTemplates,
    readResource: async (uri) => (await client.readResource({ uri })) as JsonObject,
    complete: async (ref, name, value) =>
      (await client.complete({ ref, argument: { name, value } })).completion.values,
    setLogLevel: async (level) => {
      logLevel = level;
    },
    listen: async ({ list, uri }) => {
      const open = await client.listen({
        ...(list === undefined ? {} : { [`${list}ListChanged`]: true }),
        ...(uri === undefined ? {} : { resourceSubscriptions: [uri] }),
      });
      return { [Symbol.asyncDispose]: async () => await open.close() };
    },
    [Symbol.asyncDispose]: async () => {
      await client.close();
    },
  };
}

/** The tasks extension over the bare transport of the SDK, as its client does not know results that are tasks. */
async function callAsTask(transport: Transport, received: JsonObject[], name: string): Promise<TaskEnd> {
  const request = async (method: string, params: JsonObject): Promise<JsonObject> => {
    const id = `task-${crypto.randomUUID()}`;
    const _meta = {
      [META.protocolVersion]: VERSION,
      [META.clientInfo]: INFO,
      [META.clientCapabilities]: CAPABILITIES,
    };
    await transport.send({ jsonrpc: '2.0', id, method, params: { ...params, _meta } });
    const answer = await waitUntil(`an answer to ${method}`, () =>
      received.find((message) => message['id'] === id),
    );
    const error = answer['error'];
    if (isJsonObject(error)) throw new ProtocolError(Number(error['code']), JSON.stringify(error['message']));
    return answer['result'] as JsonObject;
  };
  let current = await request('tools/call', { name, arguments: {} });
  if (current['resultType'] !== 'task') return { result: current, task: false };
  const taskId = current['taskId'] as string;
  while (current['status'] !== 'completed') {
    if (current['status'] !== 'working') throw new Error(`The task is ${JSON.stringify(current['status'])}`);
    await sleep(50);
    current = await request('tasks/get', { taskId });
  }
  return { result: current['result'] as JsonObject, task: true };
}
