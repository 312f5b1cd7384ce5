import { Client, StreamableHTTPClientTransport, type CallToolResult } from '@modelcontextprotocol/client';

export type Headers = Readonly<Record<string, string>>;

/** The text that a tool answers. */
export async function callTool(
  url: string,
  headers: Headers,
  name: string,
  args: Record<string, unknown>,
): Promise<string> {
  return textOf(
    await withClient(
      `${url}/mcp`,
      headers,
      async (client) => await client.callTool({ name, arguments: args }),
    ),
  );
}

/** The texts of a result; other parts as their kind. */
export function textOf({ content }: CallToolResult): string {
  return content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('\n');
}

/** Connects to an endpoint for as long as `use` takes. */
export async function withClient<T>(
  endpoint: string,
  headers: Headers,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ name: 'smcp-demo', version: '1.0.0' });
  const transport = new StreamableHTTPClientTransport(new URL(endpoint), { requestInit: { headers } });
  await client.connect(transport);
  try {
    return await use(client);
  } finally {
    await transport.terminateSession();
    await client.close();
  }
}
