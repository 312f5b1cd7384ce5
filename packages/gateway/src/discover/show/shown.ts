import { createRedactor } from '../../audit/redact/redactor.ts';
import { maskCommand } from './mask-args.ts';
import { maskUrl, type Masked } from './mask-url.ts';

const MIN_SECRET_CHARS = 6;

interface Reach {
  readonly url?: string;
  readonly command?: string;
  readonly args?: readonly string[];
}

/**
 * How a server is reached, for people: neither `known` secrets nor what looks like one. What cannot be told from an ordinary word is shown.
 *
 * @param known Values that came from variables and files.
 */
export function showReach({ url, command = '', args = [] }: Reach, known: readonly string[]): Masked {
  const { text, secrets } = url === undefined ? maskCommand(command, args) : maskUrl(url);
  const secretValues = atLeastMinimal(known);
  return {
    text: createRedactor({ patterns: [], secretValues: () => secretValues }).redactText(text),
    secrets,
  };
}

/** The values that are worth hiding, each once: a short one would hide half of every log. */
export function atLeastMinimal(values: readonly string[]): readonly string[] {
  return [...new Set(values)].filter((value) => value.length >= MIN_SECRET_CHARS);
}
