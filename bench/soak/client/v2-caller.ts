import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { CallFailed, kindOf, PATIENCE_MS, TOOL_ERROR, type Address, type Caller } from './caller.ts';

/** A client that finds out by itself what the other side speaks. */
export async function openV2Caller({ url, key }: Address): Promise<Caller> {
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { authorization: `Bearer ${key}` } },
  });
  const client = new Client({ name: 'soak-v2', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(transport);
  return {
    call: async (name, args) => {
      const result = await client
        .request({ method: 'tools/call', params: { name, arguments: args } }, { timeout: PATIENCE_MS })
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
