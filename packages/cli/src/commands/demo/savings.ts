/** Rough, and the same for both sides: what tokenizers make of English and JSON. */
const CHARS_PER_TOKEN = 4;

/** What one way of doing a piece of work took. */
export interface Effort {
  /** Answers of the model: each call, or each group of calls at the same time, and the last words. */
  readonly roundTrips: number;
  /** Definitions, calls and results that pass through the model, each counted once. */
  readonly chars: number;
}

export function tokensOf({ chars }: Effort): number {
  return Math.ceil(chars / CHARS_PER_TOKEN);
}

/** Both ways side by side, in words. */
export function savingsText(script: Effort, calls: Effort): string {
  const saved = (less: number, more: number): string => `${Math.floor((1 - less / more) * 100)}% fewer`;
  const [few, many] = [tokensOf(script), tokensOf(calls)];
  return [
    `tokens: about ${few} instead of ${many} (${saved(few, many)})`,
    `round trips: ${script.roundTrips} instead of ${calls.roundTrips} (${saved(script.roundTrips, calls.roundTrips)})`,
    `(${CHARS_PER_TOKEN} characters a token, each text counted once)`,
  ].join('\n');
}
