import type { Discovery } from '../discovery/discovery.ts';
import { OperationInput } from './operation-input.ts';

export interface DiscoveryOperationOptions {
  readonly maxInputChars: number;
  readonly discovery: Discovery;
  readonly signal: AbortSignal;
}

const DETAILS = ['summary', 'full'] as const;

/**
 * Answers what scripts ask about servers and tools; undefined when the operation is none of these.
 *
 * @throws {CodeModeError} `ARGUMENT_INVALID`, and what `Discovery` throws.
 */
export async function discoveryOperation(
  name: string,
  text: string,
  { maxInputChars, discovery, signal }: DiscoveryOperationOptions,
): Promise<unknown> {
  const read = (...names: readonly string[]): OperationInput =>
    new OperationInput(text, maxInputChars, names);
  switch (name) {
    case 'discovered_servers':
      return discovery.discoveredServers(read('detailed').flag('detailed'));
    case 'list_tools':
      return discovery.listTools(read('server').name('server'), signal);
    case 'describe_server':
      return discovery.describeServer(read('server').name('server'), signal);
    case 'query_tool_docs': {
      const input = read('server', 'tool', 'detail');
      const options = { tool: input.ifName('tool'), detail: input.ifOneOf('detail', DETAILS) };
      return discovery.queryToolDocs(input.name('server'), options, signal);
    }
    case 'search_tool_docs': {
      const input = read('query', 'limit', 'detail');
      const options = { limit: input.ifInteger('limit'), detail: input.ifOneOf('detail', DETAILS) };
      return discovery.searchToolDocs(input.text('query'), options, signal);
    }
    default:
      return undefined;
  }
}
