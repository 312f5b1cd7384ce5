import { isJsonObject, readJson, type JsonDocument, type JsonObject } from '@smcp/protocol';
import type { Redactor } from '../audit/index.ts';
import { callMembers } from './call-params.ts';
import { visibleLines } from './visible-text.ts';

/** Longest text that people are shown, in UTF-16 code units, without the notice that it was cut. */
export const MAX_SHOWN_LENGTH = 4000;

/** Longer arguments are cut anyway, so their numbers are not looked at one by one. */
const MAX_EXACT_LENGTH = 64 * 1024;
const EXACT_LIMITS = { maxLength: 4 * MAX_EXACT_LENGTH, maxDepth: 1000, maxNodes: MAX_EXACT_LENGTH };

export interface ShownCall {
  /** The arguments as indented JSON; empty when there are none. */
  readonly text: string;
  /** False when something is redacted or left out, so that nobody can see the whole call. */
  readonly whole: boolean;
}

export interface ShownCallOptions {
  readonly method: string;
  readonly redactor: Pick<Redactor, 'redactValue'>;
  /** Dotted paths of arguments that are never shown. */
  readonly paths: readonly string[];
  /** The message that the params were read from; with it, numbers too large for JavaScript are shown as written. */
  readonly document?: JsonDocument | undefined;
}

/**
 * Writes the arguments of a call for the people who approve it: indented JSON without secrets, every character visible, at most 4000 of them and then a
 * notice of how many are missing. Never throws.
 */
export function renderShown(params: JsonObject | undefined, options: ShownCallOptions): ShownCall {
  const { method, document, redactor, paths } = options;
  const given = callMembers(method, params);
  const exact = document?.exactNumbers === false ? ifExactMembers(method, document) : given;
  const members = exact ?? given;
  if (Object.keys(members).length === 0) return { text: '', whole: true };

  const { arguments: args, ...others } = members;
  const isPlain = args !== undefined && Object.keys(others).length === 0;
  const value = isPlain ? args : members;
  const redacted = redactor.redactValue(value, isPlain ? paths : paths.map((path) => `arguments.${path}`));
  const text = visibleLines(JSON.stringify(redacted, null, 2));
  const missing = text.length - MAX_SHOWN_LENGTH;
  return {
    text:
      missing > 0 ? `${cutAt(text, MAX_SHOWN_LENGTH)}\n… [${missing} more characters are not shown]` : text,
    whole: missing <= 0 && redacted === value && exact !== undefined,
  };
}

function cutAt(text: string, length: number): string {
  // Not between the halves of one character.
  const unit = text.charCodeAt(length - 1);
  return text.slice(0, unit >= 0xd800 && unit < 0xdc00 ? length - 1 : length);
}

/** The members with every number that JavaScript would change as a text that says so; undefined when they are too long for that. */
function ifExactMembers(method: string, { text, members }: JsonDocument): JsonObject | undefined {
  const span = members.get('params');
  if (span === undefined || span.end - span.start > MAX_EXACT_LENGTH) return undefined;
  const written = text
    .slice(span.start, span.end)
    .replaceAll(STRING_OR_NUMBER, (token) =>
      token.startsWith('"') || isShownExactly(token) ? token : `"${token} (a number)"`,
    );
  try {
    const { value } = readJson(written, EXACT_LIMITS);
    return isJsonObject(value) ? callMembers(method, value) : undefined;
  } catch {
    // It was read once already, so only a limit of ours can be in the way; what cannot be shown exactly is then said to be incomplete.
    return undefined;
  }
}

const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?[0-9][0-9.eE+-]*/g;
const MAX_SURELY_EXACT_LENGTH = 15;

function isShownExactly(token: string): boolean {
  const value = Number(token);
  return (
    token.length <= MAX_SURELY_EXACT_LENGTH &&
    Number.isFinite(value) &&
    (value !== 0 || !/[1-9]/.test(token.replace(/e.*$/i, '')))
  );
}
