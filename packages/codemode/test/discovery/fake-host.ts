import type { JsonObject } from '@smcp/protocol';
import { CodeModeError } from '../../src/code-mode-error.ts';
import type { ServerSummary, ToolDefinition } from '../../src/tool-host.ts';

/** One server behind a fake host; the test may change it at any time. */
export interface FakeServer extends ServerSummary {
  tools: readonly ToolDefinition[];
  /** Listed before; default true. */
  known?: boolean;
  /** What the host does instead of answering. */
  answer?: (signal: AbortSignal) => Promise<readonly ToolDefinition[]>;
}

export interface FakeHost {
  readonly servers: () => readonly ServerSummary[];
  readonly knownTools: (server: string) => readonly ToolDefinition[] | undefined;
  readonly tools: (server: string, signal: AbortSignal) => Promise<readonly ToolDefinition[]>;
  /** Servers in the order in which their tools were asked for. */
  readonly asked: string[];
}

export function fakeHost(servers: readonly FakeServer[]): FakeHost {
  const asked: string[] = [];
  const find = (wanted: string): FakeServer | undefined => servers.find(({ name }) => name === wanted);
  return {
    asked,
    servers: () => servers.map(({ name, description, cwd }) => ({ name, description, cwd })),
    knownTools: (server) => {
      const found = find(server);
      return found?.known === false ? undefined : found?.tools;
    },
    tools: async (server, signal) => {
      asked.push(server);
      const found = find(server);
      if (found === undefined) throw new CodeModeError('SERVER_UNKNOWN', 'No such server');
      return found.answer === undefined ? found.tools : await found.answer(signal);
    },
  };
}

export function tool(name: string, description?: string, properties: JsonObject = {}): ToolDefinition {
  return {
    name,
    ...(description === undefined ? {} : { description }),
    inputSchema: { type: 'object', properties },
  };
}

/** Two servers with tools as servers have them. */
export function twoServers(): readonly FakeServer[] {
  return [
    {
      name: 'github',
      description: 'Code and issues',
      cwd: '/srv/github',
      tools: [
        tool('list_issues', 'List issues in a repository', {
          owner: { type: 'string', description: 'Account that owns the repository' },
        }),
        tool('create_issue', 'Create a new issue in a repository'),
        tool('merge_pull_request', 'Merge a pull request'),
      ],
    },
    {
      name: 'Team-Chat',
      tools: [
        tool('post-message', 'Send a message to a channel'),
        tool('listChannels', 'List channels of the workspace'),
      ],
    },
  ];
}
