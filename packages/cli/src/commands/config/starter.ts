/** Folder beside the file that the server of the starter shares. */
export const STARTER_FOLDER = 'files';

/** What `smcp config init` writes. A test loads it, so it always fits the schema. */
export const STARTER = `# Configuration of the SMCP gateway. Check it with "smcp config check"; every key is described by "smcp config schema".

# Only this machine can connect. ":8080" listens on every address of the machine.
listen: "127.0.0.1:8080"

# The MCP servers behind the gateway, each with either "command" or "url".
servers:
  files:
    # A folder of its own beside this file. Never share the folder with this file in it: whoever may write there could give itself every right.
    command: "npx"
    args: ["-y", "@modelcontextprotocol/server-filesystem", "./${STARTER_FOLDER}"]

  # A server reached over HTTP with a credential that callers never see. Set it with "smcp secrets set github-token".
  # github:
  #   url: "https://api.githubcopilot.com/mcp"
  #   credentials:
  #     headers:
  #       Authorization: "Bearer \${secret:github-token}"

# Who may do what, as "server:tool" globs. Deny wins over allow, and what no rule allows is denied.
roles:
  developer:
    allow:
      # Reading only; "files:*" would allow to write and to move files, too.
      - "files:read_*"
      - "files:list_*"
      - "files:search_*"
      - "files:get_*"
  reader:
    allow:
      - "files:read_*"
      - "files:list_*"
      # A rule may look at arguments, each with a JSON Schema:
      # - tool: "files:write_file"
      #   arguments:
      #     path: { type: "string", pattern: "^drafts/" }

# Keys are best made with "smcp keys create alice --role developer" and live in the store, not here.
api_keys: []

# Registered agents; "smcp agents create" makes them in the store, too.
agents: []

limits:
  principal:
    rate: { calls: "600/min" }
`;
