import { child, itemsOf, quote, type ConfigNode } from '../../config/config-node.ts';
import type { ToolChoice } from '../discovery.ts';
import { refuse, type DraftReach, type EntryReading } from './draft.ts';
import { ifPairs, ifTexts, isFalse, isTrue, numberAt, stringAt, stringsAt, textOf } from './node-values.ts';

/** Where a client's entry holds what; what is left out is named as in most clients. */
export interface EntryKeys {
  /** Keys of an address, the first that is there counts, each with what it says about the transport. */
  readonly urls?: readonly (readonly [key: string, transport: 'auto' | 'http' | 'sse'])[];
  readonly headers?: string;
  readonly env?: string;
}

const URLS = [['url', 'auto']] as const;

/** What `type` or `transport` may say, in lower case without `-` and `_`. */
const KINDS: ReadonlyMap<string, 'command' | 'auto' | 'http' | 'sse'> = new Map([
  ['stdio', 'command'],
  ['local', 'command'],
  ['remote', 'auto'],
  ['http', 'http'],
  ['streamablehttp', 'http'],
  ['streamable', 'http'],
  ['sse', 'sse'],
]);

/** Reads one entry. Keys that say nothing about reaching the server are passed over: every client has its own. */
export function readEntry(node: ConfigNode, keys: EntryKeys = {}): EntryReading {
  if (node.kind !== 'map') return refuse('malformed', 'it is not an object');
  if (isTrue(node, 'disabled') || isFalse(node, 'enabled'))
    return refuse('disabled', 'it is turned off there');
  const reach = readReach(node, keys);
  if ('code' in reach) return reach;
  const description = stringAt(node, 'description');
  return {
    ok: true,
    draft: {
      reach,
      ...(description === undefined ? {} : { description }),
      tools: readTools(node),
      ...readTimes(node),
      notes: usesLogin(node)
        ? ['it signs in with OAuth in its client; the gateway does not have that login']
        : [],
    },
  };
}

type Refused = ReturnType<typeof refuse>;

function readReach(node: ConfigNode, keys: EntryKeys): DraftReach | Refused {
  const written = stringAt(node, 'type') ?? stringAt(node, 'transport');
  const kind = written === undefined ? undefined : KINDS.get(written.toLowerCase().replaceAll(/[-_]/g, ''));
  if (written !== undefined && kind === undefined)
    return refuse('unsupported', `the transport ${quote(written)} is not supported`);
  const address = (keys.urls ?? URLS).flatMap(([key, transport]) => {
    const url = stringAt(node, key);
    return url === undefined ? [] : [{ url, transport }];
  })[0];
  const isCommand = kind === undefined ? child(node, 'command') !== undefined : kind === 'command';
  if (isCommand) return readCommand(node, keys);
  if (address === undefined) {
    const wanted = kind === undefined ? 'neither a command nor an address' : 'no address';
    return refuse('malformed', `it has ${wanted}`);
  }
  if (child(node, 'headersHelper') !== undefined)
    return refuse('needs-input', 'its headers come from a program of its client (headersHelper)');
  const headers = ifPairs(child(node, keys.headers ?? 'headers'));
  if (headers === undefined) return refuse('malformed', 'its headers are not an object of texts');
  const transport = kind === 'http' || kind === 'sse' ? kind : address.transport;
  return { kind: 'url', url: address.url, transport, headers };
}

/** A command is a text with `args` beside it, a list with everything, or an object with `path` and the rest. */
function readCommand(node: ConfigNode, keys: EntryKeys): DraftReach | Refused {
  const command = child(node, 'command');
  const holder = command?.kind === 'map' ? command : node;
  const program =
    command?.kind === 'map' ? stringAt(command, 'path') : textOf(itemsOf(command)[0] ?? command);
  if (program === undefined || program.trim() === '') return refuse('malformed', 'it has no command');
  const listed = command?.kind === 'list' ? ifTexts({ ...command, items: command.items.slice(1) }) : [];
  const args = ifTexts(child(holder, 'args'));
  if (args === undefined || listed === undefined)
    return refuse('malformed', 'its arguments are not a list of texts');
  const env = ifPairs(child(holder, keys.env ?? 'env'));
  if (env === undefined) return refuse('malformed', 'its variables are not an object of texts');
  const envFile = stringAt(node, 'envFile');
  const cwd = stringAt(node, 'cwd');
  return {
    kind: 'command',
    command: program.trim(),
    args: [...listed, ...args],
    env,
    ...(envFile === undefined || envFile === '' ? {} : { envFile }),
    ...(cwd === undefined || cwd === '' ? {} : { cwd }),
  };
}

function readTools(node: ConfigNode): ToolChoice {
  const only = stringsAt(node, 'includeTools') ?? stringsAt(node, 'enabled_tools');
  const without = ['excludeTools', 'disabledTools', 'disabled_tools'].flatMap(
    (key) => stringsAt(node, key) ?? [],
  );
  return only === undefined ? { without } : { only, without };
}

function readTimes(node: ConfigNode): {
  readonly timeoutSeconds?: number;
  readonly startTimeoutSeconds?: number;
} {
  const call = numberAt(node, 'tool_timeout_sec');
  const startMs = numberAt(node, 'startup_timeout_ms');
  const start = numberAt(node, 'startup_timeout_sec') ?? (startMs === undefined ? undefined : startMs / 1000);
  return {
    ...(call === undefined ? {} : { timeoutSeconds: wholeSeconds(call, 86_400) }),
    ...(start === undefined ? {} : { startTimeoutSeconds: wholeSeconds(start, 600) }),
  };
}

function wholeSeconds(seconds: number, max: number): number {
  return Math.min(Math.max(Math.ceil(seconds), 1), max);
}

function usesLogin(node: ConfigNode): boolean {
  return ['oauth', 'auth'].some((key) => child(node, key)?.kind === 'map');
}
