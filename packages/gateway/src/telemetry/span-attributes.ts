import type { CallAttributes } from './telemetry.ts';

const MAX_NAME = 256;

/**
 * Name of the span of a call: the method and, where it has one, the tool or prompt, such as `tools/call read_file`.
 *
 * @see OpenTelemetry semantic conventions for MCP, span names
 */
export function spanName(call: CallAttributes): string {
  // The address of a resource is left out: names must be few for collectors to group by them.
  const named = call.name !== '' && call.kind !== 'resource';
  return (named ? `${call.method} ${call.name}` : call.method).slice(0, MAX_NAME);
}

/** Attributes of the span of a call; MCP and generative AI conventions where they exist, `smcp.*` otherwise. */
export function spanAttributes(call: CallAttributes): Record<string, string> {
  return {
    'mcp.method.name': call.method,
    'smcp.server': call.server,
    'smcp.door': call.door,
    'smcp.principal': call.principal,
    ...subject(call),
  };
}

function subject(call: CallAttributes): Record<string, string> {
  if (call.name === '') return {};
  switch (call.kind) {
    case 'prompt':
      return { 'gen_ai.prompt.name': call.name };
    case 'resource':
      return { 'mcp.resource.uri': withoutQuery(call.name) };
    default:
      return { 'gen_ai.tool.name': call.name, 'gen_ai.operation.name': 'execute_tool' };
  }
}

/** Cuts the parts of an address in which secrets travel: query, fragment and user information. */
function withoutQuery(uri: string): string {
  return uri.replace(/[?#].*$/s, '').replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1');
}
