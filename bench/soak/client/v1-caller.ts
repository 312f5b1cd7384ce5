import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { CallFailed, kindOf, PATIENCE_MS, TOOL_ERROR, type Address, type Caller } from './caller.ts';

/** A client with a session, by the SDK of 2025-11-25. */
export async function openV1Caller({ url, key }: Address): Promise<Caller> {
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { authorization: `Bearer ${key}` } },
  });
  const client = new Client({ name: 'soak-v1', version: '1.0.0' });
  await client.connect(transport);
  return {
    call: async (name, args) => {
      const result = await client
        .request({ method: 'tools/call', params: { name, arguments: args } }, CallToolResultSchema, {
          timeout: PATIENCE_MS,
        })
        .catch((error: unknown) => {
          throw new CallFailed(kindOf(error), { cause: error });
        });
      if (result.isError === true) {
        throw new CallFailed(TOOL_ERROR, { cause: result.content });
      }
    },
    vanish: async () => await client.close(),
    end: async () => {
      await transport.terminateSession();
      await client.close();
    },
  };
}
