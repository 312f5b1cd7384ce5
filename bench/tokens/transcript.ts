import { encode } from 'gpt-tokenizer/encoding/o200k_base';

/** Tokens of a text with o200k_base, the encoding of GPT-4o and later models. */
export function tokensOf(text: string): number {
  return encode(text, { allowedSpecial: 'all' }).length;
}

/** One request to a model: what it reads and what it writes. */
export interface ModelRequest {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Milliseconds that the calls took which the completion asked for. */
  readonly toolMs: number;
}

const SYSTEM = 'You are a careful assistant of the finance team. Use the tools; answer briefly.';

/**
 * The conversation of a model with tools, as an API without memory sees it: every request carries everything before it. Tool definitions are counted as the JSON
 * in which they are sent, calls and results as JSON; the few tokens by which a vendor marks messages are left out, for both ways of working.
 */
export class Transcript {
  readonly requests: ModelRequest[] = [];
  #context: number;

  /** @param tools Definitions as `tools/list` gives them. */
  constructor(tools: readonly unknown[]) {
    this.#context = tokensOf(SYSTEM) + tokensOf(JSON.stringify(tools));
  }

  user(text: string): void {
    this.#context += tokensOf(text);
  }

  /** The model asks for calls and reads their results before it goes on. */
  calls(
    calls: readonly { readonly name: string; readonly args: unknown; readonly result: string }[],
    toolMs: number,
  ): void {
    const written = calls.reduce(
      (sum, { name, args }) => sum + tokensOf(JSON.stringify({ name, arguments: args })),
      0,
    );
    this.#write(written, toolMs);
    this.#context += calls.reduce((sum, { result }) => sum + tokensOf(result), 0);
  }

  /** The model answers the user. */
  answer(text: string): void {
    this.#write(tokensOf(text), 0);
  }

  #write(tokens: number, toolMs: number): void {
    this.requests.push({ promptTokens: this.#context, completionTokens: tokens, toolMs });
    this.#context += tokens;
  }
}

/** Speed of a model, for turning requests into time. */
export interface ModelSpeed {
  /** Milliseconds from sending a request until the first token, without reading. */
  readonly latencyMs: number;
  readonly promptTokensPerSecond: number;
  readonly completionTokensPerSecond: number;
}

/** A fast hosted model of 2026, in round figures. */
export const SPEED: ModelSpeed = {
  latencyMs: 600,
  promptTokensPerSecond: 5000,
  completionTokensPerSecond: 80,
};

export interface Totals {
  readonly requests: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly ms: number;
}

export function totalsOf(requests: readonly ModelRequest[], speed: ModelSpeed): Totals {
  let [promptTokens, completionTokens, ms] = [0, 0, 0];
  for (const request of requests) {
    promptTokens += request.promptTokens;
    completionTokens += request.completionTokens;
    ms +=
      speed.latencyMs +
      (request.promptTokens / speed.promptTokensPerSecond) * 1000 +
      (request.completionTokens / speed.completionTokensPerSecond) * 1000 +
      request.toolMs;
  }
  return { requests: requests.length, promptTokens, completionTokens, ms };
}
