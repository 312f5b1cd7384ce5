import type { Action } from './decision.ts';
import { Glob } from './glob.ts';
import { PolicyError } from './policy-error.ts';
import { shown } from './shown.ts';

const MAX_PATTERN_LENGTH = 1024;

/**
 * A compiled list of `server:tool` globs. `*` stands for any run of characters (none included), every other character for itself; case matters.
 * A tool part that starts with `prompts/` or `resources/` speaks of prompts by name or resources by URI and never of a tool; a tool part that is
 * exactly `*` covers tools, prompts and resources; every other tool part covers tools only. A pattern without a colon is refused.
 *
 * An empty list matches nothing.
 */
export interface PatternSet {
  readonly patterns: readonly string[];
  matches(action: Action): boolean;
  /** Whether some pattern speaks of something at this server. */
  reaches(server: string): boolean;
  /** Whether some pattern by itself covers everything at this server. */
  coversServer(server: string): boolean;
}

/** One pattern, taken apart at its first colon. */
export interface Pattern {
  readonly text: string;
  readonly kind: Action['kind'] | 'any';
  readonly server: Glob;
  readonly name: Glob;
}

/**
 * Compiles a list of `server:tool` globs, see `PatternSet`.
 *
 * @throws {PolicyError} `POLICY_BAD_PATTERN` naming the pattern: without a colon, with an empty part, longer than 1,024 characters, with a control
 *   character or with white space at an end, or with two `*` in a row (a single one already crosses every boundary).
 */
export function compilePatternSet(patterns: readonly string[]): PatternSet {
  const compiled = patterns.map(parsePattern);
  return Object.freeze({
    patterns: Object.freeze([...patterns]),
    matches(action: Action): boolean {
      for (const pattern of compiled) if (patternMatches(pattern, action)) return true;
      return false;
    },
    reaches: (server: string) => compiled.some((pattern) => pattern.server.matches(server)),
    coversServer: (server: string) =>
      compiled.some(
        ({ kind, name, server: glob }) => kind === 'any' && name.text === '*' && glob.matches(server),
      ),
  });
}

export function patternMatches({ kind, server, name }: Pattern, action: Action): boolean {
  return (
    (kind === action.kind || kind === 'any') && server.matches(action.server) && name.matches(action.name)
  );
}

/** Whether everything that `other` matches is matched by `pattern` too. */
export function patternCovers(pattern: Pattern, other: Pattern): boolean {
  const kindCovers = pattern.kind === 'any' || pattern.kind === other.kind;
  return kindCovers && pattern.server.covers(other.server) && pattern.name.covers(other.name);
}

/** @throws {PolicyError} `POLICY_BAD_PATTERN` */
export function parsePattern(text: string): Pattern {
  const colon = text.indexOf(':');
  const server = text.slice(0, colon);
  const tool = text.slice(colon + 1);
  const { kind, name } = splitKind(tool);
  if (colon === -1) throw badPattern(text, 'must have the form server:tool');
  if (server === '' || name === '') throw badPattern(text, 'has an empty part');
  if (text.length > MAX_PATTERN_LENGTH)
    throw badPattern(text, `is longer than ${MAX_PATTERN_LENGTH} characters`);
  if (/\p{Cc}/u.test(text)) throw badPattern(text, 'holds a control character');
  if ([server, tool].some((part) => part !== part.trim()))
    throw badPattern(text, 'has white space at the end of a part');
  if (text.includes('**')) throw badPattern(text, 'has two * in a row, where one matches as much');
  return Object.freeze({ text, kind, server: new Glob(server), name: new Glob(name) });
}

function splitKind(tool: string): { kind: Pattern['kind']; name: string } {
  if (tool === '*') return { kind: 'any', name: tool };
  if (tool.startsWith('prompts/')) return { kind: 'prompt', name: tool.slice('prompts/'.length) };
  if (tool.startsWith('resources/')) return { kind: 'resource', name: tool.slice('resources/'.length) };
  return { kind: 'tool', name: tool };
}

function badPattern(pattern: string, fault: string): PolicyError {
  return new PolicyError('POLICY_BAD_PATTERN', `Pattern ${shown(pattern)} ${fault}`, { pattern });
}
