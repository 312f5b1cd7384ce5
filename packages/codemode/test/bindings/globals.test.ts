import { describe, expect, it } from 'vitest';
import { GLOBAL_DECLARATIONS } from '../../src/bindings/globals.ts';
import { RESERVED_GLOBALS } from '../../src/bindings/reserved-names.ts';

const values = [...GLOBAL_DECLARATIONS.matchAll(/^declare (?:const|function|class) (\w+)/gm)].map(
  ([, name = '']) => name,
);

describe('GLOBAL_DECLARATIONS', () => {
  it('GLOBAL_DECLARATIONS has all that a script is promised', () => {
    const promised = `
      call callTool call_tool servers mcp_servers runtime ToolError
      discoveredServers listServers listTools queryToolDocs searchToolDocs describeServer listLoadedServerMetadata capabilitySummary
      discovered_servers list_servers list_tools query_tool_docs search_tool_docs describe_server list_loaded_server_metadata capability_summary
      saveScript save_script save_tool smcp_save fetchOutput fetch_output
      console setTimeout clearTimeout setInterval clearInterval queueMicrotask structuredClone atob btoa
      URL URLSearchParams TextEncoder TextDecoder crypto performance AbortController AbortSignal Event EventTarget DOMException
    `;
    expect(values.toSorted()).toEqual(promised.trim().split(/\s+/).toSorted());
  });

  it.each(['fetch', 'require', 'process', 'Buffer', 'WebSocket', 'XMLHttpRequest', 'args'])(
    'GLOBAL_DECLARATIONS has no %s',
    (name) => {
      expect(values).not.toContain(name);
    },
  );

  it('GLOBAL_DECLARATIONS declares nothing twice', () => {
    expect(new Set(values).size).toBe(values.length);
  });

  it('GLOBAL_DECLARATIONS declares no name that a server could have', () => {
    // The global of a server begins with a small letter or an underscore and has no underscore in its middle.
    const possible = values.filter((name) => /^[a-z][A-Za-z0-9]*$/.test(name));
    expect(possible.filter((name) => !RESERVED_GLOBALS.has(name))).toEqual([]);
    expect(values.filter((name) => name.startsWith('mcp_'))).toEqual(['mcp_servers']);
  });
});
