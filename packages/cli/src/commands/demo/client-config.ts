/** Configuration to paste into the MCP clients that people use. */
interface ClientConfig {
  readonly client: string;
  readonly where: string;
  readonly text: string;
}

function clientConfigs(url: string, key: string): readonly ClientConfig[] {
  const headers = { Authorization: `Bearer ${key}` };
  const pretty = (value: unknown): string => JSON.stringify(value, undefined, 2);
  return [
    {
      client: 'Claude Code',
      where: 'run this in a terminal',
      text: `claude mcp add --transport http smcp ${url}/mcp --header "Authorization: Bearer ${key}"`,
    },
    {
      client: 'Cursor',
      where: '.cursor/mcp.json',
      text: pretty({ mcpServers: { smcp: { url: `${url}/mcp`, headers } } }),
    },
    {
      client: 'VS Code',
      where: '.vscode/mcp.json',
      text: pretty({ servers: { smcp: { type: 'http', url: `${url}/mcp`, headers } } }),
    },
  ];
}

/** Everything a person needs to connect a client. */
export function connectionText(url: string, key: string): string {
  const blocks = clientConfigs(url, key).map(
    ({ client, where, text }) => `${client} (${where}):\n\n${text.replaceAll(/^/gm, '  ')}\n`,
  );
  return `\nThe gateway is up. Give it to your own client:\n\n  URL  ${url}/mcp, or ${url}/code for one tool that runs scripts over all of them\n  Key  ${key}\n\n${blocks.join('\n')}\nCtrl-C ends it.`;
}
