import { RE2JS } from 're2js';
import { createKnownSecretFinder } from './known-secrets.ts';
import { isSecretName } from './secret-names.ts';
import { findTokens, type Span } from './token-patterns.ts';

/** Takes secrets out of what is about to be recorded. Never throws; time is linear in the size of what it is given, and bounded. */
export interface Redactor {
  /** Replaces every secret that is found; a text longer than 16 KiB is cut there and says so. */
  redactText(text: string): string;
  /**
   * Redacts a JSON value: texts as `redactText`, members with the name of a secret and members at `paths` whole. What is too deep or too much becomes a note.
   *
   * @param paths Dotted paths such as `card.number`; lists on the way are passed through.
   * @returns The value itself when there is nothing to redact, otherwise a copy.
   */
  redactValue(value: unknown, paths: readonly string[]): unknown;
}

export interface RedactorOptions {
  /** Further expressions in RE2 syntax; what they match is replaced. */
  readonly patterns: readonly string[];
  /** Secrets that the gateway holds at this moment; asked for every text. Those of fewer than four characters are passed over. */
  readonly secretValues: () => readonly string[];
}

const REDACTED = '[redacted]';
/** Longest text that is kept, in UTF-16 code units. */
const MAX_TEXT_LENGTH = 16 * 1024;

/** Text beyond the cut that is still searched, so that no part of a secret that crosses it stays. */
const MARGIN_LENGTH = 4096;
const MIN_SECRET_LENGTH = 4;
const MAX_DEPTH = 32;
const MAX_NODES = 10_000;
const MAX_TOTAL_LENGTH = 128 * 1024;

/** An expression that matches more often than this is taken to mean all the rest. */
const MAX_EXTRA_MATCHES = 1000;

/**
 * Builds a redactor.
 *
 * @throws {SyntaxError} When a pattern is not valid RE2.
 */
export function createRedactor({ patterns, secretValues }: RedactorOptions): Redactor {
  const findKnown = createKnownSecretFinder(secretValues);
  const extra = patterns.map(compilePattern);

  const findSecrets = (text: string): readonly Span[] => [
    ...findKnown(text),
    ...findTokens(text),
    ...extra.flatMap((pattern) => findExtra(pattern, text)),
  ];

  const redactText = (text: string): string => {
    if (text.length < MIN_SECRET_LENGTH && extra.length === 0) return text;
    const searched =
      text.length > MAX_TEXT_LENGTH + MARGIN_LENGTH ? text.slice(0, MAX_TEXT_LENGTH + MARGIN_LENGTH) : text;
    const spans = findSecrets(searched);
    if (text.length <= MAX_TEXT_LENGTH)
      return spans.length === 0 ? text : replaceSpans(text, spans, text.length);
    return `${replaceSpans(searched, spans, MAX_TEXT_LENGTH)}…[cut: ${text.length} characters]`;
  };

  return {
    redactText,
    redactValue: (value, paths) => new ValueWalk(redactText, new Set(paths)).redact(value, '', 1),
  };
}

/** One walk through one value, with its budget. */
class ValueWalk {
  readonly #redactText: (text: string) => string;
  readonly #paths: ReadonlySet<string>;
  #nodes = 0;
  #length = 0;

  constructor(redactText: (text: string) => string, paths: ReadonlySet<string>) {
    this.#redactText = redactText;
    this.#paths = paths;
  }

  redact(value: unknown, path: string, depth: number): unknown {
    if (++this.#nodes > MAX_NODES) return '[cut: too many values]';
    if (typeof value === 'string') return this.#text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth > MAX_DEPTH) return '[cut: too deep]';
    if (!Array.isArray(value)) return this.#object(value, path, depth);
    const list: readonly unknown[] = value;
    return this.#list(list, path, depth);
  }

  #text(text: string): string {
    if (this.#length > MAX_TOTAL_LENGTH) return `[cut: ${text.length} characters]`;
    this.#length += Math.min(text.length, MAX_TEXT_LENGTH);
    return this.#redactText(text);
  }

  #list(list: readonly unknown[], path: string, depth: number): unknown {
    let copy: unknown[] | undefined;
    for (const [index, item] of list.entries()) {
      const redacted = this.redact(item, path, depth + 1);
      if (redacted !== item) (copy ??= list.slice(0, index)).push(redacted);
      else copy?.push(item);
      if (this.#nodes > MAX_NODES) {
        copy ??= list.slice(0, index + 1);
        break;
      }
    }
    return copy ?? list;
  }

  #object(object: object, path: string, depth: number): unknown {
    const members: [string, unknown][] = [];
    let changed = false;
    for (const [name, value] of Object.entries(object) as [string, unknown][]) {
      const shownName = this.#text(name);
      const redacted = this.#member(name, value, path, depth);
      members.push([shownName, redacted]);
      changed ||= redacted !== value || shownName !== name;
      if (this.#nodes > MAX_NODES) {
        changed = true;
        break;
      }
    }
    // `fromEntries` defines members, so that one named `__proto__` stays a member.
    return changed ? Object.fromEntries(members) : object;
  }

  #member(name: string, value: unknown, path: string, depth: number): unknown {
    const memberPath = this.#paths.size === 0 ? '' : path === '' ? name : `${path}.${name}`;
    if (this.#paths.has(memberPath)) return REDACTED;
    if (isSecretName(name) && value !== null && typeof value !== 'boolean' && value !== '') return REDACTED;
    return this.redact(value, memberPath, depth + 1);
  }
}

function replaceSpans(text: string, spans: readonly Span[], end: number): string {
  let result = '';
  let position = 0;
  for (const span of spans.toSorted((one, other) => one.start - other.start)) {
    if (span.start >= end) break;
    if (span.end <= position) continue;
    if (span.start >= position) result += text.slice(position, span.start) + REDACTED;
    position = span.end;
  }
  return position < end ? result + text.slice(position, end) : result;
}

function compilePattern(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new SyntaxError(
      `Redaction pattern ${JSON.stringify(pattern.slice(0, 200))} is not a valid RE2 expression`,
      { cause: error },
    );
  }
}

function findExtra(pattern: RE2JS, text: string): readonly Span[] {
  const spans: Span[] = [];
  // Telling whether it matches at all is several times faster than finding where.
  if (!pattern.test(text)) return spans;
  const matcher = pattern.matcher(text);
  while (matcher.find()) {
    const [start, end] = [matcher.start(), matcher.end()];
    if (end > start) spans.push({ start, end });
    if (spans.length >= MAX_EXTRA_MATCHES) return [...spans, { start: end, end: text.length }];
  }
  return spans;
}
