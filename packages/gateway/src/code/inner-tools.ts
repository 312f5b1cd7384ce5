import type { JsonObject } from '@smcp/protocol';

/** What `saveScript` of a script asks for. Its name stands in policies: `smcp:save_script`. */
export const SAVE_SCRIPT_TOOL = Object.freeze({
  name: 'save_script',
  description: 'Proposes a script as a tool of its own; an operator approves it.',
  inputSchema: { type: 'object' },
}) satisfies JsonObject;

/** What `servers.add` of a script asks for. */
export const ADD_SERVER_TOOL = Object.freeze({
  name: 'add_server',
  description: 'Adds a server for the rest of a script session.',
  inputSchema: { type: 'object' },
}) satisfies JsonObject;
