import { stem } from './stem.ts';
import { STOP_WORDS } from './stop-words.ts';
import { conceptsOf, longForm } from './synonyms.ts';
import type { Vocabulary } from './vocabulary.ts';
import { splitWords } from './words.ts';

const MAX_QUERY_CHARS = 500;
const MAX_QUERY_WORDS = 16;

/** One thing that a query asks for, and the terms of the index that answer it. */
export interface QueryTerm {
  /** The word itself, and joined with its neighbours where the index has such a word (`screen shot`: `screenshot`). */
  readonly forms: readonly string[];
  /** What was meant, when the index does not have the word. */
  readonly guesses: readonly string[];
  readonly concepts: readonly string[];
}

/** Reads a query as terms of an index; words beyond 16 and characters beyond 500 are not read. */
export function readQuery(query: string, vocabulary: Vocabulary): readonly QueryTerm[] {
  const said = splitWords(query.slice(0, MAX_QUERY_CHARS), MAX_QUERY_WORDS).flatMap(longForm);
  const telling = said.filter((word) => !STOP_WORDS.has(word));
  const words = telling.length === 0 ? said : telling;
  const byStem = new Map(words.map((word) => [stem(word), word]));
  const stems = [...byStem.keys()];
  return stems.map((stemmed, i): QueryTerm => {
    const joined = [`${stems[i - 1] ?? ''}${stemmed}`, `${stemmed}${stems[i + 1] ?? ''}`].filter(
      (form) => form !== stemmed && vocabulary.has(form),
    );
    const known = vocabulary.has(stemmed) || joined.length > 0;
    const guesses = known ? [] : vocabulary.guesses(byStem.get(stemmed) ?? stemmed);
    return {
      forms: [stemmed, ...joined],
      guesses,
      concepts: [...new Set([stemmed, ...guesses].flatMap(conceptsOf))],
    };
  });
}
