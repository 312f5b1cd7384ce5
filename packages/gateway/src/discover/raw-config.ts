import { isDangerousVariable } from '../config/process-environment.ts';
import type { FoundServer, FoundSpec } from './discovery.ts';
import { isSecretKey, looksRandom } from './show/secret-like.ts';

const MAX_DESCRIPTION_CHARS = 500;

/** What of a found server goes into a configuration. */
export type RawServerParts = Pick<
  FoundServer,
  'spec' | 'description' | 'timeoutSeconds' | 'startTimeoutSeconds'
>;

/** One entry of `servers` as it would stand in a file, its texts by value. */
export type RawServer = Readonly<Record<string, unknown>>;

/** @param inherited Variables that every process gets beside its own, which win. */
export function toRawServer(
  { spec, description, timeoutSeconds, startTimeoutSeconds }: RawServerParts,
  inherited: Readonly<Record<string, string>>,
): RawServer {
  return {
    ...(spec.kind === 'url'
      ? { url: spec.url, transport: spec.transport, credentials: { headers: spec.headers.reveal() } }
      : toRawCommand(spec, inherited)),
    ...(description === undefined
      ? {}
      : { description: description.slice(0, MAX_DESCRIPTION_CHARS).toWellFormed() }),
    ...(timeoutSeconds === undefined ? {} : { timeout_seconds: timeoutSeconds }),
    ...(startTimeoutSeconds === undefined ? {} : { start_timeout_seconds: startTimeoutSeconds }),
  };
}

function toRawCommand(
  spec: FoundSpec & { kind: 'command' },
  inherited: Readonly<Record<string, string>>,
): RawServer {
  const own = Object.entries(spec.env.reveal());
  const isSecret = ([name, value]: readonly [string, string]): boolean =>
    isSecretKey(name) || looksRandom(value);
  const names = new Set(own.map(([name]) => name));
  const shared = Object.entries(inherited).filter(([name]) => !names.has(name));
  return {
    command: spec.command,
    args: spec.args,
    env: Object.fromEntries([...shared, ...own.filter((pair) => !isSecret(pair))]),
    // The user wrote these for this very server, in a file that other programs obey as well.
    allow_dangerous_env: own.map(([name]) => name).filter(isDangerousVariable),
    credentials: { env: Object.fromEntries(own.filter(isSecret)) },
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
  };
}

/** The same value with every `${` in its texts written so that loading does not take it for a reference. */
export function withoutReferences(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('${', () => '$${');
  if (Array.isArray(value)) return value.map(withoutReferences);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, below]) => [key, withoutReferences(below)]));
}
