/** How a published MCP server is started so that it lists its tools: without credentials of anyone, without a network. */
export interface CapturedPackage {
  /** Name of the file and of the server in measurements. */
  readonly server: string;
  readonly package: string;
  /** As its `package.json`, or where that names no identifier, its LICENSE or README tells. */
  readonly licence: 'MIT' | 'Apache-2.0';
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const NOBODY = 'not-a-credential';

export const PACKAGES: readonly CapturedPackage[] = [
  {
    server: 'brave-search',
    package: '@brave/brave-search-mcp-server',
    licence: 'MIT',
    args: ['--transport', 'stdio'],
    env: { BRAVE_API_KEY: NOBODY },
  },
  { server: 'chrome-devtools', package: 'chrome-devtools-mcp', licence: 'Apache-2.0' },
  { server: 'context7', package: '@upstash/context7-mcp', licence: 'MIT' },
  { server: 'everything', package: '@modelcontextprotocol/server-everything', licence: 'MIT' },
  { server: 'exa', package: 'exa-mcp-server', licence: 'MIT', env: { EXA_API_KEY: NOBODY } },
  { server: 'filesystem', package: '@modelcontextprotocol/server-filesystem', licence: 'MIT', args: ['.'] },
  { server: 'firecrawl', package: 'firecrawl-mcp', licence: 'MIT', env: { FIRECRAWL_API_KEY: NOBODY } },
  {
    server: 'github',
    package: '@modelcontextprotocol/server-github',
    licence: 'MIT',
    env: { GITHUB_PERSONAL_ACCESS_TOKEN: NOBODY },
  },
  {
    server: 'gitlab',
    package: '@modelcontextprotocol/server-gitlab',
    licence: 'MIT',
    env: { GITLAB_PERSONAL_ACCESS_TOKEN: NOBODY },
  },
  { server: 'memory', package: '@modelcontextprotocol/server-memory', licence: 'MIT' },
  {
    server: 'mongodb',
    package: 'mongodb-mcp-server',
    licence: 'Apache-2.0',
    env: { MDB_MCP_API_CLIENT_ID: NOBODY, MDB_MCP_API_CLIENT_SECRET: NOBODY, MDB_MCP_TELEMETRY: 'disabled' },
  },
  { server: 'notion', package: '@notionhq/notion-mcp-server', licence: 'MIT', env: { NOTION_TOKEN: NOBODY } },
  {
    server: 'playwright',
    package: '@playwright/mcp',
    licence: 'Apache-2.0',
    args: ['--caps=vision,pdf,testing,network,storage,devtools'],
  },
  { server: 'puppeteer', package: '@modelcontextprotocol/server-puppeteer', licence: 'MIT' },
  {
    server: 'sequential-thinking',
    package: '@modelcontextprotocol/server-sequential-thinking',
    licence: 'MIT',
  },
  {
    server: 'slack',
    package: '@modelcontextprotocol/server-slack',
    licence: 'MIT',
    env: { SLACK_BOT_TOKEN: NOBODY, SLACK_TEAM_ID: NOBODY },
  },
  { server: 'tavily', package: 'tavily-mcp', licence: 'MIT', env: { TAVILY_API_KEY: NOBODY } },
];
