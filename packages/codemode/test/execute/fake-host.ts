import { HostCallError, type HostCallContext } from '@smcp/sandbox';
import { CodeModeError } from '../../src/code-mode-error.ts';
import type {
  ServerSummary,
  ToolCall,
  ToolCallOptions,
  ToolDefinition,
  ToolHost,
  ToolReply,
} from '../../src/tool-host.ts';

export const LIST_ISSUES: ToolDefinition = {
  name: 'list-issues',
  description: 'Lists issues',
  inputSchema: { type: 'object', properties: { owner: { type: 'string' } } },
  annotations: { readOnlyHint: true },
};

export const CREATE_ISSUE: ToolDefinition = {
  name: 'create_issue',
  inputSchema: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] },
};

export interface FakeHostOptions {
  readonly servers?: Readonly<Record<string, readonly ToolDefinition[]>>;
  /** Servers that cannot be had. */
  readonly down?: ReadonlySet<string>;
  readonly reply?: (call: ToolCall) => ToolReply | Promise<ToolReply>;
}

/** A host that remembers what it was asked. */
export class FakeHost implements ToolHost {
  readonly asked: string[] = [];
  readonly calls: ToolCall[] = [];
  readonly held: string[] = [];
  /** Calls of what is not there. */
  readonly unknown: ToolCall[] = [];
  readonly #options: FakeHostOptions;
  servers: () => readonly ServerSummary[];

  constructor(options: FakeHostOptions = {}) {
    this.#options = options;
    this.servers = () => Object.keys(this.#servers).map((name) => ({ name, description: `The ${name}` }));
  }

  knownTools(): undefined {
    return undefined;
  }

  async tools(server: string): Promise<readonly ToolDefinition[]> {
    this.asked.push(server);
    await Promise.resolve();
    if (this.#options.down?.has(server) === true) {
      throw new CodeModeError('SERVER_UNAVAILABLE', `Server '${server}' cannot be reached`);
    }
    return this.#servers[server] ?? [];
  }

  async noteUnknown(call: ToolCall): Promise<void> {
    this.unknown.push(call);
  }

  async call(...[call]: [ToolCall, ToolCallOptions]): Promise<ToolReply> {
    this.calls.push(call);
    return (await this.#options.reply?.(call)) ?? ok({ args: JSON.parse(call.args) });
  }

  get #servers(): Readonly<Record<string, readonly ToolDefinition[]>> {
    return this.#options.servers ?? { github: [LIST_ISSUES, CREATE_ISSUE], 'my-notes': [] };
  }
}

export function ok(structuredContent: unknown): ToolReply {
  return { ok: true, result: JSON.stringify({ content: [], structuredContent }) };
}

/** How the engine hands a call to the host. */
export function callContext(signal: AbortSignal = new AbortController().signal): HostCallContext {
  return { signal, hold: () => ({ [Symbol.dispose]: () => undefined }) };
}

/** What a script would be told. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    return { value: await promise };
  } catch (error) {
    if (!(error instanceof HostCallError)) return error;
    return { name: error.name, message: error.message, details: error.details };
  }
}
