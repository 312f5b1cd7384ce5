import type { JsonObject } from '@smcp/protocol';

/**
 * How a script finds, calls and returns: all that a model has to know beforehand. The longer manual is printed on demand. Neither ever names a server or a tool, so
 * that it costs the same whatever is configured.
 */
export const HELPER_SUMMARY =
  "Body of an async function. Servers are globals. Find: await searchToolDocs('what'), discoveredServers(), await queryToolDocs('server', {detail: 'full'}). " +
  'Call: await server.tool({...}). Only what you return or console.log comes back. Manual: capabilitySummary().';

/** The one tool of code mode, as `tools/list` shows it. Its whole entry is a constant of at most 250 tokens. */
export const EXECUTE_TOOL = Object.freeze({
  name: 'smcp_execute',
  description:
    'Run one script that finds and calls tools of MCP servers, instead of calling them one by one. Checked before it runs.',
  inputSchema: {
    type: 'object',
    properties: {
      code: { type: 'string', description: HELPER_SUMMARY },
      language: { enum: ['typescript', 'javascript'] },
      session: { type: 'string', description: 'name; keeps variables' },
      servers: { type: 'array', items: { type: 'string' }, description: 'load before' },
      timeout: { type: 'integer', description: 'seconds' },
      mode: {
        type: 'string',
        description: 'run, preview (only reads; lists the other calls), apply:<digest>',
      },
    },
    required: ['code'],
    additionalProperties: false,
  },
}) satisfies JsonObject;
