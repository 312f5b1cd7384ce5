import type { JsonObject, JsonValue } from '@smcp/protocol';
import type { Language } from '@smcp/sandbox';
import { CodeModeError } from '../code-mode-error.ts';
import { didYouMean } from '../discovery/near-names.ts';
import { visibleText } from '../discovery/visible-text.ts';
import { checkSessionName } from '../session/session-name.ts';
import type { CodeModeSettings } from '../settings.ts';
import type { ExecuteRequest } from './execution.ts';

export interface ReadArgumentsOptions {
  readonly settings: Pick<CodeModeSettings, 'limits' | 'maxTimeoutSeconds'>;
  /** Those that the engine can run. */
  readonly languages: readonly Language[];
}

const MEMBERS = ['code', 'language', 'session', 'servers', 'timeout', 'mode'] as const;
const LANGUAGES: readonly Language[] = ['typescript', 'javascript', 'python'];
const MAX_SERVERS = 64;
const MAX_SHOWN_CHARS = 64;
const PLAN = /^apply:(sha256:[0-9a-f]{64})$/;

/**
 * Reads the arguments of `smcp_execute`.
 *
 * @throws {CodeModeError} `ARGUMENT_INVALID`, naming the argument and what it takes.
 */
export function readExecuteArguments(args: JsonObject, options: ReadArgumentsOptions): ExecuteRequest {
  const unknown = Object.keys(args).find((name) => !isOneOf(MEMBERS, name));
  if (unknown !== undefined) {
    throw invalid(
      `Unknown argument ${shown(unknown)}${didYouMean(unknown, MEMBERS) || `; there are ${MEMBERS.join(', ')}`}`,
    );
  }
  const { limits, maxTimeoutSeconds } = options.settings;
  const session = readSession(args['session']);
  const mode = readMode(args['mode']);
  if (session !== undefined && mode.kind !== 'run') {
    // Variables of the session could keep what stands for results that are not known.
    throw invalid("'session' goes with mode 'run' only; a preview and the run of its plan keep nothing");
  }
  return {
    code: readCode(args['code'], limits.sourceBytes),
    language: readLanguage(args['language'], options.languages),
    session,
    servers: readServers(args['servers']),
    timeout: readTimeout(args['timeout'], maxTimeoutSeconds),
    mode,
  };
}

function readCode(value: JsonValue | undefined, maxBytes: number): string {
  if (typeof value !== 'string' || value.trim() === '') throw invalid("Missing 'code' argument");
  const bytes = Buffer.byteLength(value);
  if (bytes > maxBytes) throw invalid(`'code' has ${bytes} bytes, at most ${maxBytes} are taken`);
  if (!value.isWellFormed()) throw invalid("'code' holds half of a surrogate pair");
  return value;
}

function readLanguage(value: JsonValue | undefined, languages: readonly Language[]): Language {
  if (isAbsent(value)) return languages[0] ?? 'typescript';
  if (typeof value !== 'string' || !isOneOf(LANGUAGES, value)) {
    throw invalid(`'language' must be one of ${languages.join(', ')}`);
  }
  if (languages.includes(value)) return value;
  throw invalid(`${value} is not available here: use ${languages.join(' or ')}`);
}

function readSession(value: JsonValue | undefined): string | undefined {
  if (isAbsent(value)) return undefined;
  if (typeof value !== 'string') throw invalid("'session' must be a name");
  checkSessionName(value);
  return value;
}

function readServers(value: JsonValue | undefined): readonly string[] {
  if (isAbsent(value)) return [];
  if (!Array.isArray(value)) throw invalid("'servers' must be a list");
  const names: readonly JsonValue[] = value;
  if (names.length > MAX_SERVERS) {
    throw invalid(`'servers' has ${names.length} names, at most ${MAX_SERVERS} are taken`);
  }
  const read = names.map((name) => {
    if (typeof name === 'string' && name !== '') return name;
    throw invalid("'servers' must be a list of names of servers");
  });
  return [...new Set(read)];
}

function readTimeout(value: JsonValue | undefined, max: number): number | undefined {
  if (isAbsent(value)) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw invalid("'timeout' must be an integer");
  return Math.min(Math.max(value, 1), max);
}

function readMode(value: JsonValue | undefined): ExecuteRequest['mode'] {
  if (isAbsent(value) || value === 'run') return { kind: 'run' };
  if (value === 'preview') return { kind: 'preview' };
  const plan = typeof value === 'string' ? PLAN.exec(value)?.[1] : undefined;
  if (plan === undefined) {
    throw invalid(
      "'mode' must be 'run', 'preview', or 'apply:' with the digest of a preview, such as 'apply:sha256:…'",
    );
  }
  return { kind: 'apply', plan };
}

function isOneOf<T extends string>(all: readonly T[], value: string): value is T {
  return all.some((each) => each === value);
}

function isAbsent(value: JsonValue | undefined): value is undefined | null {
  return value === undefined || value === null;
}

function shown(name: string): string {
  return `'${visibleText(name, MAX_SHOWN_CHARS)}'`;
}

function invalid(message: string): CodeModeError {
  return new CodeModeError('ARGUMENT_INVALID', message);
}
