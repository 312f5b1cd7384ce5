import { setImmediate } from 'node:timers/promises';
import MiniSearch from 'minisearch';
import type { NamedServer, NamedTool } from '../../bindings/named.ts';
import { toToolWords, type Field, type ToolWords } from './document.ts';
import { readQuery, type QueryTerm } from './query.ts';
import { STOP_WORDS } from './stop-words.ts';
import { isConcept } from './synonyms.ts';
import { Vocabulary } from './vocabulary.ts';

/** The tools of a server that one caller may call. */
export interface SearchedServer {
  readonly server: NamedServer;
  readonly tools: readonly NamedTool[];
}

export interface Found {
  readonly server: NamedServer;
  readonly tool: NamedTool;
}

/** How much a word counts by the place where it stands. */
const BOOST: Readonly<Record<Field, number>> = {
  server: 2,
  name: 5,
  joined: 2,
  title: 2,
  lead: 2,
  description: 0.8,
  parameters: 0.8,
  parameterTexts: 0.4,
};
/** Fields in which function words say nothing; in names they are part of the name. */
const PROSE: ReadonlySet<string> = new Set(['lead', 'description', 'parameterTexts']);

const TOOLS_PER_TURN = 100;
const PREFIX_WEIGHT = 0.4;
const GUESS_WEIGHT = 0.6;
const CONCEPT_WEIGHT = 0.5;
const MIN_PREFIX_CHARS = 3;
/** How strongly tools are preferred that answer to every word of the query. */
const COVERAGE_POWER = 1.5;
/** How much more a tool counts when the query says its whole name. */
const NAME_BONUS = 0.3;
/** Share of the best score below which an answer is no help. */
const LEAST_SHARE = 0.15;

/** What a tool answers of a query. */
interface Answer {
  sum: number;
  /** Words of the query that it answers. */
  matched: number;
  /** Words of its name that the query says. */
  readonly named: Set<string>;
}

interface IndexedTool extends ToolWords {
  /** Position among the tools. */
  readonly id: number;
}

/** Ranked search in the tools of one caller. Nothing outside of what it is given has a part in any score. */
export class ToolIndex {
  readonly #tools: readonly Found[];
  readonly #nameSizes: number[] = [];
  readonly #vocabulary = new Vocabulary();
  readonly #index: MiniSearch<IndexedTool>;

  private constructor(tools: readonly Found[]) {
    this.#tools = tools;
    this.#index = new MiniSearch<IndexedTool>({
      fields: Object.keys(BOOST),
      tokenize: (words) => (words === '' ? [] : words.split(' ')),
      processTerm: (word, field) => this.#termsOf(word, field),
    });
  }

  /** Reads the tools some at a time, letting others have their turn between. */
  static async build(servers: readonly SearchedServer[]): Promise<ToolIndex> {
    const found = servers.flatMap(({ server, tools }) => tools.map((tool) => ({ server, tool })));
    const index = new ToolIndex(found);
    for (let from = 0; from < found.length; from += TOOLS_PER_TURN) {
      if (from > 0) await setImmediate();
      for (const tool of found.slice(from, from + TOOLS_PER_TURN)) index.#add(tool);
    }
    return index;
  }

  get size(): number {
    return this.#tools.length;
  }

  /** The best tools first, at most `limit`; among equals, in the order of servers and of their tools. */
  search(query: string, limit: number): readonly Found[] {
    const terms = readQuery(query, this.#vocabulary);
    const answers = new Map<number, Answer>();
    for (const term of terms) this.#addAnswers(term, answers);
    const ranked = [...answers]
      .map(([id, answer]) => ({ id, score: this.#scoreOf(id, answer, terms.length) }))
      .toSorted((a, b) => b.score - a.score || a.id - b.id);
    const least = (ranked[0]?.score ?? 0) * LEAST_SHARE;
    return ranked
      .filter(({ score }) => score >= least)
      .slice(0, limit)
      .flatMap(({ id }) => this.#tools[id] ?? []);
  }

  #add({ server, tool }: Found): void {
    const words = toToolWords(server, tool);
    const id = this.#nameSizes.push(words.name.split(' ').length) - 1;
    this.#index.add({ id, ...words });
  }

  #addAnswers({ forms, guesses, concepts }: QueryTerm, answers: Map<number, Answer>): void {
    const results = this.#index.search(
      {
        combineWith: 'OR',
        queries: [
          ...forms.map((form) => ({
            queries: [form],
            prefix: form.length >= MIN_PREFIX_CHARS,
            weights: { prefix: PREFIX_WEIGHT, fuzzy: 0 },
          })),
          ...guesses.map((guess) => ({ queries: [guess], boostTerm: () => GUESS_WEIGHT })),
          ...concepts.map((concept) => ({ queries: [concept], boostTerm: () => CONCEPT_WEIGHT })),
        ],
      },
      { boost: BOOST, processTerm: (term) => term },
    );
    for (const { id, score, queryTerms, match } of results) {
      const answer = answers.get(Number(id)) ?? { sum: 0, matched: 0, named: new Set() };
      // The library multiplies by the number of terms that matched; here they are ways to say the same.
      answer.sum += score / queryTerms.length;
      answer.matched += 1;
      for (const [term, fields] of Object.entries(match)) {
        if (fields.includes('name') && !isConcept(term)) answer.named.add(term);
      }
      answers.set(Number(id), answer);
    }
  }

  #scoreOf(id: number, { sum, matched, named }: Answer, asked: number): number {
    const nameShare = Math.min(1, named.size / (this.#nameSizes[id] ?? 1));
    return sum * (matched / asked) ** COVERAGE_POWER * (1 + NAME_BONUS * nameShare);
  }

  #termsOf(word: string, field: string | undefined): string[] | undefined {
    if (field !== undefined && PROSE.has(field) && STOP_WORDS.has(word)) return undefined;
    return this.#vocabulary.add(word);
  }
}
