import SearchableMap from 'minisearch/SearchableMap';
import { stem } from './stem.ts';
import { conceptsOf } from './synonyms.ts';

const MAX_GUESSES = 6;

/** The words of an index, as they are written and by their stems. */
export class Vocabulary {
  readonly #stems = new SearchableMap<string>();
  readonly #known = new Set<string>();
  readonly #terms = new Map<string, string[]>();

  /** Adds a word and gives the terms under which it is found: its stem and what it means beyond itself. */
  add(word: string): string[] {
    const known = this.#terms.get(word);
    if (known !== undefined) return known;
    const stemmed = stem(word);
    const terms = [stemmed, ...conceptsOf(stemmed)];
    this.#terms.set(word, terms);
    this.#stems.set(word, stemmed);
    this.#known.add(stemmed);
    return terms;
  }

  has(stemmed: string): boolean {
    return this.#known.has(stemmed);
  }

  /**
   * Stems of the words that a misspelt one is nearest to: two letters swapped first, then by the number of letters added, left out and replaced. None for words
   * of three letters and less, of which too much is near.
   */
  guesses(word: string): readonly string[] {
    const swapped = swaps(word).flatMap((form) => this.#stems.get(form) ?? []);
    if (swapped.length > 0) return unique(swapped);
    const edits = allowedEdits(word);
    const near = edits === 0 ? [] : [...this.#stems.fuzzyGet(word, edits).values()];
    const least = near.reduce((best, [, distance]) => Math.min(best, distance), Number.POSITIVE_INFINITY);
    return unique(near.flatMap(([stemmed, distance]) => (distance === least ? stemmed : [])));
  }
}

function unique(stems: readonly string[]): readonly string[] {
  return [...new Set(stems)].slice(0, MAX_GUESSES);
}

/** The word with two neighbouring letters swapped, each way there is. */
function swaps(word: string): readonly string[] {
  return Array.from(
    { length: Math.max(0, word.length - 1) },
    (_, i) => `${word.slice(0, i)}${word[i + 1]}${word[i]}${word.slice(i + 2)}`,
  );
}

function allowedEdits(word: string): number {
  if (word.length < 4) return 0;
  return word.length < 7 ? 1 : 2;
}
