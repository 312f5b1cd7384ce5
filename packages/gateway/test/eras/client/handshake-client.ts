import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolResultSchema,
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { JsonObject } from '@smcp/protocol';
import { CALL_TIMEOUT_MS, type CallOptions, type EraClient, type TaskEnd } from './era-client.ts';
import { tap } from './tap.ts';
import { User } from './user.ts';

/** The official client of the first generation, which opens with `initialize`. */
export async function connectHandshakeClient(transport: Transport): Promise<EraClient> {
  const user = new User();
  const received: JsonObject[] = [];
  const client = new Client(
    { name: 'handshake-client', version: '1' },
    { capabilities: { elicitation: { form: {}, url: {} }, sampling: {}, roots: { listChanged: true } } },
  );
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => user.elicit(params));
  client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => user.sample({ ...params }));
  client.setRequestHandler(ListRootsRequestSchema, () => user.roots());
  await client.connect(transport);
  tap(transport, received);

  return {
    era: 'handshake',
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
      user.forget();
    },
    listTools: async () => (await client.listTools()).tools,
    callTool: async (name, args = {}, options = {}) => {
      const params = {
        name,
        arguments: args,
        ...(options.meta === undefined ? {} : { _meta: options.meta }),
      };
      return (await client.callTool(params, CallToolResultSchema, requestOptions(options))) as JsonObject;
    },
    callAsTask: async (name) => await callAsTask(client, name),
    listPrompts: async () => (await client.listPrompts()).prompts,
    getPrompt: async (name, args = {}) => (await client.getPrompt({ name, arguments: args })) as JsonObject,
    listResources: async () => (await client.listResources()).resources,
    listTemplates: async () => (await client.listResourceTemplates()).resourceTemplates,
    readResource: async (uri) => (await client.readResource({ uri })) as JsonObject,
    complete: async (ref, name, value) =>
      (await client.complete({ ref, argument: { name, value } })).completion.values,
    setLogLevel: async (level) => {
      await client.setLoggingLevel(level);
    },
    listen: async ({ uri }) => {
      // Changed lists are told of without being asked.
      if (uri !== undefined) await client.subscribeResource({ uri });
      return {
        [Symbol.asyncDispose]: async () => {
          if (uri !== undefined) await client.unsubscribeResource({ uri });
        },
      };
    },
    [Symbol.asyncDispose]: async () => {
      await client.close();
    },
  };
}

function requestOptions({ signal, onProgress }: CallOptions) {
  return {
    timeout: CALL_TIMEOUT_MS,
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onprogress: onProgress }),
  };
}

/** As a task of 2025-11-25 where the tool is listed as one and the server takes such calls. */
async function callAsTask(client: Client, name: string): Promise<TaskEnd> {
  const listed = (await client.listTools()).tools.find((tool) => tool.name === name);
  const support = listed?.execution?.taskSupport ?? 'forbidden';
  const offered = client.getServerCapabilities()?.tasks?.requests?.tools?.call !== undefined;
  if (support === 'forbidden' || !offered) {
    return { result: (await client.callTool({ name, arguments: {} })) as JsonObject, task: false };
  }
  let task = false;
  const options = { task: { ttl: 60_000 } };
  for await (const message of client.experimental.tasks.callToolStream(
    { name, arguments: {} },
    CallToolResultSchema,
    options,
  )) {
    if (message.type === 'taskCreated') task = true;
    if (message.type === 'result') return { result: message.result as JsonObject, task };
    if (message.type === 'error') throw message.error;
  }
  throw new Error('The task ended without a result');
}
