import type { Hidden } from './hidden.ts';

/** Programs whose configuration is looked at, in the order in which they win over each other. */
export const CLIENTS = {
  'claude-code': 'Claude Code',
  'claude-desktop': 'Claude Desktop',
  cursor: 'Cursor',
  vscode: 'VS Code',
  windsurf: 'Windsurf',
  codex: 'Codex',
  'gemini-cli': 'Gemini CLI',
  opencode: 'OpenCode',
  zed: 'Zed',
  standard: 'MCP folders',
} as const;

export type ClientId = keyof typeof CLIENTS;

/**
 * Who wrote a file, as far as can be told, and how strong it is. `local`: the user, for this folder alone. `project`: whoever wrote the folder; it is
 * as strong as `local`, but counts only when the folder is trusted. `user`: the user, for every folder. `named`: the file in `MCP_SERVERS_CONFIG`,
 * which only adds names.
 */
export type OriginScope = 'local' | 'project' | 'user' | 'named';

/** Where an entry stands. */
export interface Origin {
  readonly client: ClientId;
  /** Absolute path. */
  readonly file: string;
  /** RFC 6901, such as `/mcpServers/github`. */
  readonly pointer: string;
  /** From 1; absent when the format does not tell. */
  readonly line?: number;
  readonly scope: OriginScope;
}

export interface FoundUrl {
  readonly kind: 'url';
  /** Without user name, password and fragment. Its query may hold a secret. */
  readonly url: string;
  readonly transport: 'auto' | 'http' | 'sse';
  readonly headers: Hidden<Readonly<Record<string, string>>>;
}

export interface FoundCommand {
  readonly kind: 'command';
  /** A name found on PATH, or an absolute path. */
  readonly command: string;
  /** May hold secrets. */
  readonly args: readonly string[];
  readonly env: Hidden<Readonly<Record<string, string>>>;
  /** Absolute. Absent: the folder that was looked from. */
  readonly cwd?: string;
}

/** How a server is reached, with every variable filled in. */
export type FoundSpec = FoundUrl | FoundCommand;

/** What the user switched off in the client. */
export interface ToolChoice {
  /** Nothing but these tools. Absent: all. */
  readonly only?: readonly string[];
  /** All but these. */
  readonly without: readonly string[];
}

/** A server that can be used. */
export interface FoundServer {
  /** Fit for our configuration, and unique. */
  readonly name: string;
  readonly spec: FoundSpec;
  /** Every entry that says the same; the first one counted. */
  readonly origins: readonly [Origin, ...Origin[]];
  /** Command line or address, fit to be shown: without secrets as far as they can be told. */
  readonly shown: string;
  readonly description?: string;
  readonly tools: ToolChoice;
  readonly timeoutSeconds?: number;
  readonly startTimeoutSeconds?: number;
  /** What the reader should know, a sentence each: a changed name, a header left out. */
  readonly notes: readonly string[];
  /** What no log may show beside the values of `env` and `headers`. */
  readonly secretValues: Hidden<readonly string[]>;
}

export type SkipCode =
  /** It is this program. */
  | 'self'
  /** Turned off in the client. */
  | 'disabled'
  /** Another entry of the same name counts. */
  | 'duplicate'
  /** The client asks the user for a value, or takes it from within itself. */
  | 'needs-input'
  /** A variable or file that it refers to is not there. */
  | 'variable-missing'
  /** It comes with the folder, which nobody said to trust. */
  | 'untrusted-folder'
  /** Something that the gateway does not do. */
  | 'unsupported'
  /** Not an entry of the client's format. */
  | 'malformed'
  /** Over a bound. */
  | 'too-many';

/** An entry that is not used, and why. */
export interface SkippedServer {
  /** As the file has it. */
  readonly name: string;
  readonly origin: Origin;
  readonly code: SkipCode;
  /** Completes "not taken: …". */
  readonly reason: string;
  /** As in {@link FoundServer}, with variables as they are written; absent when it cannot be told. */
  readonly shown?: string;
}

/** A file, or a part of it, that cannot be used. `message` never quotes a value. */
export interface FileProblem {
  readonly client: ClientId;
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** What the clients of a user have configured. */
export interface Discovery {
  /** In the order of precedence. */
  readonly found: readonly FoundServer[];
  readonly skipped: readonly SkippedServer[];
  readonly problems: readonly FileProblem[];
}

/** Where to look. */
export interface Places {
  /** Home folder of the user, absolute. */
  readonly home: string;
  /** Folder that the user works in, absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Chooses the places of files; paths are always joined in the manner of this machine. */
  readonly platform: NodeJS.Platform;
  /**
   * Take what the files of the working folder itself configure, such as `.mcp.json`. Whoever wrote the folder decides what runs then. Default: false;
   * such entries are reported, but not taken, save those that the user approved in the client itself.
   */
  readonly trustProject?: boolean;
}
